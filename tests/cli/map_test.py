"""alike map: points, figures and files; small, odd and damaged collections; what is kept of it."""

import json
import math
import os
import random
import signal

import support

POINT = {"id", "x", "y", "label", "path", "trust", "cluster"}
QUALITY = {"k", "trustworthiness", "continuity", "neighbors_kept", "triplets", "label_accuracy",
           "map_label_accuracy", "silhouette"}
DOCUMENT = {"space", "options", "points", "quality", "clusters", "explained_variance", "start",
            "remark", "placed", "made_ms", "map", "age", "behind", "kept", "reused", "seconds",
            "files"}
METHODS = ["umap"]


def crowds(n, width, groups=4, seed=1):
    """Rows around `groups` far points, row i in crowd i % groups."""
    draw = random.Random(seed)
    centers = [[draw.gauss(0, 8) for _ in range(width)] for _ in range(groups)]
    return [[value + draw.gauss(0, 1) for value in centers[i % groups]] for i in range(n)]


class Map(support.TestCase):

    def imported(self, rows, space="mine", labels=4, metric="l2"):
        (self.folder / "x.npy").write_bytes(support.npy(rows))
        paths = [f"kind{i % labels}/p{i}.png" for i in range(len(rows))]
        (self.folder / "x.paths").write_text("\n".join(paths) + "\n")
        self.json("import", "x.npy", "--paths", "x.paths", "--space", space, "--metric", metric)

    def map(self, *words, **options):
        return self.json("map", *words, **options)

    def kept(self):
        """What lies in the collection, byte by byte."""
        files = [path for path in (self.folder / ".alike").rglob("*") if path.is_file()]
        return {path.name: path.read_bytes() for path in files
                if path.name not in ("lock", "catalog.db-shm", "catalog.db-wal")}

    def points(self, document):
        return [(each["id"], each["x"], each["y"]) for each in document["points"]]

    def test_the_same_map_every_time_for_any_number_of_threads(self):
        self.imported(crowds(150, 8))
        for method in METHODS:
            first = self.map("--method", method, "--threads", "1")
            again = self.map("--method", method)
            self.assertTrue(again["reused"])
            self.assertEqual(self.points(first), self.points(again))
            for threads in ["2", "5"]:
                other = self.map("--method", method, "--threads", threads, "--name", f"t{threads}")
                self.assertFalse(other["reused"])
                self.assertEqual(self.points(first), self.points(other))
        other = self.map("--seed", "7")
        self.assertFalse(other["reused"])
        self.assertNotEqual(self.points(other), self.points(self.map("--name", "t2")))

    def test_a_space_that_is_behind_says_so(self):
        folder = self.indexed(12)
        self.pictures(3, start=20)
        self.json("-C", folder, "index", "--space", "second", "--layer", "relu2", "--pooling", "max")
        done = self.json("-C", folder, "map", "--space", "tiny")
        self.assertEqual((done["behind"], len(done["points"])), (3, 12))
        text = self.alike("-C", folder, "map", "--space", "tiny").text
        self.assertIn(f"3 pictures not yet in this space: alike -C {folder} index --space tiny", text)

    def test_ctrl_c_leaves_the_collection_as_it_was(self):
        self.imported(crowds(20000, 8))
        before = self.kept()
        for delay in [0.4, 0.2, 0.8, 0.1, 1.6, 3.2]:  # not before it is at it, not after it is done
            process = self.start("--json", "map", "--out", "m.json")
            try:
                process.wait(delay)
            except support.subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
            out, _ = process.communicate()
            if process.returncode == 130:
                break
        self.assertEqual(process.returncode, 130)
        error = json.loads(out)["error"]
        self.assertEqual(error["code"], "interrupted")
        self.assertEqual(self.kept(), before)
        self.assertEqual(list(self.folder.glob("m.json*")), [])
        self.assertEqual(self.json("verify")["damage"], [])

if __name__ == "__main__":
    support.main()
