"""import and search --vectors: rows made elsewhere, many queries at once, against brute force."""

import math
import random
import struct

import support


def made_up_rows(n, width, seed):
    draw = random.Random(seed)
    return [[draw.gauss(0, 1) for _ in range(width)] for _ in range(n)]


def distance(metric, a, b):
    dot = sum(x * y for x, y in zip(a, b))
    if metric == "cosine":
        return 1 - dot / math.hypot(*a) / math.hypot(*b)
    return -dot if metric == "ip" else math.dist(a, b)


class Import(support.TestCase):

    def setUp(self):
        super().setUp()
        self.rows = made_up_rows(200, 12, seed=1)
        self.write("x.npy", support.npy(self.rows))

    def write(self, name, data):
        (self.folder / name).write_bytes(data)

    def test_ids_are_in_the_order_of_the_file(self):
        done = self.json("import", "x.npy", "--space", "mine")
        self.assertEqual((done["added"], done["width"], done["metric"]), (200, 12, "cosine"))
        found = self.json("search", "id:7", "-k", "500")
        self.assertEqual({each["id"] for each in found["results"]}, set(range(200)) - {7})
        space, = self.json("spaces")
        self.assertEqual((space["name"], space["rows"], space["default"]), ("mine", 200, True))
        self.assertEqual(self.json("verify")["damage"], [])

    def test_paths_name_the_rows(self):
        paths = [f"some/p{i}.jpg" for i in range(200)]
        self.write("x.paths", "\n".join(paths).encode() + b"\n")
        self.json("import", "x.npy", "--paths", "x.paths", "--space", "mine")
        found = self.json("search", "id:3", "-k", "1")["results"][0]
        self.assertEqual((found["path"], found["label"]), (paths[found["id"]], "some"))

    def test_a_chain_reduces_the_rows_and_the_queries(self):
        # Rows of three factors keep all of their distances in three components.
        factors, turn = made_up_rows(220, 3, seed=3), made_up_rows(3, 12, seed=4)
        rows = [[5 + sum(f * turn[k][j] for k, f in enumerate(row)) for j in range(12)] for row in factors]
        rows, queries = rows[:200], rows[200:]
        self.write("x.npy", support.npy(rows))
        self.write("q.npy", support.npy(queries))
        done = self.json("import", "x.npy", "--space", "mine", "--metric", "l2", "--index", "pca3,graph")
        self.assertEqual((done["added"], done["index"]), (200, "pca3,graph"))
        space, = self.json("spaces")
        self.assertEqual((space["width"], space["index"], space["linked_rows"]), (3, "graph", 200))
        self.assertEqual(space["pca"]["dimensions"], 3)
        self.json("search", "--vectors", "q.npy", "-k", "7", "--out", "ids.npy")
        ids, _ = support.read_npy(self.folder / "ids.npy")
        for query, found in zip(queries, ids):
            nearest = sorted(range(200), key=lambda i: distance("l2", query, rows[i]))[:7]
            self.assertEqual(found, nearest)
        self.assertEqual(self.json("verify")["damage"], [])

    def test_a_chain_that_cannot_be_is_refused(self):
        for chain, code, said in [("pca12", 2, "ask for at most 11"),
                                  ("pca3,tree", 2, "'pca3,tree' is not an index"),
                                  ("graph,pca3", 2, "'graph,pca3' is not an index")]:
            self.write("x.npy", support.npy(self.rows[:12]))
            self.refused("import", "x.npy", "--space", "mine", "--index", chain, code=code, saying=said)
        self.refused("import", "x.npy", "--space", "mine", "--metric", "ip", "--index", "pca3", code=2,
                     saying="inner products")

    def test_an_imported_space_can_be_searched_another_way(self):
        self.json("import", "x.npy", "--space", "mine")
        before = self.json("search", "id:7", "-k", "20")["results"]
        for words in (["--index", "graph"], ["--index", "coded", "--space", "mine"]):
            done = self.json("index", *words)
            self.assertEqual((done["space"], done["unchanged"], done["added"]), ("mine", 200, 0))
            space, = self.json("spaces")
            self.assertEqual((space["index"], space["answers"]), (words[1], words[1]))
            self.assertEqual(self.json("search", "id:7", "-k", "20")["results"], before)
        self.refused("index", "--space", "mine", "--index", "pca3", code=2, saying="import them once more")
        self.refused("index", "--space", "mine", code=2, saying="were imported")

    def test_every_metric_ranks_as_brute_force_does(self):
        queries = made_up_rows(20, 12, seed=2)
        self.write("q.npy", support.npy(queries))
        for metric in ["cosine", "ip", "l2"]:
            self.json("import", "x.npy", "--space", metric, "--metric", metric)
            done = self.json("search", "--vectors", "q.npy", "--space", metric, "-k", "7", "--out",
                             "ids.npy")
            self.assertEqual((done["queries"], done["space"]), (20, metric))
            self.assertGreater(done["queries_per_second"], 0)
            self.assertGreater(done["seconds"], 0)
            ids, kind = support.read_npy(self.folder / "ids.npy")
            self.assertEqual(kind, "<i8")
            for query, row in zip(queries, ids):
                expected = sorted(range(200), key=lambda i: distance(metric, query, self.rows[i]))
                self.assertEqual(row, expected[:7])
            if metric != "ip":
                found = self.json("search", "id:5", "--space", metric, "-k", "3")
                for each in found["results"]:
                    self.assertAlmostEqual(
                        each["distance"], distance(metric, self.rows[5], self.rows[each["id"]]), 4)

    def test_where_there_are_fewer_the_rest_is_minus_one(self):
        self.write("two.npy", support.npy(self.rows[:2]))
        self.json("import", "two.npy", "--space", "two")
        self.json("search", "--vectors", "two.npy", "--space", "two", "-k", "4", "--out", "ids.npy")
        self.assertEqual(support.read_npy(self.folder / "ids.npy")[0],
                         [[0, 1, -1, -1], [1, 0, -1, -1]])

    def test_ties_are_in_the_order_of_ids(self):
        self.write("same.npy", support.npy([[1, 0], [0, 1], [2, 0], [0, 3], [1, 0]]))
        self.json("import", "same.npy", "--space", "same")
        self.write("q.npy", support.npy([[1, 0], [0, 1]]))
        self.json("search", "--vectors", "q.npy", "-k", "5", "--out", "ids.npy")
        self.assertEqual(support.read_npy(self.folder / "ids.npy")[0],
                         [[0, 2, 4, 1, 3], [1, 3, 0, 2, 4]])

    def test_rows_for_pictures_that_are_there(self):
        folder = self.indexed(3)
        self.write("three.npy", support.npy([[1, 0], [0, 1], [1, 1]]))
        self.write("three.paths", b"p0002.png\np0000.png\np0001.png\n")
        self.json("-C", folder, "import", "../three.npy", "--paths", "../three.paths", "--space",
                  "theirs")
        self.write("q.npy", support.npy([[1, 0.1]]))
        where = ["--collection", folder]
        self.json(*where, "search", "--vectors", "q.npy", "--space", "theirs", "-k", "3", "--out",
                  "ids.npy")
        ids = support.read_npy(self.folder / "ids.npy")[0][0]
        paths = {each["id"]: each["path"] for each in
                 self.json(*where, "search", folder / "p0000.png")["results"]}
        self.assertEqual([paths[i] for i in ids], ["p0002.png", "p0001.png", "p0000.png"])
        self.refused(*where, "search", folder / "p0000.png", "--space", "theirs", code=1,
                     saying=["theirs", "--vectors"])
        self.refused(*where, "index", "--space", "theirs", code=2, saying="imported")
        self.write("three.paths", b"p0002.png\nnone.png\np0001.png\n")
        self.refused(*where, "import", "three.npy", "--paths", "three.paths", "--space", "x", code=2,
                     saying=["line 2", "none.png"])

    def test_what_embed_writes_is_what_import_takes(self):
        folder = self.indexed(3)
        self.json("-C", folder, "index", "--pca", "2", "--space", "small")
        wanted = self.json("-C", folder, "search", "id:0", "--space", "tiny")["results"]
        for number, (where, word) in enumerate(
                [(folder, "."), (self.folder, "./pictures/"), (self.folder, folder)]):
            with self.subTest(word):
                self.json("-C", where, "embed", word, "--encoder", "tiny", "--out", "e.npy")
                self.assertNotIn("./", (where / "e.paths").read_text())
                self.json("-C", where, "--collection", folder, "import", "e.npy", "--paths", "e.paths",
                          "--space", f"s{number}")
                found = self.json("-C", folder, "search", "id:0", "--space", f"s{number}")["results"]
                self.assertEqual([each["id"] for each in found], [each["id"] for each in wanted])
        done = self.json("-C", folder, "embed", "p0001.png", "--space", "small", "--out", "q.npy")
        self.assertEqual(done["width"], 2)
        self.json("-C", folder, "search", "--vectors", "q.npy", "--space", "small", "-k", "1", "--out",
                  "ids.npy")
        self.assertEqual(support.read_npy(folder / "ids.npy")[0], [[1]])

    def test_paths_are_kept_relative_through_whatever_link_they_lead(self):
        folder = self.indexed(2)
        (self.folder / "link").symlink_to(folder)
        self.write("two.npy", support.npy([[1, 0], [0, 1]]))
        for number, (named, written) in enumerate(
                [("pictures", "pictures"), ("pictures", "link"), ("link", "pictures"), ("link", "link")]):
            with self.subTest(named=named, written=written):
                lines = [str(self.folder / written / f"p000{i}.png") for i in (1, 0)]
                self.write("two.paths", "\n".join(lines).encode())
                space = f"s{number}"
                self.json("--collection", named, "import", "two.npy", "--paths", "two.paths", "--space",
                          space)
                found = self.json("-C", folder, "search", "id:0", "--space", space)["results"]
                self.assertEqual([each["path"] for each in found], ["p0001.png"])
        (self.folder / "other").mkdir()
        (folder / "below").symlink_to(self.folder / "other")
        self.write("two.paths", f"{folder}/below/a.png\n{folder}/b.png".encode())
        self.json("-C", folder, "--collection", "../away", "import", "../two.npy", "--paths",
                  "../two.paths", "--space", "links")
        found = self.json("--collection", "away", "search", "id:1")["results"]
        self.assertEqual([each["path"] for each in found], ["below/a.png"])

    def test_the_index_of_imported_rows_is_chosen_when_they_are_imported(self):
        self.assertEqual(self.json("import", "x.npy", "--space", "mine", "--index", "coded")["index"],
                         "coded")
        found = self.json("search", "id:7", "-k", "3")
        self.assertEqual((found["index"], found["codes_read"], found["complete"]), ("coded", 200, True))
        exact = self.json("search", "id:7", "-k", "3", "--exact")
        self.assertEqual((exact["index"], exact["codes_read"], exact["rows_read"]), ("flat", 0, 199))
        self.assertEqual(exact["results"], found["results"])
        self.refused("import", "x.npy", "--space", "y", "--index", "best", code=2, saying="--index")

    def test_files_that_embed_leaves_out_are_named(self):
        folder = self.pictures(1)
        (folder / "text.jpg").write_text("text")
        (folder / "two\nlines.png").write_bytes(support.png(5))
        done = self.json("embed", folder, "--encoder", "tiny", "--out", "e.npy")
        self.assertEqual(done["n"], 1)
        self.assertEqual({each["path"].rsplit("/")[-1] for each in done["skipped"]},
                         {"text.jpg", "two\nlines.png"})

    def test_an_array_of_the_wrong_kind_is_refused(self):
        good = support.npy(self.rows[:2])
        int32 = good.replace(b"<f4", b"<i4")
        flat = good.replace(b"(2, 12)", b"(24,)  ")
        fortran = good.replace(b"False", b"True ")
        for name, data, saying in [
                ("int32", int32, ["<i4", "float32"]), ("flat", flat, "1 axis"),
                ("fortran", fortran, "ascontiguousarray"), ("short", good[:-4], "23 numbers"),
                ("long", good + b"0000", "25 numbers"), ("head", good[:50], "npy"),
                ("text", b"hello, I am text", "not a .npy"), ("empty", b"", "not a .npy")]:
            self.write(f"{name}.npy", data)
            self.refused("import", f"{name}.npy", "--space", "x", code=1, saying=saying)
        for bad in ["nan", "inf"]:
            self.write("bad.npy", support.npy([[1, 2], [3, float(bad)]]))
            self.refused("import", "bad.npy", "--space", "x", code=2, saying=["row 1", "column 1"])
        self.write("none.npy", support.npy([]))
        self.refused("import", "none.npy", "--space", "x", code=2, saying="no rows")

    def test_float64_and_float16_are_taken(self):
        self.write("x8.npy", support.npy([[1, 2], [3, 4]], "<f8"))
        self.assertEqual(self.json("import", "x8.npy", "--space", "f8")["added"], 2)
        half = support.npy([[0, 0]]).replace(b"<f4", b"<f2")[:-8] + struct.pack("<ee", 1, 2)
        self.write("x2.npy", half)
        self.assertEqual(self.run_raw("import", self.folder / "x2.npy", "--space", "f2",
                                      "--collection", self.folder / "half").code, 0)

    def test_names_and_lists_that_do_not_fit(self):
        self.json("import", "x.npy", "--space", "mine")
        self.refused("import", "x.npy", "--space", "mine", code=2, saying="spaces remove mine")
        self.refused("import", "x.npy", code=2, saying="--space")
        self.refused("import", "x.npy", "--space", "y", "--metric", "hamming", code=2,
                     saying="--metric")
        self.write("x.paths", b"a\nb\n")
        self.refused("import", "x.npy", "--paths", "x.paths", "--space", "y", code=2,
                     saying=["2 paths", "200 rows"])
        self.write("x.paths", b"a\n" * 200)
        self.refused("import", "x.npy", "--paths", "x.paths", "--space", "y", code=2, saying="twice")
        self.write("more.npy", support.npy(self.rows + self.rows))
        self.refused("import", "more.npy", "--space", "y", code=2, saying="row 200")

    def test_queries_that_do_not_fit(self):
        self.json("import", "x.npy", "--space", "mine")
        self.write("narrow.npy", support.npy([[1, 2, 3]]))
        result = self.alike("search", "--vectors", "narrow.npy", "-k", "3", "--out", "ids.npy", code=2)
        self.assertRegex(result.errors, r"\b3\b.*\b12\b|\b12\b.*\b3\b")
        self.write("nan.npy", support.npy([[float("nan")] * 12]))
        self.refused("search", "--vectors", "nan.npy", "--out", "ids.npy", code=2, saying="NaN")
        self.refused("search", "--vectors", "x.npy", code=2, saying="--out")
        self.refused("search", "--vectors", "x.npy", "id:3", "--out", "ids.npy", code=2,
                     saying="--vectors")
        self.refused("search", "--vectors", "x.npy", "--out", "ids.npy", "-k", "0", code=2, saying="-k")
        self.refused("search", "--vectors", "none.npy", "--out", "ids.npy", code=2, saying="none.npy")
        self.assertFalse((self.folder / "ids.npy").exists())


if __name__ == "__main__":
    support.main()
