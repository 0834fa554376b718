"""Every hostile collection (tests/support/hostile_collections.py) against the verbs: no file outside
changes, nothing hangs, nothing ends by a signal, and every refusal has a sentence.

A verb for each kind, so that every verb meets some kinds; with ALIKE_DEPTH=all every verb for each."""

import hashlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys

import support

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import hostile_collections as hostile


VERBS = {
    "index": ["index"],
    "compact": ["compact"],
    "repair": ["repair"],
    "search": ["search", "id:0"],
    "verify": ["verify"],
    "index again": ["index", "--layer", "relu1", "--pooling", "none"],
    "coded": ["index", "--index", "coded"],
    "graph": ["index", "--index", "graph"],
    "map": ["map", "--method", "pca", "--name", "hostile"],
    "snapshot": ["snapshot", "../made.snapshot"],
    "restore": ["restore", "../sound.snapshot", "."],
    "status": ["status"],
    "spaces": ["spaces"],
    "default": ["spaces", "default", "tiny-pca2"],
    "remove": ["spaces", "remove", "tiny-pca2"],
    "export": ["export", "../made.npy"],
    "import": ["import", "../rows.npy", "--space", "given"],
    "embed": ["embed", "0.png", "--space", "tiny-pca2", "--out", "../made.npy"],
    "eval": ["eval", "--labels", "../labels.csv"],
    "compare": ["compare", "--labels", "../labels.csv", "--layers", "stage1"],
    "playground": ["playground", "export", "../made", "--labels", "../labels.csv"],
    "bench": ["bench", "--queries", "3"],
    "doctor": ["doctor", "--names"],
    "serve": ["serve", "--port", "0"],
}
# They open no collection.
OTHERS = {"models", "models list", "models show", "models get", "models add", "layers", "playground replay",
          "completion", "man"}


def state_of(folder):
    """The content of a folder, down to the bytes and the kinds of files."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        what = (stat.S_IFMT(status.st_mode), status.st_size)
        if stat.S_ISREG(status.st_mode):
            what += (hashlib.sha256(path.read_bytes()).hexdigest(),)
        found[str(path.relative_to(folder))] = what
    return found


class HostileCollections(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sound = cls.base / "sound"
        cls.sound.mkdir()
        for i in range(4):
            (cls.sound / f"{i}.png").write_bytes(support.png(i))
        for options in (["--encoder", "tiny", "--index", "coded"], ["--pca", "2"]):
            assert cls.run_raw("index", cls.sound, *options).code == 0
        where = ["-C", cls.sound]
        assert cls.run_raw(*where, "map", "--method", "pca", "--name", "hostile").code == 0
        assert cls.run_raw(*where, "snapshot", cls.base / "sound.snapshot").code == 0
        (cls.sound / "new.png").write_bytes(support.png(99))  # something to add

    def copy(self):
        """A folder with a copy of the sound collection and the files that verbs read."""
        folder = self.folder / f"{len(list(self.folder.iterdir()))}"
        shutil.copytree(self.sound, folder / "pictures")
        shutil.copy(self.base / "sound.snapshot", folder)
        (folder / "rows.npy").write_bytes(support.npy([[1.0, 2.0], [3.0, 4.0]]))
        (folder / "labels.csv").write_text("0.png,a\n1.png,a\n2.png,b\n3.png,b\n")
        return folder

    def attack(self, name, verb):
        """Runs one verb in a folder with a hostile collection."""
        folder = self.copy()
        pictures, outside = folder / "pictures", folder / "outside"
        hostile.make_outside(outside, pictures / ".alike")
        try:
            hostile.KINDS[name](pictures / ".alike", outside)
        except hostile.Impossible as reason:
            self.skipTest(f"{name}: {reason}")
        before = state_of(outside)
        words = [support.PROGRAM, "-C", pictures, *VERBS[verb]]
        process = subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            if verb == "serve":
                self.use_and_stop(process)
            out, errors = process.communicate(timeout=support.SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"{name}, {verb}: not done within {support.SECONDS} seconds")
        said = f"{name}, {verb}: exit {process.returncode}\n{errors[-1500:].decode(errors='replace')}"
        self.assertIn(process.returncode, (0, 1, 2), said)  # 2 where restore finds a collection
        if process.returncode != 0:
            self.assertGreater(len(out) + len(errors), 20, said)
            self.assertNotIn(b"terminate called", errors, said)
        self.assertEqual(state_of(outside), before, said)
        hostile.remove(folder)

    def use_and_stop(self, process):
        """Asks a server for answers that read files, if it comes up at all."""
        line = process.stdout.readline().decode()
        if "http://" not in line:
            return
        address = "http://" + line.split("http://", 1)[1].split()[0].rstrip("/")
        script = ("import sys, urllib.request\n"
                  "base = sys.argv[1]\n"
                  "for path in sys.argv[2:]:\n"
                  "  try: urllib.request.urlopen(base + path, timeout=5).read()\n"
                  "  except OSError: pass\n")
        at = "/v1/collections/pictures"
        paths = ["/v1/collections", at, f"{at}/items/0", f"{at}/items/0/image", f"{at}/maps/hostile",
                 f"{at}/scores", f"{at}/skipped", f"{at}/labels"]
        subprocess.run([sys.executable, "-I", "-c", script, address, *paths], timeout=support.SECONDS)
        process.send_signal(signal.SIGTERM)

    def test_nothing_outside_is_touched_and_nothing_hangs(self):
        names = list(hostile.KINDS)
        for i, name in enumerate(names):
            verbs = list(VERBS) if support.DEEP else [list(VERBS)[i % len(VERBS)]]
            for verb in verbs:
                with self.subTest(kind=name, verb=verb):
                    self.attack(name, verb)

    def test_every_verb_is_tried_and_does_its_work_in_a_sound_collection(self):
        found = support.verbs_in(VERBS.values(), self.verbs())
        self.assertEqual(found | OTHERS, self.verbs(), "a verb is not tried here")
        for verb, words in VERBS.items():
            if verb not in ("serve", "restore"):  # there is a collection already
                result = self.run_raw("-C", self.copy() / "pictures", *words)
                self.assertEqual(result.code, 0, str(result))

    def test_a_linked_collection_is_used_when_it_is_named(self):
        pictures = self.folder / "pictures"
        shutil.copytree(self.sound, pictures)
        (pictures / ".alike").rename(self.folder / "elsewhere")
        (pictures / ".alike").symlink_to(self.folder / "elsewhere")
        self.refused("-C", pictures, "status", code=1, saying=["symbolic link", "--collection"])
        self.refused("-C", pictures, "index", code=1, saying="symbolic link")
        self.refused("--collection", pictures, "status", code=1, saying="symbolic link")
        found = self.json("--collection", pictures / ".alike", "status")
        self.assertEqual(found["items"], 4)

    def test_a_backup_made_of_hard_links_stays_as_it_was(self):
        pictures = self.folder / "pictures"
        shutil.copytree(self.sound, pictures)
        backup = self.folder / "backup"
        subprocess.run(["cp", "-al", pictures / ".alike", backup], check=True)
        before = state_of(backup)
        refused = self.refused("-C", pictures, "index", code=1, saying=["second name", "cp -p"])
        self.assertEqual(state_of(backup), before)
        for _ in range(5):  # each sentence names the remedy
            if "second name" not in refused.errors:
                break
            command = refused.errors.split("of its own: ", 1)[1].strip()
            subprocess.run(["bash", "-c", command], check=True)
            refused = self.run_raw("-C", pictures, "index", cwd=self.folder)
        self.assertEqual(refused.code, 0, str(refused))
        self.assertEqual(self.json("-C", pictures, "status")["items"], 5)
        self.alike("-C", pictures, "verify")
        self.assertEqual(state_of(backup), before)


if __name__ == "__main__":
    support.main()
