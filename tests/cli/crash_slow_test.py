"""kill -9 at random moments, where every_call_deep_test.py takes each call once. ALIKE_KILLS says how often, 20
unless set and 200 where ALIKE_DEPTH is "all"; ALIKE_SEED which moments.

The network is tiny and its rows are wide (64 KiB), so that there is a commit every 16 pictures.
"""

import os
import pty
import random
import re
import shutil
import signal
import time

import support

KILLS = int(os.environ.get("ALIKE_KILLS", "200" if support.DEEP else "20"))
SEED = int(os.environ.get("ALIKE_SEED", "1"))
MOST = 300  # pictures at a time


class Crash(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_encoder("wide", "open.onnx", "--size", "128")

    def setUp(self):
        super().setUp()
        self.draw = random.Random(SEED)
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        self.made = 0
        self.ids = {}  # path → id, of items that stayed since they were seen first
        self.known = set()  # the items at the last look
        self.seconds = {}  # how long each command takes, for the choice of the moment

    def add_pictures(self, count):
        for _ in range(count):
            (self.photos / f"{self.made:05}.png").write_bytes(
                support.png(self.made, width=500, height=400))
            self.made += 1

    def paths(self):
        return {path.name for path in self.photos.glob("*.png")}

    def run_and_kill(self, *words, what):
        """Runs a command, kills it at a random moment, and returns its reports by then:
        (pictures done, whether it ended by itself)."""
        terminal, end = pty.openpty()
        process = self.start("-C", self.photos, *words, stderr=end)
        os.close(end)
        started = time.monotonic()
        usual = self.seconds.get(what, 0.3)
        writes = what in ("index", "delete", "compact")
        if writes and self.draw.random() < 0.7:  # not while the libraries are loaded
            lock = self.photos / ".alike" / "lock"
            while process.poll() is None and (not lock.exists() or lock.stat().st_size == 0):
                time.sleep(0.001)
            usual -= min(usual / 2, time.monotonic() - started)
        time.sleep(self.draw.uniform(0, 1.1 * usual))
        process.kill()
        process.wait()
        ended = process.returncode == 0
        text = self.text_of(terminal)
        if not ended:
            self.assertEqual(process.returncode, -signal.SIGKILL, text)
        # Neither so long that it ends first nor so short that it only begins.
        self.seconds[what] = self.seconds.get(what, 0.3) * (0.9 if ended else 1.05)
        os.close(terminal)
        reported = [int(done.replace(",", "")) for done in re.findall(r"([\d,]+) of [\d,]+ pictures",
                                                                      text)]
        return max(reported, default=0), ended

    @staticmethod
    def text_of(terminal):
        text = b""
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # how a terminal says that the other side has gone
                return text.decode()
            text += piece

    def look(self):
        """The items as a searcher sees them: path → id; each once, ids as they were."""
        verified = self.json("-C", self.photos, "verify")
        self.assertEqual(verified["damage"], [])
        if verified["items"] == 0:
            return {}
        found = self.json("-C", self.photos, "search", self.samples / "picture.jpg", "-k", "100000")
        results = found["results"]
        seen = {each["path"]: each["id"] for each in results}
        self.assertEqual(len(seen), len(results), "a picture stands there twice")
        self.assertEqual(len(set(seen.values())), len(results), "an id stands there twice")
        self.assertEqual((verified["items"], verified["rows"]), (len(seen), len(seen)))
        for path, id in seen.items():
            self.assertEqual(self.ids.setdefault(path, id), id, path)
        return seen

    def test_nothing_is_lost(self):
        self.add_pictures(40)
        self.json("-C", self.photos, "index", "--encoder", "wide", "--layer", "relu1", "--pooling",
                  "none", "--space", "s")
        before = self.look()
        cut = {"index": 0, "delete": 0, "compact": 0, "snapshot": 0}
        runs = halfway = told = 0
        while sum(cut.values()) < KILLS:
            runs += 1
            self.assertLess(runs, 20 * KILLS + 100, "the kills come too late")
            what = self.draw.choice(["index", "index", "delete", "compact", "snapshot"])
            present = self.paths()
            if what == "index" and len(present) < MOST:
                self.add_pictures(self.draw.randrange(1, 150))
            if what == "delete":
                for path in self.draw.sample(sorted(present), len(present) // 2):
                    (self.photos / path).unlink()
            snapshot = self.folder / f"{runs}.snapshot"
            # Deletions that were cut short add up to more than half of the collection: that is meant here.
            words = {"compact": ["compact"], "snapshot": ["snapshot", snapshot]}.get(
                what, ["index", "--allow-empty"])
            reported, ended = self.run_and_kill(*words, what=what)
            cut[what] += not ended

            after = self.look()
            present = self.paths()
            halfway += len(set(before) - present) < len(set(before) ^ set(after)) < len(
                set(before) ^ present)
            told += reported > 0
            stayed = {path for path in before if path in present}
            self.assertEqual(stayed - set(after), set(), "an old item has gone")
            if what in ("compact", "snapshot"):
                self.assertEqual(after, before)
            else:
                self.assertGreaterEqual(len(set(after) - set(before)), reported,
                                        "less is there than was reported")
                self.assertEqual(set(after) - set(before) - present, set())
            if ended and what in ("index", "delete"):
                self.assertEqual(set(after), present)
            if what == "snapshot" and snapshot.exists():
                self.check_snapshot(snapshot, after)
            for path in self.folder.glob("*.snapshot*"):  # or the folder of one that was not finished
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            before = after

        done = self.json("-C", self.photos, "index", "--allow-empty")
        self.assertEqual(done["skipped"], [])
        self.assertEqual(set(self.look()), self.paths())
        self.json("-C", self.photos, "compact")
        self.assertEqual(set(self.look()), self.paths())
        self.check_leftovers()
        print(f"{runs} runs, killed: {cut}, {halfway} between two commits of pictures, {told} after "
              "something was reported", flush=True)

    def test_the_first_moments_of_a_collection_can_be_cut_short(self):
        self.add_pictures(3)
        cut = 0
        for _ in range(KILLS // 4):
            shutil.rmtree(self.photos / ".alike", ignore_errors=True)
            self.seconds["index"] = 0.06
            _, ended = self.run_and_kill("index", "--encoder", "tiny", what="index")
            cut += not ended
            done = self.json("-C", self.photos, "index", "--encoder", "tiny")
            self.assertEqual(done["added"] + done["unchanged"], 3)
            self.assertEqual(set(self.look()), self.paths())
            self.ids = {}
        print(f"killed {cut} times while a collection was made", flush=True)

    def test_import_and_restore_can_be_cut_short(self):
        rows = [[self.draw.gauss(0, 1) for _ in range(64)] for _ in range(3000)]
        (self.folder / "x.npy").write_bytes(support.npy(rows))
        self.json("import", "x.npy", "--space", "first")
        self.json("snapshot", "all.snapshot")
        shutil.rmtree(self.folder / ".alike")
        cut = 0
        for i in range(KILLS // 4):
            verb = ["import", "../x.npy", "--space", "first"] if i % 2 else ["restore",
                                                                            "../all.snapshot"]
            self.seconds[verb[0]] = 0.06
            _, ended = self.run_and_kill(*verb, what=verb[0])
            cut += not ended
            if not (self.photos / ".alike" / "catalog.db").exists():
                self.json("-C", self.photos, *verb)
            verified = self.json("-C", self.photos, "verify")
            self.assertEqual(verified["damage"], [])
            if verified["items"] == 0:  # an import that was not yet done is not done at all
                self.json("-C", self.photos, *verb)
                verified = self.json("-C", self.photos, "verify")
            self.assertEqual((verified["items"], verified["rows"]), (3000, 3000))
            shutil.rmtree(self.photos)
            self.photos.mkdir()
        print(f"killed {cut} times", flush=True)

    def check_snapshot(self, file, items):
        """A snapshot that has its name is whole."""
        copy = self.folder / "restored"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        self.assertEqual(self.json("restore", file, copy)["items"], len(items))
        self.assertEqual(self.json("-C", copy, "verify")["damage"], [])

    def check_leftovers(self):
        """No file of a killed run lies about in the collection."""
        names = sorted(path.name for path in (self.photos / ".alike").rglob("*") if path.is_file())
        segments = [name for name in names if name.startswith("vectors-")]
        self.assertEqual(len(segments), 1)
        self.assertEqual(sorted(set(names) - set(segments)),
                         ["catalog.db", "catalog.db-shm", "catalog.db-wal", "catalog.sum", "lock"])


if __name__ == "__main__":
    support.main()
