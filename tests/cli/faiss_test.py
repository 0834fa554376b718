"""import of faiss files, export to .npy and faiss files. The files of faiss are tests/index/golden."""

import pathlib
import shutil
import struct

import support

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "index/golden"


def golden_rows(name):
    return support.read_npy(GOLDEN / f"{name}.npy")[0]


class Rows(support.TestCase):

    def exported(self, name, *words):
        """The rows of a space as export writes them, and the paths beside them."""
        self.json("export", f"{name}.npy", *words)
        paths = self.folder / f"{name}.paths"
        return (support.read_npy(self.folder / f"{name}.npy")[0],
                paths.read_text().splitlines() if paths.exists() else None)


class ImportOfFaiss(Rows):

    def test_every_kind_gives_its_rows_whatever_it_is_called(self):
        for name, kind, metric in [("flat_l2", "Flat", "l2"), ("flat_ip", "Flat", "ip"),
                                   ("hnsw_ip", "HNSW-Flat", "ip"), ("ivf_by_position", "IVF-Flat", "l2"),
                                   ("pq_5_bits", "PQ", "l2")]:
            with self.subTest(name):
                shutil.copy(GOLDEN / f"{name}.faiss", self.folder / "rows.npy")
                done = self.json("import", "rows.npy", "--space", name)
                self.assertEqual(done, {"added": 20, "width": 6, "space": name, "metric": metric,
                                        "kind": kind, "lossy": kind == "PQ",
                                        "index": "auto"})
                self.assertEqual(self.exported("out", "--space", name), (golden_rows(name), None))
        shutil.copy(GOLDEN / "flat_l2.npy", self.folder / "rows.faiss")
        self.assertEqual(self.json("import", "rows.faiss", "--space", "npy")["kind"], "npy")

    def test_rows_that_are_near_only_are_told_of(self):
        said = self.alike("import", GOLDEN / "pq_8_bits.faiss", "--space", "pq").errors
        self.assertIn("decoded from the codes of PQ", said)
        said = self.alike("import", GOLDEN / "pq_8_bits.faiss", "--space", "pq2", "--quiet").errors
        self.assertEqual(said, "")

    def test_metric_is_what_is_said_or_what_the_file_says(self):
        for words, metric in [([], "ip"), (["--metric", "l2"], "l2"), (["--metric", "cosine"], "cosine")]:
            done = self.json("import", GOLDEN / "flat_ip.faiss", "--space", metric, *words)
            self.assertEqual(done["metric"], metric)
        rows, _ = self.exported("out", "--space", "cosine")
        for row in rows:
            self.assertAlmostEqual(sum(x * x for x in row), 1, 5)

    def test_paths_are_in_the_order_of_ids(self):
        paths = [f"p{i}.jpg" for i in range(20)]
        (self.folder / "x.paths").write_text("\n".join(paths) + "\n")
        self.json("import", GOLDEN / "id_map.faiss", "--paths", "x.paths", "--space", "a")
        self.assertEqual(self.exported("out"), (golden_rows("id_map"), paths))
        (self.folder / "x.paths").write_text("\n".join(reversed(paths)) + "\n")
        self.json("import", GOLDEN / "ivf.faiss", "--paths", "x.paths", "--space", "b")
        self.assertEqual(self.exported("out", "--space", "b"), (golden_rows("ivf")[::-1], paths))

    def test_ids_that_name_no_items_are_not_taken_for_some(self):
        said = self.alike("import", GOLDEN / "id_map2.faiss", "--space", "a").errors
        self.assertIn("from 3 to 193; the rows are taken as items 0 to 19", said)
        self.assertEqual(self.exported("out")[0], golden_rows("id_map2"))
        self.refused("import", GOLDEN / "id_map2.faiss", "--space", "b", code=2,
                     saying=["from 3 to 193", "--paths"])

    def test_what_cannot_be_read_is_refused_with_the_way_out(self):
        good = (GOLDEN / "flat_l2.faiss").read_bytes()
        nan = good[:45 + 24 * 7] + struct.pack("<f", float("nan")) + good[45 + 24 * 7 + 4:]
        for name, data, code, saying in [
                ("other", (GOLDEN / "other_sq.faiss").read_bytes(), 1, ["'IxSQ'", "numpy.save", "IVF-Flat"]),
                ("metric", (GOLDEN / "other_l1.faiss").read_bytes(), 1, ["metric 2", "L2"]),
                ("short", good[:-1], 1, "cut short"), ("long", good + b"x", 1, "1 bytes follow"),
                ("text", b"text", 1, "numpy.save"), ("nan", nan, 2, ["NaN", "row 7, column 0"]),
                ("empty", (GOLDEN / "empty.faiss").read_bytes(), 2, "no rows")]:
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                self.refused("import", name, "--space", "s", code=code, saying=saying)


class Export(Rows):

    def test_what_is_exported_is_imported_again(self):
        folder = self.indexed(5)
        where = ["--collection", folder]
        done = self.json(*where, "export", "x.faiss")
        self.assertEqual(done, {"n": 5, "width": done["width"], "space": "tiny", "metric": "cosine",
                                "skipped": []})
        self.json(*where, "import", "x.faiss", "--paths", "x.paths", "--space", "again", "--metric",
                  "cosine")
        self.json(*where, "export", "y.npy")
        self.json(*where, "import", "y.npy", "--paths", "y.paths", "--space", "once")
        first, paths = self.exported("a", *where, "--space", "tiny")
        self.assertEqual(paths, [f"p{i:04}.png" for i in range(5)])
        for space in ["again", "once"]:
            rows, others = self.exported("b", *where, "--space", space)
            self.assertEqual(others, paths)
            for row, other in zip(rows, first):
                for x, y in zip(row, other):
                    self.assertAlmostEqual(x, y, 6)

    def test_rows_are_in_the_order_of_ids_without_those_that_went(self):
        folder = self.indexed(6)
        before, paths = self.exported("a", "--collection", folder)
        (folder / "p0002.png").unlink()
        (folder / "p0004.png").write_bytes(support.png(99))
        self.json("index", folder)
        after, left = self.exported("a", "--collection", folder)
        self.assertEqual(left, [path for path in paths if path != "p0002.png"])
        self.assertEqual(after[:3] + after[4:], [before[i] for i in (0, 1, 3, 5)])
        self.assertNotEqual(after[3], before[4])

    def test_flat_files_are_those_of_faiss(self):
        for name in ["flat_l2", "flat_ip"]:
            self.json("import", GOLDEN / f"{name}.faiss", "--space", name)
            self.json("export", "OUT.FAISS", "--space", name)
            self.assertEqual((self.folder / "OUT.FAISS").read_bytes(),
                             (GOLDEN / f"{name}.faiss").read_bytes())

    def test_what_was_there_is_replaced_whole_or_not_at_all(self):
        self.json("import", GOLDEN / "flat_l2.faiss", "--space", "s")
        (self.folder / "x.npy").write_text("old")
        (self.folder / "x.paths").write_text("of something else")
        self.refused("export", "x.npy", "--space", "none", code=1, saying="none")
        self.assertEqual((self.folder / "x.npy").read_text(), "old")
        self.assertEqual(self.exported("x"), (golden_rows("flat_l2"), None))
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), [".alike", "x.npy"])
        self.refused("export", "/dev/null.npy/x.npy", code=1, saying="x.npy")

    def test_a_path_that_is_no_line_is_left_out_and_named(self):
        folder = self.indexed(2)
        (folder / "two\nlines.png").write_bytes(support.png(5))
        self.json("index", folder)
        done = self.json("--collection", folder, "export", "x.npy")
        self.assertEqual((done["n"], [each["path"] for each in done["skipped"]]),
                         (2, ["two\nlines.png"]))

    def test_rows_are_counted_for_people(self):
        self.json("import", GOLDEN / "flat_l2.faiss", "--space", "s")
        self.assertEqual(self.alike("export", "x.npy").text, "20 rows of 6 numbers of space s\n")
        self.refused("export", "x.txt", code=2, saying=["x.txt", ".npy", ".faiss"])


if __name__ == "__main__":
    support.main()
