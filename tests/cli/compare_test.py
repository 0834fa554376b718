"""alike compare: layers of an encoder beside each other and beside pixels, on pictures of two kinds."""

import csv
import io
import re

import support


class Compare(support.TestCase):

    def collection(self):
        """Pictures in one folder, and labels for them in a file."""
        folder = self.indexed(24)
        (folder / "l.csv").write_text(
            "".join(f"p{i:04}.png,{'warm' if i % 2 else 'cold'}\n" for i in range(24)))

    def compare(self, *words, **options):
        return self.json("-C", "pictures", "compare", "--labels", "l.csv", *words, **options)

    def test_layers_are_ranked_beside_pixels(self):
        self.collection()
        done = self.compare()
        names = [each["name"] for each in done["compared"]]
        self.assertTrue({"pixels 16x16"} <= set(names), names)
        self.assertTrue(any(name.startswith("tiny ") for name in names), names)
        values = [each["metrics"]["map@r"]["value"] for each in done["compared"]]
        self.assertEqual(values, sorted(values, reverse=True))
        self.assertTrue(done["compared"][0]["front"])
        self.assertFalse(done["compared"][0]["real"])
        for each in done["compared"]:
            self.assertLessEqual(each["behind"], 0)
            self.assertEqual(each["bytes_per_row"], 4 * each["width"])
        self.assertTrue(any(name.startswith("random tiny ") for name in names), names)
        learnt = [each for each in done["compared"] if each["encoder"]]
        self.assertTrue(all(each["picture_ms"] > 0 for each in learnt))
        again = self.compare()
        for each in done["compared"] + again["compared"]:
            del each["picture_ms"]  # a time
        self.assertEqual(again, done)
        few = self.compare("--no-baselines")
        self.assertEqual([each["name"] for each in few["compared"]], [each["name"] for each in learnt])

    def test_files_and_another_measure(self):
        self.collection()
        self.alike("-C", "pictures", "compare", "--labels", "l.csv", "--by", "knn@1",
                   "--out", "a.html", "--csv", "a.csv")
        page = (self.folder / "pictures" / "a.html").read_text()
        self.assertIn("ranked by knn@1", page)
        self.assertIsNone(re.search(r'(src|href)="(?!data:)', page), "the page asks for nothing")
        lines = list(csv.DictReader(io.StringIO((self.folder / "pictures" / "a.csv").read_text())))
        self.assertIn("map@r", {line["measure"] for line in lines})
        for line in lines:
            self.assertEqual(int(line["bytes"]), 4 * int(line["width"]))
            self.assertLessEqual(float(line["low"] or 0), float(line["value"]))
        self.assertIn("Seed 1, intervals of 95 %", page)
        done = self.compare("--no-baselines", "--seed", "3")
        self.assertEqual(done["seed"], 3)
        for each in done["compared"]:
            self.assertEqual(each["settings"]["knn"]["seed"], "3")
            self.assertEqual(each["settings"]["knn"]["metric"], "cosine")
        text = self.alike("-C", "pictures", "compare", "--labels", "l.csv", "--no-baselines").text
        self.assertIn("knn: test share 0.2, seed 1", text)
        self.assertIn("knn: k = 200 is left out", text)

    def test_what_is_not_there(self):
        self.collection()
        words = ["-C", "pictures", "compare", "--labels", "l.csv"]
        self.refused(*words, "--layers", "nowhere", code=1, saying="nowhere")
        self.refused(*words, "--encoders", "unheard-of", code=1, saying="unheard-of")
        self.refused(*words, "--by", "fame", code=1, saying=["fame", "knn@1"])
        self.refused("-C", "pictures", "compare", code=2, saying="label")


if __name__ == "__main__":
    support.main()
