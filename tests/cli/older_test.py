"""A collection and a snapshot that an older program wrote (tests/cli/version1) are read, searched, checked and
gone on with."""

import json
import pathlib
import shutil
import sqlite3

import support
from support import png

OLD = pathlib.Path(__file__).parent / "version1"
EXPECTED = json.loads((OLD / "expected.json").read_text())


class Older(support.TestCase):

    def pictures(self):
        """The folder of pictures, as they were when the old program had seen them."""
        folder = self.folder / "pictures"
        (folder / "b").mkdir(parents=True)
        for i in range(12):
            if i != 3:
                (folder / ("b" if i % 3 == 0 else "") / f"{i:02}.png").write_bytes(png(i))
        return folder

    def check(self, folder, **options):
        self.assertEqual(self.json("-C", folder, "verify", **options)["damage"], [])
        status = self.json("-C", folder, "status", **options)
        self.assertEqual((status["items"], [each["name"] for each in status["spaces"]]), (11, list(EXPECTED)))
        for space, expected in EXPECTED.items():
            found = self.json("-C", folder, "search", "id:0", "--space", space, **options)["results"]
            self.assertEqual([[each["path"], round(each["distance"], 5)] for each in found], expected, space)
        self.assertEqual([each["map"] for each in self.json("-C", folder, "map", "--list", **options)], ["first"])

    @staticmethod
    def format(folder):
        catalog = sqlite3.connect(folder / ".alike/catalog.db")
        try:
            return catalog.execute("PRAGMA user_version").fetchone()[0]
        finally:
            catalog.close()

    def goes_on(self, folder):
        (folder / "new.png").write_bytes(png(50))
        (folder / "01.png").unlink()
        done = self.json("-C", folder, "index", "--space", "wide")
        self.assertEqual((done["added"], done["removed"], done["unchanged"], done["skipped"]), (1, 1, 10, []))
        for words in (["compact"], ["repair"], ["snapshot", self.folder / "again.snapshot"]):
            self.json("-C", folder, *words)
        self.assertEqual(self.json("-C", folder, "verify")["damage"], [])
        paths = {each["path"] for each in self.json("-C", folder, "search", "id:4", "-k", "50", "--space", "wide")
                 ["results"]}
        self.assertEqual(self.format(folder), 2)
        self.assertIn("new.png", paths)
        self.assertNotIn("01.png", paths)

    def test_a_collection(self):
        folder = self.pictures()
        shutil.copytree(OLD / "collection", folder / ".alike")
        before = {path: path.read_bytes() for path in (folder / ".alike").rglob("*") if path.is_file()}
        self.check(folder)
        for path, data in before.items():  # reading changes nothing
            if not path.name.endswith(("-shm", "-wal")):
                self.assertEqual(path.read_bytes(), data, path)
        self.assertEqual(self.format(folder), 1)
        self.goes_on(folder)

    def test_a_collection_where_nothing_may_be_written(self):
        folder = self.pictures()
        shutil.copytree(OLD / "collection", folder / ".alike")
        self.check(folder, **self.limited())
        self.assertEqual(self.format(folder), 1)

    def test_a_snapshot(self):
        folder = self.pictures()
        self.json("restore", OLD / "snapshot", folder)
        self.check(folder)
        self.goes_on(folder)


if __name__ == "__main__":
    support.main()
