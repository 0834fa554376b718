"""models, layers, embed."""

import math
import os
import shutil
import signal

import support


class Models(support.TestCase):

    def test_a_network_of_ones_own_becomes_an_encoder(self):
        shown = self.json("models", "add", self.samples / "other.onnx", "--name", "mine", "--mean",
                          "1,2,3", "--scale", "64", "--crop", "0.5", "--channels", "bgr",
                          "--licence", "MIT", "--interpolation", "bilinear")
        self.assertEqual(shown["name"], "mine")
        self.assertEqual(shown["input"], {"size": 16, "crop_fraction": 0.5,
                                          "interpolation": "bilinear", "mean": [1, 2, 3],
                                          "scale": [64, 64, 64], "bgr": True})
        self.assertEqual(self.json("models", "show", "mine"), shown)
        listed = {each["name"]: each for each in self.json("models")}
        self.assertEqual(listed["mine"], shown)
        self.assertFalse(listed["efficientnet-lite0"]["installed"])
        self.assertEqual(listed, {each["name"]: each for each in self.json("models", "list")})
        self.assertIn("mine", self.alike("models").text)
        self.assertIn("MIT", self.alike("models", "show", "mine").text)

    def test_it_is_tried_also_where_whoever_starts_this_ignores_ends_of_children(self):
        self.addCleanup(shutil.rmtree, self.base / "home/models/watched")
        self.json("models", "add", self.samples / "other.onnx", "--name", "watched", "--mean", "1,2,3",
                  "--scale", "64", "--crop", "0.5",
                  preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))

    def test_what_the_file_does_not_say_is_asked_for_by_option(self):
        self.refused("models", "add", self.samples / "open.onnx", code=2, saying="--size")
        self.refused("models", "add", self.samples / "open.onnx", "--size", "32", code=2,
                     saying="--mean")
        self.refused("models", "add", self.samples / "tiny.onnx", "--name", "x", "--mean", "1",
                     "--scale", "0", code=2, saying="--scale")
        self.refused("models", "add", self.samples / "tiny.onnx", "--name", "x", "--mean", "1,2",
                     "--scale", "1", code=2, saying="--mean is '1,2'")
        self.refused("models", "add", self.samples / "tiny.onnx", "--name", "tiny", code=2,
                     saying="there is an encoder 'tiny'")
        self.refused("models", "add", self.samples / "tiny.onnx", "--name", "../x", code=2,
                     saying="cannot name an encoder")
        self.refused("models", "add", self.samples / "tiny.onnx", "--name", "efficientnet-lite0",
                     code=2, saying="--name")
        self.assertEqual({path.name for path in (self.base / "home" / "models").glob("[!.]*")} -
                         {"tiny", "mine", "wide"}, set())

    def test_a_file_that_is_no_network_is_refused(self):
        whole = (self.samples / "tiny.onnx").read_bytes()
        for name, data in [("empty", b""), ("text", b"hello"), ("half", whole[:len(whole) // 2])]:
            (self.folder / f"{name}.onnx").write_bytes(data)
            self.refused("models", "add", f"{name}.onnx", "--mean", "0", "--scale", "1", code=1,
                         saying=f"{name}.onnx")

    def test_a_changed_model_is_not_used(self):
        self.add_encoder("wide")
        self.addCleanup(shutil.rmtree, self.base / "home" / "models" / "wide")
        model = self.base / "home" / "models" / "wide" / "model.onnx"
        data = bytearray(model.read_bytes())
        data[len(data) // 2] ^= 1
        model.write_bytes(data)
        self.refused("embed", self.samples / "picture.jpg", "--encoder", "wide", "--out", "x.npy",
                     code=1, saying="model.onnx")

    def test_layers_have_sizes_and_cost(self):
        layers = self.json("layers", "tiny")
        self.assertEqual([each["name"] for each in layers if each["default"]], ["embedding"])
        everything = {each["tensor"]: each for each in self.json("layers", "tiny", "--all")}
        self.assertEqual([everything["relu1"][key] for key in ("channels", "height", "width", "numbers")],
                         [4, 8, 8, 256])
        costs = [everything[name]["cost"] for name in ("relu1", "relu2", "pooled", "logits")]
        self.assertEqual(costs, sorted(costs))
        self.assertAlmostEqual(costs[0], 6912 / 11560)
        self.assertEqual(costs[-1], 1)
        self.assertIn("relu1", self.alike("layers", "tiny", "--all").text)

    def test_unknown_names_get_the_nearest_ones(self):
        for words in [["layers", "tinny"], ["models", "show", "tinny"],
                      ["embed", self.samples / "picture.jpg", "--encoder", "tinny", "--out", "x.npy"]]:
            self.refused(*words, code=1, saying="'tiny'")
        self.refused("models", "get", "efficientnet-lite9", code=1,
                     saying="did you mean 'efficientnet-lite0', 'efficientnet-lite1' or")
        self.refused("models", "get", "x", code=1,
                     saying="there are 'efficientnet-lite0', 'efficientnet-lite1' and")
        self.refused("embed", self.samples / "picture.jpg", "--encoder", "tiny", "--layer", "relu9",
                     "--out", "x.npy", code=1, saying=["relu9", "'relu1'"])


class Embed(support.TestCase):

    def test_rows_and_paths_stand_in_the_order_of_the_files(self):
        folder = self.pictures(5)
        files = [folder / f"p000{i}.png" for i in (3, 0, 4)]
        done = self.json("embed", *files, "--encoder", "tiny", "--out", "x.npy")
        self.assertEqual((done["n"], done["width"], done["encoder"]), (3, 8, "tiny"))
        self.assertEqual(done["skipped"], [])
        self.assertGreater(done["seconds"], 0)
        rows, kind = support.read_npy(self.folder / "x.npy")
        self.assertEqual((len(rows), kind), (3, "<f4"))
        for row in rows:
            self.assertAlmostEqual(math.hypot(*row), 1, places=5)
        paths = (self.folder / "x.paths").read_text().splitlines()
        self.assertEqual([os.path.basename(path) for path in paths], ["p0003.png", "p0000.png",
                                                                      "p0004.png"])
        self.json("embed", folder, "--encoder", "tiny", "--out", "all.npy")
        everything, _ = support.read_npy(self.folder / "all.npy")
        self.assertEqual([everything[i] for i in (3, 0, 4)], rows)

    def test_layer_pooling_and_raw(self):
        folder = self.pictures(2)
        for words, width in [(["--layer", "relu1", "--pooling", "none"], 256),
                             (["--layer", "relu1", "--pooling", "gem"], 4),
                             (["--layer", "relu2", "--pooling", "max"], 8), (["--raw"], 8)]:
            done = self.json("embed", folder, "--encoder", "tiny", *words, "--out", "x.npy")
            self.assertEqual(done["width"], width)
        raw, _ = support.read_npy(self.folder / "x.npy")
        self.json("embed", folder, "--encoder", "tiny", "--out", "unit.npy")
        for a, b in zip(raw, support.read_npy(self.folder / "unit.npy")[0]):
            for x, y in zip(a, b):
                self.assertAlmostEqual(x / math.hypot(*a), y, places=5)

    def test_rows_do_not_depend_on_threads(self):
        folder = self.pictures(20)
        for threads in "123":
            self.json("--threads", threads, "embed", folder, "--encoder", "tiny", "--out",
                      f"{threads}.npy")
        first, *others = ((self.folder / f"{threads}.npy").read_bytes() for threads in "123")
        self.assertEqual(others, [first, first])

    def test_a_bad_picture_does_not_end_the_work(self):
        folder = self.pictures(2)
        (folder / "bad.png").write_bytes(support.png(1)[:60])
        done = self.json("embed", folder / "p0000.png", folder / "bad.png", folder / "p0001.png",
                         "--encoder", "tiny", "--out", "x.npy")
        self.assertEqual(done["n"], 2)
        self.assertEqual([os.path.basename(each["path"]) for each in done["skipped"]], ["bad.png"])
        self.assertEqual(len((self.folder / "x.paths").read_text().splitlines()), 2)
        self.refused("embed", folder / "bad.png", "--encoder", "tiny", "--out", "y.npy", code=2,
                     saying="none of the files")

    def test_an_output_that_cannot_be_written_is_named(self):
        folder = self.pictures(1)
        self.refused("embed", folder, "--encoder", "tiny", "--out", "none/x.npy", code=1,
                     saying="none/x.npy")


if __name__ == "__main__":
    support.main()
