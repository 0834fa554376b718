"""alike map: points, figures and files; small, odd and damaged collections; the kept map."""

import contextlib
import json
import math
import os
import pathlib
import pty
import random
import signal
import xml.etree.ElementTree

import support

POINT = {"id", "x", "y", "label", "path", "trust", "cluster"}
QUALITY = {"k", "trustworthiness", "continuity", "neighbors_kept", "triplets", "label_accuracy",
           "map_label_accuracy", "silhouette"}
DOCUMENT = {"space", "options", "points", "quality", "clusters", "explained_variance", "start",
            "remark", "placed", "made_ms", "map", "age", "behind", "kept", "reused", "seconds",
            "files"}
METHODS = ["umap", "tsne", "pca"]


def crowds(n, width, groups=4, seed=1):
    """Rows around `groups` far points, row i in crowd i % groups."""
    draw = random.Random(seed)
    centers = [[draw.gauss(0, 8) for _ in range(width)] for _ in range(groups)]
    return [[value + draw.gauss(0, 1) for value in centers[i % groups]] for i in range(n)]


class Map(support.TestCase):

    def imported(self, rows, space="mine", labels=4, metric="l2"):
        (self.folder / "x.npy").write_bytes(support.npy(rows))
        paths = [f"kind{i % labels}/p{i}.png" for i in range(len(rows))]
        (self.folder / "x.paths").write_text("\n".join(paths) + "\n")
        self.json("import", "x.npy", "--paths", "x.paths", "--space", space, "--metric", metric)

    def map(self, *words, **options):
        return self.json("map", *words, **options)

    def kept(self):
        """The content of the collection, byte by byte."""
        files = [path for path in (self.folder / ".alike").rglob("*") if path.is_file()]
        return {path.name: path.read_bytes() for path in files
                if path.name not in ("lock", "catalog.db-shm", "catalog.db-wal")}

    def points(self, document):
        return [(each["id"], each["x"], each["y"]) for each in document["points"]]

    def test_the_document_has_a_point_for_every_picture_and_every_figure(self):
        self.imported(crowds(120, 10))
        for method in METHODS:
            done = self.map("--method", method)
            self.assertEqual(set(done), DOCUMENT)
            self.assertEqual([point["id"] for point in done["points"]], list(range(120)))
            for point in done["points"]:
                self.assertEqual(set(point), POINT)
                self.assertTrue(math.isfinite(point["x"]) and math.isfinite(point["y"]))
                self.assertEqual(point["label"], f"kind{point['id'] % 4}")
                self.assertTrue(0 <= point["trust"] <= 1)
            self.assertEqual(set(done["quality"]), QUALITY)
            for name, figure in done["quality"].items():
                self.assertGreater(figure, 0.3, name)
            self.assertEqual((done["map"], done["space"], done["options"]["method"]),
                             (f"mine.{method}", "mine", method))
            self.assertEqual(done["age"], {"added": 0, "changed": 0, "gone": 0, "current": True})
            self.assertTrue(done["kept"] and not done["reused"])
            self.assertEqual(len(done["explained_variance"]), 2 if method == "pca" else 0)

    def test_the_same_map_every_time_for_any_number_of_threads(self):
        self.imported(crowds(150, 8))
        for method in METHODS:
            first = self.map("--method", method, "--threads", "1")
            again = self.map("--method", method)
            self.assertTrue(again["reused"])
            self.assertEqual(self.points(first), self.points(again))
            for threads in ["2", "5"]:
                other = self.map("--method", method, "--threads", threads, "--name", f"t{threads}")
                self.assertFalse(other["reused"])
                self.assertEqual(self.points(first), self.points(other))
        other = self.map("--seed", "7")
        self.assertFalse(other["reused"])
        self.assertNotEqual(self.points(other), self.points(self.map("--name", "t2")))

    def test_clusters_are_of_one_crowd_and_are_named(self):
        self.imported(crowds(200, 12))
        done = self.map()
        self.assertGreaterEqual(len(done["clusters"]), 4)
        self.assertEqual(len({each["name"] for each in done["clusters"]}), len(done["clusters"]))
        for point in done["points"]:
            if point["cluster"] is not None:
                cluster = done["clusters"][point["cluster"]]
                self.assertEqual(cluster["medoid"] % 4, point["id"] % 4)
        self.assertGreater(done["quality"]["map_label_accuracy"], 0.95)
        text = self.alike("map").text
        self.assertIn("200 pictures of space mine by umap", text)
        self.assertIn("trustworthiness 0.", text)
        self.assertIn("kind2", text)

    def test_few_rows_give_few_points(self):
        for n in [1, 2, 3, 16]:
            self.imported(crowds(n, 5), space=f"s{n}", labels=1)
            for method in METHODS:
                done = self.map("--space", f"s{n}", "--method", method, "--out", f"{n}.svg", "--out",
                                f"{n}.png", "--out", f"{n}.html")
                self.assertEqual(len(done["points"]), n)
                for point in done["points"]:
                    self.assertTrue(math.isfinite(point["x"]) and math.isfinite(point["y"]))
            if n < 3:
                self.assertIn("too few pictures to judge", self.alike("map", "--space", f"s{n}").text)
            self.setUp()

    def test_odd_rows_give_a_map(self):
        odd = {"equal": [[1.0, 2.0, 3.0]] * 40,
               "constant": [[value, 5.0] for value, in crowds(40, 1)],
               "far": [[1e6 * (i % 2) + value for value in row]
                       for i, row in enumerate(crowds(60, 4))],
               "wide": crowds(20, 62720, seed=3)}
        for name, rows in odd.items():
            self.imported(rows, space=name)
            for method in METHODS:
                with self.subTest(name, method=method):
                    done = self.map("--space", name, "--method", method, "--out", "x.png")
                    self.assertEqual(len(done["points"]), len(rows))
                    for point in done["points"]:
                        self.assertTrue(math.isfinite(point["x"]) and math.isfinite(point["y"]))
            self.setUp()

    def test_files_are_what_their_endings_say(self):
        self.imported(crowds(60, 6))
        files = ["m.png", "m.svg", "m.html", "m.json", "m.npy"]
        done = self.map(*[word for file in files for word in ("--out", file)])
        self.assertEqual(done["files"], files)
        self.assertEqual((self.folder / "m.png").read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
        root = xml.etree.ElementTree.parse(self.folder / "m.svg").getroot()
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        page = (self.folder / "m.html").read_text()
        self.assertIn("<!doctype html>", page.lower())
        self.assertIn("kind1/p1.png", page)  # found by its search
        document = json.loads((self.folder / "m.json").read_text())
        self.assertEqual(document["points"], done["points"])
        self.assertEqual(document["quality"], done["quality"])
        rows, kind = support.read_npy(self.folder / "m.npy")
        self.assertEqual(kind, "<f4")
        for row, point in zip(rows, done["points"], strict=True):
            self.assertAlmostEqual(row[0], point["x"], places=5)
        paths = (self.folder / "m.paths").read_text().splitlines()
        self.assertEqual(paths, [point["path"] for point in done["points"]])
        for words in [["--dark"], ["--color-by", "cluster"], ["--color-by", "trust", "--dark"],
                      ["--grid"]]:
            for file in ["m.png", "m.svg"] + ["m.html"] * ("--dark" not in words):
                before = (self.folder / file).read_bytes()
                self.map("--out", file, *words)
                self.assertNotEqual((self.folder / file).read_bytes(), before, [file, *words])
        self.assertEqual([path.name for path in self.folder.glob("*.new")], [])

    def test_the_pictures_themselves_can_be_drawn(self):
        folder = self.indexed(9)
        for words in [["--thumbs"], ["--thumbs", "--grid"]]:
            plain = self.folder / "plain.png"
            self.json("-C", folder, "map", "--out", plain)
            self.json("-C", folder, "map", "--out", self.folder / "t.png", *words)
            self.json("-C", folder, "map", "--out", self.folder / "t.html", *words)
            self.assertNotEqual(plain.read_bytes(), (self.folder / "t.png").read_bytes())

    def test_what_so_few_pictures_lower_is_told_and_kept(self):
        self.imported(crowds(10, 5))
        made = self.alike("map", "--method", "tsne", "--perplexity", "30").text
        self.assertIn("perplexity was lowered from 30 to 3, as there are 10 rows", made)
        self.assertEqual(self.map("--method", "tsne", "--perplexity", "30")["options"]["perplexity"], 3)
        again = self.alike("map", "--method", "tsne", "--perplexity", "30").text
        self.assertIn("made before", again)
        self.assertIn("perplexity was lowered from 30 to 3", again)

    def test_what_cannot_be_is_refused_before_the_work(self):
        self.imported(crowds(30, 5))
        before = self.kept()
        (self.folder / "folder.png").mkdir()
        for words, code, saying in [
                (["--method", "isomap"], 2, "isomap"),
                (["--color-by", "rainbow"], 2, "rainbow"),
                (["--neighbors", "1"], 2, "from 2 to 200"),
                (["--min-dist", "3"], 2, "min_dist"),
                (["--min-dist", "nan"], 2, "min_dist"),
                (["--perplexity", "-4"], 2, "perplexity"),
                (["--seed", "-1"], 2, "seed"),
                (["--space", "theirs"], 1, "theirs"),
                (["--name", "../x"], 2, "../x"),
                (["--out", "m.gif"], 2, ".png"),
                (["--out", "nowhere/m.png"], 2, "nowhere"),
                (["--out", "folder.png"], 2, "folder.png"),
                (["--remove", "x"], 1, "no map"),
                (["--update", "--name", "x"], 1, "no map"),
                (["--layers", "stem"], 1, "imported")]:
            self.refused("map", *words, code=code, saying=saying)
        self.assertEqual(self.kept(), before)
        self.imported(crowds(30, 5), space="product", metric="ip")
        self.refused("map", "--space", "product", code=2, saying="ip")

    def test_an_output_that_cannot_be_written_is_found_out_before_the_work(self):
        limited = self.limited()
        self.imported(crowds(30, 5))
        (self.folder / "closed").mkdir(mode=0o555)
        before = self.kept()
        self.refused("map", "--out", "closed/m.png", code=1, saying="closed/m.png", **limited)
        self.assertEqual(self.kept(), before)

    def test_a_collection_that_cannot_be_written_still_gives_a_file(self):
        limited = self.limited()
        self.imported(crowds(30, 5))
        for path in [*(self.folder / ".alike").rglob("*"), self.folder / ".alike"]:
            path.chmod(0o555 if path.is_dir() else 0o444)
            self.addCleanup(path.chmod, 0o755)
        done = self.map("--out", "m.svg", **limited)
        self.assertFalse(done["kept"])
        self.assertTrue((self.folder / "m.svg").exists())
        self.refused("map", code=1, saying="lock", **limited)

    def test_maps_are_listed_removed_and_go_with_their_space(self):
        self.assertEqual(self.json("map", "--list", code=1)["error"]["code"], "not_found")
        self.imported(crowds(30, 5))
        self.assertEqual(self.map("--list"), [])
        self.imported(crowds(30, 5, seed=2), space="other")
        self.map("--method", "pca")
        self.map("--space", "other", "--name", "second")
        maps = self.map("--list")
        self.assertEqual([(each["map"], each["space"], each["pictures"]) for each in maps],
                         [("mine.pca", "mine", 30), ("second", "other", 30)])
        self.assertTrue(maps[0]["age"]["current"])
        self.assertEqual(self.json("status")["maps"],
                         [{"name": "mine.pca", "space": "mine"}, {"name": "second", "space": "other"}])
        self.assertIn("second", self.alike("map", "--list").text)
        self.json("spaces", "remove", "other")
        self.assertEqual([each["map"] for each in self.map("--list")], ["mine.pca"])
        self.assertEqual(self.map("--remove", "mine.pca"), [])
        self.assertEqual(list((self.folder / ".alike" / "maps").iterdir()), [])
        self.assertEqual(self.json("verify")["damage"], [])

    def test_a_damaged_map_is_named_with_the_command_that_makes_it_again(self):
        self.imported(crowds(40, 5))
        first = self.map()
        file = self.folder / ".alike" / "maps" / "mine.umap.map"
        data = bytearray(file.read_bytes())
        for i in range(300, 340):
            data[i] ^= 0x55
        file.write_bytes(data)
        command = "alike map --space mine --method umap"
        damage, = self.json("verify", code=1)["damage"]
        self.assertEqual((damage["file"], damage["remedy"]), ("maps/mine.umap.map", command))
        self.assertIn(command, self.map("--list")[0]["error"])
        self.refused("map", "--update", code=1, saying=["mine.umap.map", command])
        again = self.alike("--json", "map", "--space", "mine", "--method", "umap")
        self.assertIn("mine.umap.map", again.errors)
        self.assertEqual(self.points(first), self.points(again.document))
        self.assertEqual(self.json("verify")["damage"], [])
        file.write_bytes(data)
        self.assertIn(command, self.json("repair")["done"][0])
        self.assertEqual(self.json("verify")["damage"], [])

    def test_new_pictures_land_on_the_map_and_those_that_are_gone_leave_it(self):
        folder = self.indexed(40)
        first = self.json("-C", folder, "map")
        (folder / "p0003.png").unlink()
        (folder / "p0004.png").write_bytes(support.png(4000))
        (folder / "new.png").write_bytes((folder / "p0010.png").read_bytes())
        self.json("-C", folder, "index")
        listed, = self.json("-C", folder, "map", "--list")
        self.assertEqual(listed["age"], {"added": 1, "changed": 1, "gone": 1, "current": False})
        self.assertIn("1 new, 1 changed, 1 gone", self.alike("-C", folder, "map", "--list").text)

        updated = self.json("-C", folder, "map", "--update")
        self.assertTrue(updated["age"]["current"])
        self.assertEqual((updated["placed"], len(updated["points"])), (2, 40))
        self.assertEqual({key: updated["update"][key] for key in ("placed", "dropped")},
                         {"placed": 2, "dropped": 1})
        before = {each["path"]: each for each in first["points"]}
        after = {each["path"]: each for each in updated["points"]}
        self.assertNotIn("p0003.png", after)
        for path in before.keys() & after.keys() - {"p0004.png"}:
            self.assertEqual((before[path]["x"], before[path]["y"]),
                             (after[path]["x"], after[path]["y"]))
        twin, new = after["p0010.png"], after["new.png"]
        xs = [each["x"] for each in first["points"]]
        self.assertLess(math.dist((twin["x"], twin["y"]), (new["x"], new["y"])),
                        0.1 * (max(xs) - min(xs)))
        again = self.json("-C", folder, "map", "--update")
        self.assertEqual(self.points(again), self.points(updated))
        self.assertEqual(again["update"]["placed"], 0)

        for i in range(30):
            (folder / f"more{i}.png").write_bytes(support.png(900 + i))
        self.json("-C", folder, "index")
        result = self.alike("-C", folder, "map", "--update")
        self.assertIn("makes a better one", result.text)
        anew = self.json("-C", folder, "map")
        self.assertEqual((anew["placed"], len(anew["points"]), anew["reused"]), (0, 70, False))

    def test_a_space_that_is_behind_says_so(self):
        folder = self.indexed(12)
        self.pictures(3, start=20)
        self.json("-C", folder, "index", "--space", "second", "--layer", "relu2", "--pooling", "max")
        done = self.json("-C", folder, "map", "--space", "tiny")
        self.assertEqual((done["behind"], len(done["points"])), (3, 12))
        text = self.alike("-C", folder, "map", "--space", "tiny").text
        self.assertIn(f"3 pictures not yet in this space: alike -C {folder} index --space tiny", text)

    def test_a_snapshot_brings_maps_back(self):
        folder = self.indexed(20)
        first = self.json("-C", folder, "map", "--method", "pca")
        self.json("-C", folder, "snapshot", self.folder / "all.alike")
        self.json("restore", "all.alike", "copy")
        again = self.json("-C", "copy", "map", "--method", "pca")
        self.assertTrue(again["reused"])
        self.assertEqual(self.points(again), self.points(first))

    def test_ctrl_c_leaves_the_collection_as_it_was(self):
        self.imported(crowds(5000, 8))
        before = self.kept()
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        with open(self.folder / "out", "wb") as out:  # a pipe would be full where it is not interrupted
            process = self.start("--json", "map", "--out", "m.png", stdout=out, stderr=end)
        os.close(end)
        shown = b""
        while b"steps of the layout" not in shown:  # it is at it; an OSError where it ends before
            shown += os.read(terminal, 65536)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):
            while os.read(terminal, 65536):
                pass
        self.assertEqual(process.wait(), 130)
        error = json.loads((self.folder / "out").read_text())["error"]
        self.assertEqual(error["code"], "interrupted")
        self.assertEqual(self.kept(), before)
        self.assertEqual(list(self.folder.glob("m.png*")), [])
        self.assertEqual(self.json("verify")["damage"], [])

    def test_one_map_for_each_layer(self):
        self.folder = pathlib.Path(self.folder)
        for kind in range(3):
            self.pictures(8, start=kind * 100, where=f"pictures/kind{kind}")
        folder = self.folder / "pictures"
        self.json("-C", folder, "index", "--encoder", "tiny")
        done = self.json("-C", folder, "map", "--layers", "stage1,stage2,embedding", "--out",
                         self.folder / "layers.svg", "--out", self.folder / "layers.json")
        self.assertEqual([each["layer"] for each in done["layers"]], ["stage1", "stage2", "embedding"])
        for each in done["layers"]:
            self.assertEqual(len(each["points"]), 24)
            self.assertEqual(set(each["quality"]), QUALITY)
        root = xml.etree.ElementTree.parse(self.folder / "layers.svg").getroot()
        self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
        again = self.json("-C", folder, "map", "--layers", "stage1,stage2,embedding")
        for a, b in zip(done["layers"], again["layers"], strict=True):
            self.assertEqual(self.points(a), self.points(b))
        self.refused("-C", folder, "map", "--layers", "stage1,none", code=1, saying="none")
        text = self.alike("-C", folder, "map", "--layers", "stage1,stage2").text
        self.assertIn("layer", text)
        self.assertIn("stage2", text)


if __name__ == "__main__":
    support.main()
