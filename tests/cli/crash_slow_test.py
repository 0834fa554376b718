"""kill -9 at random moments. ALIKE_KILLS says how often, 100 unless set; ALIKE_SEED which moments.

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

KILLS = int(os.environ.get("ALIKE_KILLS", "100"))
SEED = int(os.environ.get("ALIKE_SEED", "1"))
MOST = 160  # pictures at a time


class Crash(support.TestCase):

    def setUp(self):
        super().setUp()
        self.draw = random.Random(SEED)
        self.add_encoder("wide", "open.onnx", "--size", "128")
        self.photos = self.folder / "photos"
        self.photos.mkdir()
        self.made = 0
        self.ids = {}  # path → id, of what stayed since it was seen first
        self.known = set()  # the items at the last look
        self.seconds = {}  # how long each command takes, for the choice of the moment

    def add_pictures(self, count):
        for _ in range(count):
            (self.photos / f"{self.made:05}.png").write_bytes(support.png(self.made))
            self.made += 1

    def paths(self):
        return {path.name for path in self.photos.glob("*.png")}

    def run_and_kill(self, *words):
        """Runs a command, kills it at a random moment, and returns what it had reported by then:
        (pictures done, whether it ended by itself)."""
        terminal, end = pty.openpty()
        process = self.start("-C", self.photos, *words, stderr=end)
        os.close(end)
        started = time.monotonic()
        usual = self.seconds.get(words[0], 0.3)
        time.sleep(self.draw.uniform(0, 1.1 * usual))
        process.kill()
        process.wait()
        ended = process.returncode == 0
        if ended:
            self.seconds[words[0]] = max(0.05, min(usual * 1.1, time.monotonic() - started))
        else:
            self.assertEqual(process.returncode, -signal.SIGKILL, self.text_of(terminal))
            self.seconds[words[0]] = usual * 1.02
        text = self.text_of(terminal)
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
        runs = 0
        while sum(cut.values()) < KILLS:
            runs += 1
            self.assertLess(runs, 20 * KILLS + 100, "the kills come too late")
            what = self.draw.choice(["index", "index", "delete", "compact", "snapshot"])
            present = self.paths()
            if what == "index" and len(present) < MOST:
                self.add_pictures(self.draw.randrange(1, 60))
            if what == "delete":
                for path in self.draw.sample(sorted(present), len(present) // 2):
                    (self.photos / path).unlink()
            snapshot = self.folder / f"{runs}.snapshot"
            words = {"compact": ["compact"], "snapshot": ["snapshot", snapshot]}.get(what, ["index"])
            reported, ended = self.run_and_kill(*words)
            cut[what] += not ended

            after = self.look()
            present = self.paths()
            stayed = {path for path in before if path in present}
            self.assertEqual(stayed - set(after), set(), "what was there has gone")
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
            for path in self.folder.glob("*.snapshot*"):
                path.unlink()
            before = after

        done = self.json("-C", self.photos, "index")
        self.assertEqual(done["skipped"], [])
        self.assertEqual(set(self.look()), self.paths())
        self.json("-C", self.photos, "compact")
        self.assertEqual(set(self.look()), self.paths())
        self.check_leftovers()
        print(f"{runs} runs, killed: {cut}", flush=True)

    def check_snapshot(self, file, items):
        """A snapshot that has its name is whole."""
        copy = self.folder / "restored"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        self.assertEqual(self.json("restore", file, copy)["items"], len(items))
        self.assertEqual(self.json("-C", copy, "verify")["damage"], [])

    def check_leftovers(self):
        """Nothing of what was killed lies about in the collection."""
        names = sorted(path.name for path in (self.photos / ".alike").rglob("*") if path.is_file())
        segments = [name for name in names if name.startswith("vectors-")]
        self.assertEqual(len(segments), 1)
        self.assertEqual(sorted(set(names) - set(segments)), ["catalog.db", "catalog.sum", "lock"])


if __name__ == "__main__":
    support.main()
