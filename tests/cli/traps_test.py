"""Nothing that lies in a folder of pictures is run or loaded, whichever verb works there."""

import os
import pathlib
import shutil
import signal
import subprocess
import urllib.request

import support

PROGRAMS = ("python3", "python", "sh", "bash", "env", "node", "npm", "cc", "uname", "ldconfig")
MODULES = ("zipfile.py", "sitecustomize.py", "usercustomize.py", "os.py", "runpy.py", "ssl.py",
           "pip/__init__.py", "pip/__main__.py", "lib/python3/site-packages/sitecustomize.py")
TEXTS = {
    "plugins.xml": '<ie><plugins><plugin name="CPU" location="{folder}/libtrap.so"/></plugins></ie>',
    ".npmrc": "script-shell={folder}/sh\nnode-options=--require {folder}/trap.js\n",
    "openssl.cnf": "openssl_conf = a\n[a]\nengines = b\n[b]\nc = d\n[d]\ndynamic_path = {folder}/libtrap.so\n",
    "gconv-modules": "module UTF-8// INTERNAL {folder}/libtrap.so 1\n",
    "ld.so.preload": "{folder}/libtrap.so\n",
    "pyvenv.cfg": "home = {folder}\n",
    ".bin": "OpenVINO takes this for the weights of a compiled network. " * 1000,
    "trap.pth": "import os; open({sentinel!r}, 'a').write('pth')\n",
}


def libraries():
    """The names of all shared libraries that the program may load, those of OpenVINO's plug-ins too."""
    listed = subprocess.run(["ldd", support.PROGRAM], capture_output=True, text=True).stdout
    words = [line.split() for line in listed.splitlines()]
    names = {each[0] for each in words if each and "/" not in each[0]}
    places = {pathlib.Path(each[2]).parent for each in words if len(each) > 2 and "openvino" in each[2]}
    names |= {each.name for place in places for each in place.glob("*.so*")}
    return names | {"libtrap.so", "libopenvino_intel_cpu_plugin.so", "libopenvino_onnx_frontend.so"}


def commands_in(above, samples):
    """Commands that all succeed in a folder of pictures in two folders, one after the other; `above` is the
    folder above. Beside them there are `models get`, `serve` and `index --watch`."""
    more = ["--mean", "1", "--scale", "2"]
    pages = ["map.html"] if support.HAS_PAGE else []
    return [
        ["index", ".", "--encoder", "tiny"],
        ["index", "--isolate", "--layer", "pooled", "--space", "other"],
        ["index", "--index", "graph"],
        ["search", "cold/p0001.png"], ["search", "id:1", "--exact"],
        ["search", "cold/p0001.png", "--preview"], ["search", "cold/p0001.png", "--sheet", "sheet.png"],
        ["embed", "cold/p0001.png", "--encoder", "tiny", "--out", "row.npy"],
        ["models"], ["models", "list"], ["models", "show", "tiny"],
        ["models", "add", samples / "other.onnx", "--name", "more", *more],
        ["layers", "tiny"],
        ["spaces"], ["spaces", "default", "other"],
        ["status"], ["doctor"], ["verify", "--pictures"], ["repair"], ["compact"],
        ["snapshot", above / "copy"], ["restore", above / "copy", above / "again"],
        ["export", "rows.npy"], ["import", "rows.npy", "--space", "theirs"], ["spaces", "remove", "theirs"],
        *[["map", "--out", name, "--method", "pca", "--thumbs"]
          for name in ("map.png", "map.svg", "map.json", *pages)],
        ["map", "--layers", "stage1,stage2"], ["map", "--update", "--method", "pca"], ["map", "--list"],
        ["eval", "--out", "eval.html"], ["compare", "--out", "compare.html"],
        ["playground", "export", "p"], ["playground", "replay", "p"],
        ["bench", "--index", "flat"],
        ["man"], ["completion", "bash"], ["complete", "search", "--sp"],
    ]


class Traps(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sentinel = cls.base / "sprung"
        cls.environment |= {
            # An empty name in PATH is the current folder. Nothing is fetched: there is no index.
            "PATH": ":.:" + os.environ.get("PATH", "/usr/bin:/bin"), "PYTHONPATH": ".",
            "PYTHONSTARTUP": "sitecustomize.py", "PYTHONUSERBASE": ".", "BASH_ENV": "sh", "ENV": "sh",
            "NODE_OPTIONS": "--require ./trap.js", "PIP_NO_INDEX": "1",
            "FONTCONFIG_PATH": ".", "FONTCONFIG_FILE": "fonts.conf",
            "PIP_FIND_LINKS": str(cls.base / "home")}
        cls.library = cls.base / "trap.so"
        source = cls.base / "trap.c"
        source.write_text('#include <stdio.h>\n__attribute__((constructor)) static void spring(void) '
                          f'{{ fclose(fopen("{cls.sentinel}", "a")); }}\n')
        built = subprocess.run(["cc", "-shared", "-fPIC", "-o", cls.library, source])
        cls.libraries = libraries() if built.returncode == 0 else ()

    # Libraries that the program needs would keep one that loads them from starting at all.
    def set_traps(self, folder, libraries=True):
        folder.mkdir(exist_ok=True)
        for name in PROGRAMS:
            (folder / name).write_text(f"#!/bin/sh\n: > '{self.sentinel}'\n")
            (folder / name).chmod(0o755)
        for name in MODULES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"open({str(self.sentinel)!r}, 'a').close()\n")
        for name, text in TEXTS.items():
            (folder / name).write_text(text.format(folder=folder, sentinel=str(self.sentinel)))
        for name in self.libraries if libraries else ():
            shutil.copy(self.library, folder / name)
        os.mkfifo(folder / "fonts.conf")  # a pipe, where one that reads waits and waits
        (folder / "trap.js").write_text(f"require('fs').writeFileSync('{self.sentinel}', '')\n")
        return folder

    def run_here(self, *words, **options):
        result = self.run_raw(*words, cwd=self.folder / "d", **options)
        self.assertFalse(self.sentinel.exists(), f"a trap was sprung by {result}")
        return result

    def works(self, *words, **options):
        result = self.run_here(*words, **options)
        self.assertEqual(result.code, 0, str(result))
        return result

    def test_traps_work(self):
        folder = self.set_traps(self.folder / "d")
        sprung = ["./python3", "./sh", "/usr/bin/python3 -m pip", "/usr/bin/python3 -m zipfile"]
        if self.libraries:
            sprung.append("LD_PRELOAD=./libtrap.so /bin/true")
        for command in sprung:
            subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=self.environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.assertTrue(self.sentinel.exists(), command)
            self.sentinel.unlink()

    def test_an_encoder_is_fetched_without_code_of_the_folder(self):
        folder = self.set_traps(self.pictures(2, where="d"), libraries=False)
        for words in (["index", "."], ["index"], ["-C", folder, "index"], ["models", "get", "efficientnet-lite0"],
                      ["embed", "p0000.png"], ["layers", "efficientnet-lite0"], ["compare"]):
            result = self.run_here(*words)
            self.assertNotEqual(result.code, 0, str(result))
        self.assertIn("pip could not fetch", self.run_here("index").errors)

    def test_no_verb_runs_what_lies_there(self):
        folder = self.folder / "d"
        self.pictures(12, where="d/cold")
        self.pictures(12, start=12, where="d/warm")
        self.set_traps(folder)
        self.alike("embed", "d/cold/p0001.png", "--encoder", "tiny", "--out", "rows.npy")
        commands = commands_in(self.folder, self.samples)
        for words in commands:
            self.works(*words)
        self.assertEqual((folder / "row.npy").read_bytes(), (self.folder / "rows.npy").read_bytes())
        self.assertIn("pip could not fetch", self.run_here("models", "get", "efficientnet-lite0").errors)
        self.watch()
        self.serve()
        commands += [["models", "get"], ["serve"]]
        self.assertEqual(support.verbs_in(commands, self.verbs()), self.verbs(), "a verb is not tried here")

    def watch(self):
        process = self.start("index", "--watch", cwd=self.folder / "d")
        self.assertIn(b"unchanged", process.stdout.readline())
        (self.folder / "d/new.png").write_bytes(support.png(70))
        self.assertTrue(any(b"1 added" in line for line in process.stdout))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(support.SECONDS), 130)
        self.assertFalse(self.sentinel.exists())

    def serve(self):
        process = self.start("--json", "serve", "--port", "0", cwd=self.folder / "d")
        url = support.json.loads(process.stdout.readline())["url"]
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(url + "v1/collections/d/items/1/thumbnail?size=64") as answer:
            self.assertEqual(answer.status, 200)
        process.terminate()
        self.assertEqual(process.wait(support.SECONDS), 0)
        self.assertFalse(self.sentinel.exists())


if __name__ == "__main__":
    support.main()
