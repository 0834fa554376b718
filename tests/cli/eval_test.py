"""alike eval: measures, intervals, files; labels that do not fit; rows that cannot be judged."""

import csv
import io
import json
import random
import re

import support

PROTOCOLS = ["probe", "knn", "retrieval", "verify", "identify", "recommend", "cluster", "score", "geometry"]


def kinds(n, width, groups, spread=1.0, seed=1):
    """Rows around `groups` points, row i of kind i % groups."""
    draw = random.Random(seed)
    centers = [[draw.gauss(0, 4) for _ in range(width)] for _ in range(groups)]
    return [[value + draw.gauss(0, spread) for value in centers[i % groups]] for i in range(n)]


class Eval(support.TestCase):

    def imported(self, rows, kind=lambda i: f"kind{i % 4}/", space="mine", metric="l2"):
        (self.folder / "x.npy").write_bytes(support.npy(rows))
        paths = [f"{kind(i)}p{i}.png" for i in range(len(rows))]
        (self.folder / "x.paths").write_text("\n".join(paths) + "\n")
        self.json("import", "x.npy", "--paths", "x.paths", "--space", space, "--metric", metric)
        return paths

    def test_every_protocol_says_what_it_found_and_how_sure_it_is(self):
        self.imported(kinds(160, 8, 4))
        done = self.json("eval")
        self.assertEqual(done["leakage"], [])
        self.assertEqual(done["protocol"], PROTOCOLS)
        self.assertEqual((done["rows"], done["labelled"], done["classes"]), (160, 160, 4))
        for protocol in PROTOCOLS:
            self.assertTrue(done["metrics"][protocol], protocol)
            for name, measure in done["metrics"][protocol].items():
                if protocol != "geometry":
                    most = 100 if protocol == "score" else 1
                    self.assertTrue(-1 <= measure["value"] <= most, name)
                if "low" in measure:
                    self.assertLessEqual(measure["low"], measure["value"] + 1e-12)
                    self.assertGreaterEqual(measure["high"], measure["value"] - 1e-12)
        self.assertGreater(done["metrics"]["probe"]["probe accuracy"]["value"], 0.95)
        self.assertGreater(done["metrics"]["retrieval"]["map@r"]["value"], 0.9)
        self.assertEqual(set(done["by_class"]["retrieval"]["values"]), {f"kind{k}" for k in range(4)})

    def test_a_representation_without_meaning_is_told_from_one_with(self):
        draw = random.Random(3)
        self.imported([[draw.gauss(0, 1) for _ in range(8)] for _ in range(200)])
        done = self.json("eval")["metrics"]
        self.assertLess(done["probe"]["probe accuracy"]["value"], 0.5)
        self.assertAlmostEqual(done["retrieval"]["precision@10"]["value"], 0.25, delta=0.06)
        self.assertAlmostEqual(done["cluster"]["ami"]["value"], 0, delta=0.05)

    def test_the_same_command_writes_the_same_bytes(self):
        self.imported(kinds(120, 6, 4, 3))
        made = []
        for threads in ("1", "2"):
            self.alike("eval", "--out", "a.html", "--csv", "a.csv", "--threads", threads)
            made.append([(self.folder / name).read_bytes() for name in ("a.html", "a.csv")])
        self.assertEqual(made[0], made[1])
        page = made[0][0].decode()
        self.assertIn("95 % interval", page)
        self.assertIn("kind3/p", page)
        self.assertIsNone(re.search(r'(src|href)="(?!data:)', page), "the page asks for nothing")
        for part in ("Confusions of the probe", "Receiver operating characteristic", "Worst queries"):
            self.assertIn(part, page)
        lines = list(csv.DictReader(io.StringIO(made[0][1].decode())))
        self.assertEqual({line["protocol"] for line in lines}, set(PROTOCOLS))
        self.assertTrue(any(line["class"] == "kind2" for line in lines))
        self.alike("eval", "--csv", "b.csv", "--seed", "2")
        self.assertNotEqual((self.folder / "b.csv").read_bytes(), made[0][1])

    def test_chosen_protocols_only(self):
        self.imported(kinds(80, 6, 4))
        done = self.json("eval", "--protocol", "retrieval", "--protocol", "knn")
        self.assertEqual(done["protocol"], ["knn", "retrieval"])
        self.assertEqual(set(done["metrics"]), {"knn", "retrieval"})
        self.refused("eval", "--protocol", "linear", code=2, saying="linear")

    def test_labels_of_a_file_and_those_of_no_picture(self):
        paths = self.imported(kinds(60, 6, 2), kind=lambda i: "")
        lines = ["path,label"] + [f"{path},{'odd, or' if i % 2 else 'even'}".replace(
            "odd, or", '"odd, or"') for i, path in enumerate(paths)]
        (self.folder / "l.csv").write_text("\n".join(lines + ["gone.png,even", "away/x.png,odd"]) + "\n")
        done = self.json("eval", "--labels", "l.csv", "--protocol", "knn")
        self.assertEqual(done["labelled"], 60)
        self.assertEqual(set(done["by_class"]["knn"]["values"]), {"even", "odd, or"})
        self.assertIn("2 labels of pictures that are not there", done["warnings"][0])
        (self.folder / "bad.csv").write_text("p0.png,a\np1.png\n")
        self.refused("eval", "--labels", "bad.csv", code=1, saying="line 2")
        (self.folder / "open.csv").write_text('"p0.png,a\n')
        self.refused("eval", "--labels", "open.csv", code=1, saying="line 1")

    def test_labels_that_fit_no_picture_or_contradict(self):
        paths = self.imported(kinds(20, 6, 2))
        (self.folder / "away.csv").write_text("path,label\n./x.png,a\ny.png,b\n")
        self.refused("eval", "--labels", "away.csv", code=2, saying=["away.csv", "labels", "relative"])
        (self.folder / "two.csv").write_text(f"{paths[0]},a\n{paths[1]},b\n{paths[0]},a\n{paths[1]},c\n")
        self.refused("eval", "--labels", "two.csv", code=1, saying=["line 4", paths[1], "'b'", "'c'"])
        (self.folder / "empty.csv").write_text("")
        self.refused("eval", "--labels", "empty.csv", code=2, saying="empty.csv")
        # As a spreadsheet writes it: a byte order mark, lines that end in CR LF.
        lines = ["\ufeffpath,label"] + [f"{path},{'ab'[i % 2]}" for i, path in enumerate(paths)]
        (self.folder / "sheet.csv").write_bytes("\r\n".join(lines).encode())
        done = self.json("eval", "--labels", "sheet.csv", "--protocol", "knn")
        self.assertEqual((done["labelled"], done["warnings"]), (20, []))

    def test_no_labels_says_how_to_give_them(self):
        self.imported(kinds(20, 6, 2), kind=lambda i: "")
        self.refused("eval", code=2, saying=["folder", "--labels", "path,label"])

    def test_one_class_only(self):
        self.imported(kinds(20, 6, 2), kind=lambda i: "all/")
        self.refused("eval", code=2, saying="one class")

    def test_a_class_of_one_is_left_out_with_its_count(self):
        self.imported(kinds(41, 6, 4), kind=lambda i: "alone/" if i == 40 else f"kind{i % 4}/")
        done = self.json("eval")
        self.assertTrue(any(text.startswith("1 query is left out") for text in done["remarks"]["retrieval"]))
        self.assertTrue(any(text.startswith("1 class of one picture") for text in done["remarks"]["probe"]))

    def test_classes_of_one_picture_each_are_told_and_nothing_is_nan(self):
        self.imported(kinds(12, 6, 4), kind=lambda i: f"k{i}/")
        done = self.json("eval")
        self.assertEqual(done["metrics"]["retrieval"], {})
        self.assertIn("one picture only", done["remarks"]["retrieval"][0])
        self.assertNotIn("nan", self.alike("eval").text.lower())
        self.assertEqual(done["metrics"]["cluster"], {})  # each a cluster of its own says nothing

    def test_rows_of_zeros_are_judged_and_told(self):
        self.imported([[0.0] * 6 for _ in range(40)])
        done = self.json("eval")
        self.assertEqual(done["protocol"], PROTOCOLS)
        self.assertEqual(done["metrics"]["recommend"], {})
        self.assertIn("4 profiles are left out", done["remarks"]["recommend"][0])
        self.assertNotIn("nan", self.alike("eval").text.lower())

    def test_settings_and_seeds_are_in_every_report(self):
        self.imported(kinds(40, 6, 4))
        text = self.alike("eval", "--seed", "7", "--out", "a.html", "--csv", "a.csv").text
        self.assertIn("Seed 7, intervals of 95 %", text)
        self.assertIn("Seed 7, intervals of 95 %", (self.folder / "a.html").read_text())
        lines = list(csv.DictReader(io.StringIO((self.folder / "a.csv").read_text())))
        self.assertTrue(any("seed 7" in line["settings"] for line in lines))
        self.assertTrue(all("test share 0.2" in line["settings"] for line in lines if line["protocol"] == "knn"))
        done = self.json("eval", "--seed", "7")
        self.assertEqual(done["seed"], 7)
        self.assertEqual(done["settings"]["cluster"]["seeds"], "7 8 9")
        self.assertEqual(done["remarks"]["probe"],
                         ["not judged by 10 a class or more: half of the classes have at most 10 pictures"])

    def test_classes_and_curves_have_intervals_too(self):
        self.imported(kinds(120, 6, 4, 3))
        done = self.json("eval", "--csv", "a.csv")
        table = done["by_class"]["retrieval"]
        for name, (low, high) in table["intervals"].items():
            self.assertTrue(low <= table["values"][name] <= high, name)
        for name, measure in done["metrics"]["verify"].items():
            self.assertTrue(measure["low"] <= measure["value"] <= measure["high"], name)
        lines = list(csv.DictReader(io.StringIO((self.folder / "a.csv").read_text())))
        self.assertTrue(all(line["low"] for line in lines if line["class"] == "kind2"))

    def test_another_metric_than_that_of_the_space(self):
        rows = [[(1 + i % 3) * value for value in row] for i, row in enumerate(kinds(60, 6, 4, 0.5))]
        self.imported(rows)
        by = [self.json("eval", "--protocol", "knn", "--protocol", "retrieval", *words)
              for words in ((), ("--metric", "cosine"), ("--metric", "l2"))]
        self.assertEqual([each["settings"]["knn"]["metric"] for each in by], ["l2", "cosine", "l2"])
        self.assertEqual(by[0], by[2])
        values = [each["metrics"]["retrieval"]["map@r"]["value"] for each in by]
        self.assertGreater(values[1], values[0])
        self.refused("eval", "--metric", "far", code=2, saying="far")

    def test_constant_rows_are_judged_without_nan(self):
        self.imported([[1.0] * 6 for _ in range(40)], metric="cosine")
        done = self.json("eval")
        self.assertIn("6 numbers of a row are the same in all of train and not used",
                      done["remarks"]["probe"])
        for measures in done["metrics"].values():
            for name, measure in measures.items():
                self.assertEqual(measure["value"], measure["value"], name)

    def test_pictures_of_the_test_that_train_has_too_are_named(self):
        rows = kinds(80, 6, 4)
        self.imported(rows + rows[:40])
        done = self.json("eval", "--protocol", "knn")
        self.assertTrue(done["leakage"])
        for leak in done["leakage"]:
            one, other = (int(re.search(r"p(\d+)", leak[side]).group(1)) for side in ("test", "train"))
            self.assertEqual(abs(one - other), 80)
            self.assertFalse(leak["same_file"])  # imported rows have no file
        self.assertIn("in train too", done["remarks"]["knn"][0])
        self.assertIn("leakage", self.alike("eval", "--protocol", "knn", "--out", "a.html").text)
        page = (self.folder / "a.html").read_text()
        self.assertIn("Leakage", page)
        self.assertIn(done["leakage"][0]["test"], page)

    def test_copies_of_files_in_test_and_train_are_named(self):
        folder = self.indexed(12)
        for i in range(12):
            (folder / f"copy{i}.png").write_bytes((folder / f"p{i:04}.png").read_bytes())
        self.json("index", "pictures")
        (folder / "l.csv").write_text("".join(
            f"{name},{'ab'[i % 2]}\n" for i in range(12) for name in (f"p{i:04}.png", f"copy{i}.png")))
        done = self.json("-C", "pictures", "eval", "--labels", "l.csv", "--protocol", "knn")
        self.assertTrue(done["leakage"])
        self.assertTrue(all(leak["same_file"] for leak in done["leakage"]))

    def test_pictures_of_known_factors_are_drawn_and_judged(self):
        made = self.json("eval", "--make-factors", "shapes", "--pictures", "300")
        self.assertEqual(made["pictures"], 300)
        head, *lines = (self.folder / "shapes" / "factors.csv").read_text().splitlines()
        self.assertEqual(head, "path,shape,scale,rotation,x,y,colour")
        self.assertEqual(len(list((self.folder / "shapes").glob("*.png"))), len(lines))
        # Rows that are the factors themselves are as disentangled as can be.
        factors = list(zip(*(line.split(",")[1:] for line in lines)))
        numbers = [{word: float(i) for i, word in enumerate(sorted(set(words)))} for words in factors]
        values = [[numbers[i][word] for i, word in enumerate(line.split(",")[1:])] for line in lines]
        (self.folder / "x.npy").write_bytes(support.npy(values))
        (self.folder / "x.paths").write_text("".join(line.split(",")[0] + "\n" for line in lines))
        self.json("import", "x.npy", "--paths", "x.paths", "--space", "codes", "--metric", "l2")
        done = self.json("eval", "--factors", "shapes/factors.csv")
        self.assertEqual(done["protocol"], ["disentangle"])
        measures = done["metrics"]["disentangle"]
        self.assertGreater(measures["dci disentanglement"]["value"], 0.9)
        self.assertGreater(measures["mig"]["value"], 0.8)
        self.assertIn("with known factors", self.alike("eval", "--factors", "shapes/factors.csv").text)
        self.refused("eval", "--make-factors", "shapes", code=2, saying="shapes")
        self.refused("eval", "--factors", "shapes/factors.csv", "--protocol", "knn", code=2, saying="--protocol")
        self.refused("eval", "--factors", "shapes/factors.csv", "--queries", "id > 3", code=2, saying="--queries")

    def test_pairs_of_a_file(self):
        paths = self.imported(kinds(40, 6, 4, 0.1))
        pairs = [(a, b, int(a % 4 == b % 4)) for a in range(12) for b in range(a)]
        lines = [f"{paths[a]},{paths[b]},{same}" for a, b, same in pairs]
        (self.folder / "p.csv").write_text("\n".join(["path,path,same"] + lines + [f"{paths[0]},gone.png,1"]))
        done = self.json("eval", "--protocol", "verify", "--pairs", "p.csv")
        self.assertEqual(done["settings"]["verify"]["pairs of one class"], str(sum(same for *_, same in pairs)))
        self.assertEqual(done["metrics"]["verify"]["roc auc"]["value"], 1)
        self.assertIn("gone.png", done["warnings"][0])
        (self.folder / "bad.csv").write_text(f"{paths[0]},{paths[1]},maybe\n")
        self.refused("eval", "--pairs", "bad.csv", code=1, saying=["line 1", "maybe"])
        (self.folder / "away.csv").write_text("x.png,y.png,1\n")
        self.refused("eval", "--pairs", "away.csv", code=2, saying="away.csv")

    def test_profiles_of_a_file(self):
        paths = self.imported(kinds(80, 6, 4, 0.5))
        (self.folder / "t.csv").write_text("profile,path,liked\n" + "".join(
            f"ann,{paths[4 * i]},1\nann,{paths[4 * i + 1]},0\nbob,{paths[4 * i + 2]},1\n" for i in range(8)))
        done = self.json("eval", "--protocol", "recommend", "--profiles", "t.csv")
        self.assertEqual(done["settings"]["recommend"]["profiles"], "2")
        self.assertEqual(done["metrics"]["recommend"]["hit rate@10"]["value"], 1)
        (self.folder / "twice.csv").write_text(f"ann,{paths[0]},1\nann,{paths[0]},0\n")
        self.refused("eval", "--profiles", "twice.csv", code=1, saying=["line 2", "ann", paths[0], "twice"])
        (self.folder / "few.csv").write_text(
            f"ann,{paths[0]},1\nann,{paths[4]},1\nbob,gone.png,1\nbob,{paths[1]},0\n")
        done = self.json("eval", "--protocol", "recommend", "--profiles", "few.csv")
        self.assertEqual(done["settings"]["recommend"]["profiles"], "1")
        self.assertIn("1 profile is left out", done["remarks"]["recommend"][0])
        (self.folder / "away.csv").write_text("ann,x.png,1\n")
        self.refused("eval", "--profiles", "away.csv", code=2, saying="away.csv")

    def test_queries_apart_from_the_gallery(self):
        self.imported(kinds(80, 6, 4), kind=lambda i: f"kind{i % 4}/{'q' if i < 16 else 'g'}")
        (self.folder / "l.csv").write_text("".join(
            f"kind{i % 4}/{'q' if i < 16 else 'g'}p{i}.png,kind{i % 4}\n" for i in range(80)))
        done = self.json("eval", "--protocol", "retrieval", "--labels", "l.csv", "--queries", 'path like "%/q%"')
        self.assertEqual(done["settings"]["retrieval"]["queries"], "16")
        self.assertEqual(done["metrics"]["retrieval"]["map@r"]["rows"], 16)
        self.alike("eval", "--protocol", "retrieval", "--labels", "l.csv", "--queries", 'path like "%/q%"',
                   "--out", "q.html")
        found = re.findall(r"<figure>([^<]*)", (self.folder / "q.html").read_text())
        self.assertEqual({name[0] for name in found}, {"q", "g"})
        self.assertEqual(sum(name[0] == "q" for name in found), 16)  # as queries, never as found
        self.refused("eval", "--queries", "id > 1000", code=2, saying="id > 1000")
        self.refused("eval", "--queries", "size of", code=2, saying="character 6")

    def test_what_is_given_for_a_protocol_that_nobody_asked_for(self):
        self.imported(kinds(20, 6, 4))
        (self.folder / "p.csv").write_text("p0000.png,p0001.png,1\n")
        for option, value, protocol in (("--pairs", "p.csv", "verify"), ("--profiles", "p.csv", "recommend"),
                                        ("--queries", "id < 5", "retrieval")):
            self.refused("eval", "--protocol", "knn", option, value, code=2, saying=f"add --protocol {protocol}")

    def test_damaged_pictures_are_found_less_the_more_they_are_damaged(self):
        folder = self.indexed(40)
        (folder / "l.csv").write_text("".join(f"p{i:04}.png,{'ab'[i % 2]}\n" for i in range(40)))
        done = self.json("-C", "pictures", "eval", "--labels", "l.csv", "--protocol", "damage", "--damaged", "20")
        self.assertEqual(done["protocol"], ["damage"])
        measures = done["metrics"]["damage"]
        for kind in ("noise", "blur", "jpeg", "crop", "rotation", "brightness"):
            strengths = [measures[f"neighbours kept@10, {kind} {s}"]["value"] for s in range(1, 6)]
            self.assertAlmostEqual(sum(strengths) / 5, measures[f"neighbours kept@10, {kind}"]["value"])
            self.assertTrue(all(0 <= value <= 1 for value in strengths))
        self.assertGreater(measures["neighbours kept@10, noise 1"]["value"],
                           measures["neighbours kept@10, noise 5"]["value"])
        self.assertIn("5-nn accuracy, undamaged", measures)
        again = self.json("-C", "pictures", "eval", "--labels", "l.csv", "--protocol", "damage", "--damaged", "20",
                          "--threads", "1")
        self.assertEqual(again["metrics"], done["metrics"])

    def test_damage_needs_pictures(self):
        self.imported(kinds(20, 6, 2))
        self.refused("eval", "--protocol", "damage", code=1, saying="imported rows")

    def test_files_of_the_playground_are_written_and_replayed(self):
        self.imported(kinds(60, 6, 3, 3))
        made = self.json("playground", "export", "out", "--dataset", "kinds")
        self.assertIn("datasetdictionary.json", made["files"])
        self.assertIn("similarity/kinds/mine/euclidean/rows.json", made["files"])
        done = self.json("playground", "replay", "out")["replayed"]
        self.assertEqual([(each["dataset"], each["images"], each["same_digits"]) for each in done],
                         [("kinds", 60, 60)])
        self.assertAlmostEqual(done[0]["published"], done[0]["replayed"])
        self.assertAlmostEqual(made["score"], self.json("eval", "--protocol", "score")["metrics"]["score"]
                               ["playground score"]["value"])
        scores = self.folder / "out/scores/kinds/mine/euclidean.json"
        published = json.loads(scores.read_text())
        published["rows"][5] += 1
        scores.write_text(json.dumps(published))
        self.assertEqual(self.json("playground", "replay", "out")["replayed"][0]["different"], 1)
        scores.write_text("{")
        self.refused("playground", "replay", "out", code=1, saying="euclidean.json")
        self.refused("playground", "replay", "nowhere", code=1, saying="nowhere")
        self.refused("playground", "export", "out", "--dataset", "a/b", code=2, saying="a/b")

    def test_what_is_not_there(self):
        self.imported(kinds(20, 6, 2))
        self.refused("eval", "--space", "other", code=1, saying="other")
        self.refused("eval", "--labels", "none.csv", code=2, saying="none.csv")
        self.refused("eval", "--out", "a.pdf", code=2, saying=".html")
        self.refused("eval", "--out", "nowhere/a.html", code=2, saying="nowhere")
        self.refused("eval", "--test-share", "2", code=2, saying="2")


if __name__ == "__main__":
    support.main()
