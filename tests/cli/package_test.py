"""An encoder package that is changed under a collection."""

import re
import shutil

import support


class Package(support.TestCase):

    def setUp(self):
        super().setUp()
        self.add_encoder("mine")
        self.package = self.base / "home" / "models" / "mine"
        self.addCleanup(shutil.rmtree, self.package)
        self.pictures(3)
        self.alike("index", "pictures", "--encoder", "mine")

    def change(self, pattern, to):
        file = self.package / "encoder.json"
        text = file.read_text()
        changed = re.sub(pattern, to, text, count=1)
        self.assertNotEqual(changed, text)
        file.write_text(changed)
        return text

    def test_changed_settings_are_told_by_index_search_and_verify(self):
        picture = self.folder / "pictures" / "p0000.png"
        text = self.change(r"127", "27")
        for words in (["search", picture], ["index"]):
            self.refused("-C", "pictures", *words, code=2, saying=["other settings", "encoder.json",
                                                                  "--space NAME"])
        told = self.alike("-C", "pictures", "verify", code=1)
        self.assertIn("other settings", told.text)
        (self.package / "encoder.json").write_text(text)
        self.alike("-C", "pictures", "verify")
        self.alike("-C", "pictures", "search", picture)

    def test_changed_words_are_not(self):
        self.change(r'"title": "[^"]*"', '"title": "Another"')
        self.alike("-C", "pictures", "verify")
        self.alike("-C", "pictures", "index")

    def test_a_changed_package_does_not_stop_a_snapshot(self):
        self.change(r"127", "27")
        self.alike("-C", "pictures", "snapshot", self.folder / "copy.alike")
        self.alike("restore", self.folder / "copy.alike", self.folder / "again")

    def test_a_space_of_an_older_alike_remembers_from_the_next_index_on(self):
        import sqlite3
        catalog = self.folder / "pictures" / ".alike" / "catalog.db"
        with sqlite3.connect(catalog) as database:
            database.execute("UPDATE spaces SET package_hash = ''")
        database.close()
        (catalog.parent / "catalog.sum").unlink()
        self.alike("-C", "pictures", "index")
        self.change(r"127", "27")
        self.refused("-C", "pictures", "index", code=2, saying="other settings")


if __name__ == "__main__":
    support.main()
