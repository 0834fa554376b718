"""Files of alike/ include only what alike/FOLDERS allows, in subfolders too (docs/architecture.md)."""

import pathlib
import re
import subprocess
import sys
import tempfile

OWNERS = {  # third-party headers, and the folders or the file that may know each
    "boost/json": "base", "boost/optional": "serve", "boost/asio": "serve", "boost/beast": "serve", "xxh_x86dispatch.h": "base", "xxhash.h": "base",
    "utf8proc.h": "base", "seccomp.h": "base",
    "gif_lib.h": "image", "tiffio.h": "image", "tiffvers.h": "image", "libheif/": "image", "libde265/": "image",
    "jpeglib.h": "image", "jerror.h": "image", "png.h": "image", "webp/": "image", "lcms2": "image", "zlib.h": "image",
    "openvino/": "encode/run", "onnx/": "encode/package", "google/protobuf/": "encode/package", "openssl/": "encode/package",
    "Eigen/": "encode/run measure map",
    "sqlite3.h": "collection", "torch/": "learn", "ATen/": "learn", "c10/": "learn",
    "CLI/": "cli/parser.cpp", "ft2build.h": "draw", "freetype/": "draw", "sixel.h": "draw", "termios.h": "draw",
}
# Headers of the standard library and of the system; all others have a line in OWNERS.
SYSTEM = re.compile(r"[a-z_]+|(?:sys|netinet|arpa|gnu)/[a-z_-]+\.h|(?:cpuid|dirent|fcntl|fnmatch|ifaddrs|immintrin|malloc|"
                    r"poll|sched|signal|spawn|unistd)\.h")

# Calls of std::filesystem that throw an exception of its own: base/paths.h has them with alike's.
THROWING = re.compile(r"(?:std::filesystem|fs)::(absolute|canonical|copy|copy_file|create_director(?:y|ies)|"
                      r"create_(?:directory_)?symlink|current_path|equivalent|exists|file_size|hard_link_count|is_(?:directory|empty|"
                      r"regular_file|symlink)|last_write_time|permissions|read_symlink|remove|remove_all|rename|"
                      r"resize_file|space|status|symlink_status|temp_directory_path|weakly_canonical|"
                      r"(?:recursive_)?directory_iterator)\(")


class Folders:
    """alike/FOLDERS: what each folder may include, and the order of its subfolders."""

    def __init__(self, text):
        self.used, self.parts = {}, {}
        for line in text.splitlines():
            if line.startswith("  "):
                self.parts[folder] = line.split()
            elif not line.startswith("#"):
                folder, names = line.split(":")
                self.used[folder] = names.split()

    def folder(self, path):
        """The folder that a path below alike/ lies in, and its subfolder, "" at the top of the folder."""
        folder = next((name for name in self.used if path.startswith(name + "/")), None)
        inside = path[len(folder) + 1:] if folder else ""
        return folder, inside.rpartition("/")[0]

    def allows(self, path, include):
        """Whether the file at `path` may include the header at `include`, both below alike/."""
        (ours, part), (theirs, other) = self.folder(path), self.folder(include)
        if ours is None or theirs is None:
            return False
        if theirs != ours:
            return theirs in self.used[ours]
        order = [""] + self.parts.get(ours, [])
        if part not in order or other not in order:
            return False
        return part == "" or order.index(other) <= order.index(part)


def bare_calls(text):
    """Calls of std::filesystem without a place for the error."""
    for call in THROWING.finditer(text):
        depth, at = 1, call.end()
        while depth > 0:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        words = text[call.end():at - 1]
        if (words or call.group(1) == "current_path") and not re.search(r"(?:^|,\s*)(?:error|ignored|missing)$", words):
            yield call.group(0) + ")"


def violations(folders, path, text):
    if path != "base/paths.cpp":
        yield from bare_calls(text)
    for include in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M):
        if include.startswith("alike/"):
            if include.count("/") > 1 and not folders.allows(path, include[6:]):
                yield include
            continue
        owners = next((owners for prefix, owners in OWNERS.items() if include.startswith(prefix)), "")
        if not SYSTEM.fullmatch(include) and not {folders.folder(path)[0], path} & set(owners.split()):
            yield include


def check(root):
    """The includes of a tree that are not allowed."""
    folders = Folders((root / "alike/FOLDERS").read_text())
    for path in sorted((root / "alike").rglob("*")):
        if path.suffix in (".h", ".cpp") and path.parent != root / "alike":
            name = path.relative_to(root / "alike").as_posix()
            for include in violations(folders, name, path.read_text()):
                yield f"alike/{name} may not have {include}"


def check_the_rule():
    """Plants includes in a tree of its own: the rule must see the wrong ones and no others."""
    planted = {
        "a/first/x.h": ["alike/a/first/y.h", "alike/a/z.h"],
        "a/second/x.h": ["alike/a/first/y.h"],
        "b/owned.cpp": [*OWNERS, "some/library.h"],
        "b/x.cpp": ["alike/a/second/x.h", "vector", "sys/stat.h", "unistd.h", "boost/asio/io_context.hpp"],
        "a/first/wrong.h": ["alike/a/second/x.h", "alike/b/x.h"],
        "a/third/wrong.h": ["alike/a/third/x.h"],  # no line has this subfolder
        "b/wrong.h": ["alike/c/x.h"],
        "cli/parser.cpp": ["CLI/CLI.hpp"],
        "cli/wrong.cpp": ["CLI/CLI.hpp"],
    }
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, includes in planted.items():
            path = root / "alike" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(f"#include <{include}>\n" for include in includes))
        (root / "alike/b/y.cpp").write_text("fs::exists(a(b), error); fs::rename(a, b(c, error)); "
                                            "fs::current_path(); fs::current_path(error);")
        (root / "alike/FOLDERS").write_text("# made up\na:\n  first second\nb: a\nc: a b\ncli:\n")
        found = [line.split()[0] + " " + line.split()[-1] for line in check(root)]
    assert found == [
        "alike/a/first/wrong.h alike/a/second/x.h", "alike/a/first/wrong.h alike/b/x.h",
        "alike/a/third/wrong.h alike/a/third/x.h",
        *(f"alike/b/owned.cpp {include}" for include in planted["b/owned.cpp"]), "alike/b/wrong.h alike/c/x.h",
        "alike/b/x.cpp boost/asio/io_context.hpp", "alike/b/y.cpp fs::rename()", "alike/b/y.cpp fs::current_path()",
        "alike/cli/wrong.cpp CLI/CLI.hpp"], found


def check_cmake(root):
    """CMake refuses wrong lines of alike/FOLDERS, each with a sentence."""
    wrong = {"a:\nb: a\n": "there is no folder alike/b", "a: b\n": "'a' names 'b', which is no folder before it",
             "a:\n  x y\n": "there is no folder alike/a/y", "a\n": "'a' is neither"}
    for text, sentence in wrong.items():
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "alike/a/x").mkdir(parents=True)
            (pathlib.Path(folder) / "alike/FOLDERS").write_text(text)
            (pathlib.Path(folder) / "CMakeLists.txt").write_text(
                "cmake_minimum_required(VERSION 3.25)\nproject(planted LANGUAGES NONE)\n"
                f"include({root.resolve()}/cmake/Folders.cmake)\n")
            done = subprocess.run(["cmake", "-S", folder, "-B", folder + "/build"], capture_output=True, text=True)
        assert done.returncode != 0 and sentence in " ".join(done.stderr.split()), (text, done)


root = pathlib.Path(sys.argv[1])
check_the_rule()
check_cmake(root)
bad = list(check(root))
print("\n".join(bad))
sys.exit(1 if bad else 0)
