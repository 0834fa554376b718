"""GIF, BMP, TIFF, HEIC and AVIF from index to search, each decoded by a process of its own, without --isolate."""

import pathlib
import sys

import support

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import format_pictures


class Formats(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pictures_by_name = format_pictures.pictures()
        cls.built = format_pictures.built(cls.run_raw("--json", "doctor").document["versions"]["codecs"])

    def folder_of_each(self):
        folder = self.pictures(2)
        for name in format_pictures.LIBRARIES:
            (folder / f"picture.{name}").write_bytes(self.pictures_by_name[name])
        (folder / "heic-inside.jpg").write_bytes(self.pictures_by_name["heic, alpha"])
        return folder

    def test_every_format_is_indexed_and_found(self):
        folder = self.folder_of_each()
        done = self.json("index", folder, "--encoder", "tiny")
        skipped = {each["path"]: each["reason"] for each in done["skipped"]}
        for name in set(format_pictures.LIBRARIES) - set(self.built):
            self.assertIn(f"built without {name.upper()}", skipped.pop(f"picture.{name}"))
        if "heic" not in self.built:
            skipped.pop("heic-inside.jpg")
        self.assertEqual(skipped, {})
        for name in self.built:
            file = folder / f"picture.{name}"
            found = self.json("-C", folder, "search", file, "-k", "2")["results"]  # BMP and TIFF have the same pixels
            self.assertIn((file.name, 0), [(each["path"], round(each["distance"], 4)) for each in found])
        self.assertEqual(self.json("index", folder, "--encoder", "tiny")["unchanged"], 2 + len(self.built) + ("heic" in self.built))

    def test_what_isolation_gives_is_the_same(self):
        folder = self.folder_of_each()
        files = [str(folder / f"picture.{name}") for name in self.built]
        rows = self.folder / "rows.npy"
        self.alike("embed", *files, "--encoder", "tiny", "--out", rows)
        plain, _ = support.read_npy(rows)
        self.json("index", folder, "--encoder", "tiny", "--isolate")
        isolated = self.folder / "isolated.npy"
        self.alike("-C", folder, "export", isolated)
        self.assertEqual(len(plain), len(files))
        kept = {tuple(row) for row in support.read_npy(isolated)[0]}
        for row in plain:
            self.assertIn(tuple(row), kept)

    def test_damage_and_raw_files_are_told(self):
        folder = self.pictures(1)
        for name in self.built:
            data = self.pictures_by_name[name]
            (folder / f"half.{name}").write_bytes(data[:len(data) * 2 // 3])
        (folder / "camera.tif").write_bytes(b"II*\0\x10\0\0\0CR\2\0" + bytes(60))
        (folder / "BMW.txt").write_text("BM is how a bitmap begins, and this text." * 3)
        done = self.json("index", folder, "--encoder", "tiny")
        skipped = {each["path"]: each["reason"] for each in done["skipped"]}
        self.assertEqual(set(skipped), {f"half.{name}" for name in self.built} | {"camera.tif"})
        self.assertEqual((done["added"], done["ignored"]), (1, 1))
        self.assertIn("raw", skipped["camera.tif"])
        for name in self.built:
            self.assertIn("cut short", skipped[f"half.{name}"])


support.main()
