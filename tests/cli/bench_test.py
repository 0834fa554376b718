"""alike bench: how fast and how true each kind of index is, as a table, a document and a chart."""

import math
import random
import re
import xml.etree.ElementTree

import support

SVG = "{http://www.w3.org/2000/svg}"
KINDS = [("flat", None), ("coded", None), ("coded4", None), ("coded8", None), ("graph", 0.9), ("graph", 0.95), ("graph", 0.99)]


def made_up_rows(n, width, seed):
    draw = random.Random(seed)
    return [[draw.gauss(0, 1) for _ in range(width)] for _ in range(n)]


class Bench(support.TestCase):

    def imported(self, n=150, space="mine", width=20):
        (self.folder / "x.npy").write_bytes(support.npy(made_up_rows(n, width, seed=1)))
        self.json("import", "x.npy", "--space", space)

    def kept(self):
        """The files of the collection, byte by byte, without the memory that readers share."""
        files = [path for path in (self.folder / ".alike").rglob("*")
                 if path.is_file() and path.name != "catalog.db-shm"]
        return {path: path.read_bytes() for path in files}

    def test_the_document_has_every_number(self):
        self.imported()
        before = self.kept()
        done = self.json("bench", "--queries", "40", "--threads", "2")
        self.assertEqual(self.kept(), before)
        self.assertEqual(set(done), {
            "space", "metric", "rows", "width", "k", "queries", "threads", "read_bytes_per_second",
            "lines", "auto", "recall_wanted", "fastest_one", "fastest_many"})
        self.assertEqual([done[key] for key in ("space", "metric", "rows", "width", "k", "queries",
                                                "threads", "auto", "recall_wanted")],
                         ["mine", "cosine", 150, 20, 10, 40, 2, "flat", 0.99])
        self.assertEqual([(line["index"], line["aim"]) for line in done["lines"]], KINDS)
        for line in done["lines"]:
            self.assertEqual(set(line), {
                "index", "aim", "recall", "p50_ms", "p99_ms", "queries_per_second", "memory_bytes",
                "build_seconds", "rows_read", "codes_read", "bandwidth_share"})
            self.assertGreaterEqual(line["recall"], 0.9 if line["index"] == "graph" else 1)
            self.assertEqual(line["bandwidth_share"] is None, line["index"] != "flat")
            self.assertEqual(line["memory_bytes"] == 0, line["index"] == "flat")
            for key in ("p50_ms", "p99_ms", "queries_per_second"):
                self.assertTrue(0 < line[key] < math.inf, line)
        flat = done["lines"][0]
        self.assertEqual((flat["rows_read"], flat["codes_read"]), (150, 0))
        for key in ("fastest_one", "fastest_many"):
            self.assertIn((done[key]["index"], done[key]["aim"]), KINDS)

    def test_the_table_ends_with_advice(self):
        self.imported()
        lines = self.alike("bench", "-k", "3", "--queries", "20").text.splitlines()
        self.assertIn("150 rows of 20 numbers", lines[0])
        self.assertIn("recall@3", lines[2])
        names = [re.split(r"  +", line)[0] for line in lines[3:10]]
        self.assertEqual(names, ["flat", "coded", "coded4", "coded8", "graph 0.90", "graph 0.95", "graph 0.99"])
        self.assertEqual(lines[10], "")
        self.assertRegex(lines[11], r"^Here --index auto takes flat; .* 0\.99 .*\.$")
        self.assertEqual(len(lines), 12)

    def test_the_kinds_can_be_chosen(self):
        self.imported()
        done = self.json("bench", "--index", "graph", "--index", "flat", "--queries", "5")
        self.assertEqual([line["index"] for line in done["lines"]], ["flat"] + ["graph"] * 3)
        done = self.json("bench", "--index", "coded", "--queries", "5")
        self.assertEqual([line["index"] for line in done["lines"]], ["coded"])

    def test_the_chart_is_xml_with_a_point_for_each_line(self):
        self.imported(space="cats.2")
        (self.folder / "chart.svg").write_text("old")
        self.alike("bench", "--queries", "20", "--out", "chart.svg")
        root = xml.etree.ElementTree.parse(self.folder / "chart.svg").getroot()
        self.assertEqual(root.tag, SVG + "svg")
        self.assertIn("cats.2", root.find(SVG + "title").text)
        self.assertEqual(len(root.findall(SVG + "circle")), 7)
        texts = [each.text for each in root.iter(SVG + "text")]
        for name in ["flat", "coded", "coded4", "coded8", "graph 0.90", "graph 0.95", "graph 0.99"]:
            self.assertEqual(len([text for text in texts if text.startswith(name + ", ")]), 1, texts)
        self.assertIn("recall@10", texts)
        self.assertIn("prefers-color-scheme: dark", root.find(SVG + "style").text)
        left = [path.name for path in self.folder.iterdir()]
        self.assertEqual(sorted(left), [".alike", "chart.svg", "x.npy"])

    def test_pictures_are_measured_in_the_default_space(self):
        folder = self.indexed(6)
        done = self.json("-C", folder, "bench")
        self.assertEqual((done["space"], done["rows"], done["k"], done["queries"]), ("tiny", 6, 5, 6))

    def test_a_collection_with_too_little_in_it(self):
        self.refused("bench", code=1, saying="alike index")
        folder = self.folder / "pictures"
        folder.mkdir()
        self.alike("index", folder, "--encoder", "tiny")
        self.refused("-C", folder, "bench", code=1, saying="alike: ")
        self.imported(1)
        self.refused("bench", code=1, saying=["'mine'", "one row"])

    def test_words_that_do_not_fit(self):
        self.imported()
        for words, saying in [(["--space", "mime"], "did you mean 'mine'?"),
                              (["--index", "auto"], "--index"), (["--index", "tree"], "--index"),
                              (["-k", "0"], "-k"), (["-k", "1001"], "-k"),
                              (["--queries", "0"], "--queries"), (["--out", "chart.png"], ".svg"),
                              (["--out", "none/chart.svg"], "no folder 'none'")]:
            code = 1 if words[0] == "--space" else 2
            self.refused("bench", *words, code=code, saying=saying)
        (self.folder / "folder.svg").mkdir()
        self.refused("bench", "--out", "folder.svg", code=2, saying="folder.svg")


if __name__ == "__main__":
    support.main()
