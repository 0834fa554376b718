"""verify, repair, compact, snapshot, restore. Damage by the hundred is in damage_slow_test.py."""

import os
import shutil

import support


class Care(support.TestCase):

    def setUp(self):
        super().setUp()
        self.photos = self.indexed(8)

    def care(self, verb, *words, **options):
        return self.json("-C", self.photos, verb, *words, **options)

    def answer(self, photos=None):
        found = self.json("-C", photos or self.photos, "search", self.samples / "picture.jpg", "-k",
                          "100")
        return [(each["id"], each["path"], each["distance"]) for each in found["results"]]

    def test_verify_counts_what_is_whole(self):
        done = self.care("verify")
        self.assertEqual((done["items"], done["rows"], done["damage"]), (8, 8, []))
        self.assertEqual(done["files"], 3)  # catalog.db, catalog.sum, one segment
        self.assertIn("All is well: 8 items", self.alike("-C", self.photos, "verify").text)

    def test_a_flipped_bit_is_named_and_mended(self):
        before = self.answer()
        segment, = (self.photos / ".alike").glob("spaces/*/vectors-*.seg")
        data = bytearray(segment.read_bytes())
        data[-70] ^= 4
        segment.write_bytes(data)
        damage, = self.care("verify", code=1)["damage"]
        self.assertEqual(damage["file"], "spaces/tiny/vectors-0000.seg")
        self.assertEqual(damage["remedy"], f"alike -C {self.photos} repair")
        self.assertLessEqual(damage["offset"], len(data) - 70)
        self.assertTrue(damage["what"])
        error = self.json("-C", self.photos, "search", "p0000.png", code=1)["error"]
        self.assertEqual(error["code"], "corrupt")
        for words in ["vectors-0000.seg", "offset", f"alike -C {self.photos} repair"]:
            self.assertIn(words, error["message"])
        done = self.care("repair")
        self.assertEqual(done["rows_lost"], 0)
        self.assertIn("vectors-0000.seg: one flipped bit put right", done["done"][0])
        self.assertEqual(self.care("verify")["damage"], [])
        self.assertEqual(self.answer(), before)
        self.assertEqual(self.care("repair")["done"], [])

    def test_what_cannot_be_mended_is_said_and_made_again(self):
        before = self.answer()
        segment, = (self.photos / ".alike").glob("spaces/*/vectors-*.seg")
        with open(segment, "r+b") as file:
            file.truncate(100)
        self.assertTrue(self.care("verify", code=1)["damage"])
        self.json("-C", self.photos, "search", "p0000.png", code=1)
        self.json("-C", self.photos, "index", code=1)
        self.assertEqual(self.care("repair")["rows_lost"], 8)
        self.assertEqual(self.care("verify")["damage"], [])
        self.assertEqual(self.care("index")["embedded"], 8)
        self.assertEqual(self.answer(), before)

    def test_a_missing_segment_is_damage(self):
        segment, = (self.photos / ".alike").glob("spaces/*/vectors-*.seg")
        segment.unlink()
        self.assertEqual(self.care("verify", code=1)["damage"][0]["file"],
                         "spaces/tiny/vectors-0000.seg")
        self.json("-C", self.photos, "search", "p0000.png", code=1)
        self.assertEqual(self.care("repair")["rows_lost"], 8)
        self.assertEqual(self.care("index")["embedded"], 8)
        self.assertEqual(self.care("verify")["damage"], [])

    def test_a_destroyed_catalog_is_said_to_be_so(self):
        catalog = self.photos / ".alike" / "catalog.db"
        catalog.write_bytes(b"\xa5" * catalog.stat().st_size)
        self.assertTrue(self.care("verify", code=1)["damage"])
        self.refused("-C", self.photos, "search", "p0000.png", code=1,
                     saying=f"alike -C {self.photos} repair")
        self.refused("-C", self.photos, "repair", code=1, saying=["index again", "restore a snapshot"])

    def test_compact_gives_back_the_space_of_what_is_gone(self):
        for path in sorted(self.photos.glob("*.png"))[3:]:
            path.unlink()
        self.care("index", "--allow-empty")
        before = self.answer()
        size = sum(path.stat().st_size for path in self.photos.glob(".alike/spaces/*/*"))
        done = self.care("compact")
        self.assertLess(done["bytes_after"], done["bytes_before"])
        self.assertLess(sum(path.stat().st_size for path in self.photos.glob(".alike/spaces/*/*")),
                        size)
        self.assertEqual(self.answer(), before)
        verified = self.care("verify")
        self.assertEqual((verified["items"], verified["damage"]), (3, []))
        again = self.care("compact")
        self.assertEqual(again["bytes_after"], again["bytes_before"])

    def test_a_snapshot_brings_everything_back(self):
        self.care("index", "--space", "second", "--layer", "relu2", "--pooling", "max")
        before = self.answer()
        done = self.care("snapshot", self.folder / "all.alike")
        self.assertEqual(done["bytes"], (self.folder / "all.alike").stat().st_size)
        self.refused("-C", self.photos, "snapshot", self.folder / "all.alike", code=2, saying="exists")
        self.refused("restore", "all.alike", self.photos, code=2, saying="exists")
        shutil.rmtree(self.photos / ".alike")
        done = self.json("restore", "all.alike", self.photos)
        self.assertEqual((done["items"], done["spaces"], done["collection"]),
                         (8, 2, str(self.photos / ".alike")))
        self.assertEqual(self.answer(), before)
        self.assertEqual(self.care("verify")["damage"], [])
        self.assertEqual(self.care("index")["unchanged"], 8)
        self.assertEqual(sorted(os.listdir(self.folder)), ["all.alike", "pictures"])

    def test_a_snapshot_may_go_to_pictures_elsewhere(self):
        before = self.answer()
        self.care("snapshot", self.folder / "all.alike")
        shutil.copytree(self.photos, self.folder / "copy", ignore=shutil.ignore_patterns(".alike"))
        self.json("restore", "all.alike", "copy")
        self.assertEqual(self.answer("copy"), before)
        self.json("--collection", "away", "restore", "all.alike", "copy")
        path = self.alike("--collection", "away", "search", self.samples / "picture.jpg", "--paths",
                          "-k", "1").text
        self.assertEqual(path, str(self.folder / "copy" / before[0][1]) + "\n")

    def test_the_folder_to_restore_to_is_made(self):
        before = self.answer()
        self.care("snapshot", self.folder / "all.alike")
        (self.folder / "bad.alike").write_bytes((self.folder / "all.alike").read_bytes()[:-1])
        self.refused("restore", "bad.alike", "far/away", code=1, saying="bad.alike")
        self.assertFalse((self.folder / "far").exists())
        done = self.json("restore", "all.alike", "far/away")
        self.assertEqual(done["collection"], "far/away/.alike")
        self.assertEqual(self.answer("far/away"), before)
        self.refused("restore", "all.alike", "bad.alike", code=2, saying="bad.alike")

    def test_a_damaged_snapshot_is_refused_whole(self):
        self.care("snapshot", self.folder / "all.alike")
        whole = (self.folder / "all.alike").read_bytes()
        broken = self.folder / "broken.alike"
        (self.folder / "empty").mkdir()
        for i in range(0, len(whole), len(whole) // 23):
            data = bytearray(whole)
            data[i] ^= 1 << i % 8
            broken.write_bytes(data)
            self.refused("restore", broken, "empty", code=1, saying="broken.alike")
        for size in [0, 7, len(whole) // 2, len(whole) - 1]:
            broken.write_bytes(whole[:size])
            self.refused("restore", broken, "empty", code=1, saying="broken.alike")
        self.assertEqual(os.listdir(self.folder / "empty"), [])

    def test_what_is_no_collection_is_said_to_be_none(self):
        (self.folder / "empty").mkdir()
        for verb in ["status", "verify", "repair", "compact", "spaces"]:
            self.refused("-C", "empty", verb, code=1, saying="alike -C empty index")
            self.refused("--collection", "empty", verb, code=1, saying="empty")
        self.refused("--collection", "empty", "snapshot", "x.alike", code=1, saying="empty")
        self.assertEqual(os.listdir(self.folder / "empty"), [])


if __name__ == "__main__":
    support.main()
