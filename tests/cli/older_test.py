"""A collection and a snapshot of each older format (tests/cli/versionN, made by make_older.py) are read, searched,
checked and gone on with; one of a newer format is refused."""

import json
import pathlib
import shutil
import sqlite3

import support
from support import png

HERE = pathlib.Path(__file__).parent
FORMAT = 3  # that this program writes
OLDER = range(1, FORMAT)


class Older(support.TestCase):

    def pictures(self):
        """The folder of pictures, as they were when the old program had seen them."""
        folder = self.folder / "pictures"
        (folder / "b").mkdir(parents=True)
        for i in range(12):
            if i != 3:
                (folder / ("b" if i % 3 == 0 else "") / f"{i:02}.png").write_bytes(png(i))
        return folder

    def older(self, version):
        """The files of a version, its expected answers, and the folder of pictures."""
        old = HERE / f"version{version}"
        return old, json.loads((old / "expected.json").read_text()), self.pictures()

    def check(self, folder, answers, **options):
        self.assertEqual(self.json("-C", folder, "verify", **options)["damage"], [])
        status = self.json("-C", folder, "status", **options)
        self.assertEqual((status["items"], [each["name"] for each in status["spaces"]]), (11, list(answers)))
        for space, expected in answers.items():
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
        self.assertEqual(self.format(folder), FORMAT)
        self.assertIn("new.png", paths)
        self.assertNotIn("01.png", paths)

    def each_older(self):
        """Calls the test for each version, with a folder of its own."""
        for version in OLDER:
            with self.subTest(version=version):
                yield (version, *self.older(version))
            shutil.rmtree(self.folder / "pictures")

    def test_a_collection(self):
        for version, old, answers, folder in self.each_older():
            shutil.copytree(old / "collection", folder / ".alike")
            before = {path: path.read_bytes() for path in (folder / ".alike").rglob("*") if path.is_file()}
            self.check(folder, answers)
            for path, data in before.items():  # reading changes nothing
                if not path.name.endswith(("-shm", "-wal")):
                    self.assertEqual(path.read_bytes(), data, path)
            self.assertEqual(self.format(folder), version)
            self.goes_on(folder)
            (self.folder / "again.snapshot").unlink()

    def test_a_collection_where_nothing_may_be_written(self):
        for version, old, answers, folder in self.each_older():
            shutil.copytree(old / "collection", folder / ".alike")
            self.check(folder, answers, **self.limited())
            self.assertEqual(self.format(folder), version)

    def test_a_snapshot(self):
        for _, old, answers, folder in self.each_older():
            self.json("restore", old / "snapshot", folder)
            self.check(folder, answers)
            self.goes_on(folder)
            (self.folder / "again.snapshot").unlink()

    def test_a_collection_of_a_newer_format_is_refused_and_stays_as_it_is(self):
        _, _, folder = self.older(1)
        self.json("index", folder, "--encoder", "tiny")
        support.make_newer(folder, FORMAT + 1)
        before = {path: path.read_bytes() for path in (folder / ".alike").rglob("*") if path.is_file()}
        saying = f"is of format {FORMAT + 1}; this alike reads up to {FORMAT}: install a newer one"
        for words in (["status"], ["search", "id:0"], ["index"], ["verify"], ["repair"], ["compact"], ["map"],
                      ["snapshot", self.folder / "a.snapshot"], ["spaces", "default", "tiny"], ["export", "x.npy"]):
            with self.subTest(words=words):
                self.assertIn(saying, self.refused("-C", folder, *words, code=1, saying="catalog.db").errors)
                error = self.json("-C", folder, *words, code=1)["error"]
                self.assertEqual(error["code"], "unsupported")
                self.assertIn(saying, error["message"])
        for path, data in before.items():
            if not path.name.endswith(("-shm", "-wal")):
                self.assertEqual(path.read_bytes(), data, path)


if __name__ == "__main__":
    support.main()
