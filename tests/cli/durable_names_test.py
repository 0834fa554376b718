"""Every name that counts is on the disk before success is reported: after making, renaming or linking
a file or folder, the program syncs the folder that it is in. Read from system calls (strace).

Files of SQLite's own are left to SQLite, which syncs their folder itself before it counts on them.
"""

import fcntl
import os
import pathlib
import re
import signal
import subprocess

import support

CALLS = "openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,fsync,unlink"
LINE = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?")
# Nothing that counts: the holder of the lock, files that can be made again or take another name.
NEVER = re.compile(r"(/lock|/\.lock|\.db-shm|\.db-wal|\.db-journal|catalog\.new.*)$|\.alike-draft-|/cache(/|$)")


def texts(words):
    return [each.encode().decode("unicode_escape") for each in re.findall(r'"((?:[^"\\]|\\.)*)"', words)]


def folders(words):
    """The folder before each name: that of a descriptor, or the current one."""
    return re.findall(r"(?:AT_FDCWD|\d+)<([^>]*)>", words)


def whole(lines):
    """Lines of strace; a call that another thread's came between is one line, where it ended."""
    begun = {}
    for line in lines:
        process = line.split(" ", 1)[0]
        if line.endswith(" <unfinished ...>"):
            begun[process] = line.removesuffix(" <unfinished ...>")
        elif ended := re.match(r"\d+ +<\.\.\. \w+ resumed>(.*)", line):
            yield begun.pop(process, process) + ended[1]
        else:
            yield line


class Trace:
    """The changes of names by a run, in their order."""

    def __init__(self, text, root):
        self.root, self.made, self.synced = str(root), [], []
        for order, line in enumerate(whole(text.splitlines())):
            found = LINE.match(line)
            if not found or int(found[3]) < 0:
                continue
            call, words = found[1], found[2]
            names = [os.path.normpath(os.path.join(at, name)) for at, name in
                     zip(self.bases(call, words), texts(words))]
            if call == "fsync":
                self.synced.append([order, re.match(r"\d+<(.*)>", words)[1]])
            elif call.startswith("rename"):
                self.rename(*names, order)
            elif call.startswith("link"):
                self.made.append([order, names[1]])
            elif call.startswith("mkdir") or "O_CREAT" in words:
                self.made.append([order, names[0]])

    @staticmethod
    def bases(call, words):
        given = folders(words)
        if call in ("open", "creat", "mkdir", "rename", "link"):
            return [os.getcwd()] * 2 if not given else given * 2  # absolute names only
        return given

    def rename(self, old, new, order):
        for each in self.made + self.synced:
            if each[1] == old or each[1].startswith(old + "/"):
                each[1] = new + each[1][len(old):]
        self.made.append([order, new])

    def unsynced(self):
        """Names that are there at the end, count, and lack a sync of their folder after."""
        return sorted({name for order, name in self.made
                       if name.startswith(self.root) and os.path.lexists(name)
                       and not NEVER.search(name)
                       and not any(at > order and folder == os.path.dirname(name)
                                   for at, folder in self.synced)})


class Traced(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not support.can_trace():
            raise support.unittest.SkipTest("strace cannot be used here")


class DurableNames(Traced):

    def traced(self, *words, home=None):
        """Runs a command; no name that counts may be left unsynced."""
        file = self.folder.parent / f"{self.folder.name}.trace"
        command = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", file,
                   support.PROGRAM, *map(str, words)]
        environment = self.environment | ({"ALIKE_HOME": str(home)} if home else {})
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=support.SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        trace = Trace(file.read_text(errors="replace"), self.folder)
        self.assertTrue(trace.made, "the test must see something")
        self.assertEqual(trace.unsynced(), [], " ".join(map(str, words)))

    def test_collections_spaces_indexes_and_maps(self):
        photos = self.pictures(3)
        self.traced("index", photos, "--encoder", "tiny")
        self.traced("index", photos, "--encoder", "tiny", "--pca", "2", "--index", "graph")
        self.traced("-C", photos, "index", "--index", "coded")
        self.traced("-C", photos, "map", "--method", "pca")
        self.traced("-C", photos, "compact")

    def test_a_collection_in_folders_that_are_made_for_it(self):
        photos = self.pictures(2)
        self.traced("--collection", self.folder / "a/b/c", "index", photos, "--encoder", "tiny")
        rows = self.folder / "rows.npy"
        rows.write_bytes(support.npy([[1.0, 2.0], [3.0, 4.0]]))
        self.traced("--collection", self.folder / "d/e", "import", rows, "--space", "given")

    def test_snapshots_and_what_is_restored(self):
        photos = self.indexed(3)
        self.traced("-C", photos, "snapshot", self.folder / "copy.snapshot")
        self.traced("restore", self.folder / "copy.snapshot", self.folder / "new/place")

    def test_encoder_packages(self):
        self.traced("models", "add", self.samples / "tiny.onnx", "--name", "mine", "--mean", "127",
                    "--scale", "64", "--crop", "1", home=self.folder / "home/of/alike")


class Leftovers(Traced):
    """Drafts of a killed process are removed by the next one, those in use are not."""

    def kill_at(self, call, *words):
        command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}",
                   "-e", f"inject={call}:signal=KILL:when=1", support.PROGRAM, *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True,
                              timeout=support.SECONDS)
        self.assertIn(done.returncode, (-signal.SIGKILL, 128 + signal.SIGKILL), done.stderr)

    def left(self):
        return [each.name for each in self.folder.iterdir() if ".draft-" in each.name or
                each.name.startswith(".alike-")]

    def test_killed_snapshots(self):
        photos = self.indexed(3)
        copy = self.folder / "copy"
        self.kill_at("rename", "-C", photos, "snapshot", copy)
        self.assertEqual(len(self.left()), 1)
        folder = self.folder / "copy.draft-folder"  # six letters, but no draft
        folder.mkdir(mode=0o700)
        live = self.folder / ".alike-draft-living"
        live.mkdir(mode=0o700)
        lock = os.open(live, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.alike("-C", photos, "snapshot", copy)
        self.assertEqual(sorted(self.left()), [".alike-draft-living", "copy.draft-folder"])
        os.close(lock)
        copy.unlink()
        self.alike("-C", photos, "snapshot", copy)
        self.assertEqual(self.left(), ["copy.draft-folder"])

    def test_killed_restores(self):
        photos = self.indexed(3)
        self.alike("-C", photos, "snapshot", self.folder / "kept")
        target = ["--collection", self.folder / "back.alike", "restore", self.folder / "kept", photos]
        self.kill_at("rename", *target)
        self.assertEqual(len(self.left()), 1)
        self.alike(*target)
        self.assertEqual(self.left(), [])
        self.alike("--collection", self.folder / "back.alike", "verify")


if __name__ == "__main__":
    support.main()
