"""The ground of learning needs neither OpenVINO nor SQLite, and its network becomes an encoder."""

import json
import math
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "cli"))
import support

GROUND = os.environ.get("ALIKE_GROUND", "")


AUGMENTED = "bcca61f5c763e46c"  # of support.png(3): the same on every machine


class Ground(support.TestCase):

    def test_it_links_neither_openvino_nor_sqlite(self):
        for program, there in [(support.PROGRAM, True), (GROUND, False)]:
            with self.subTest(program):
                libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
                for name in ("libopenvino", "libsqlite3"):
                    self.assertEqual(name in libraries, there, libraries)

    def test_a_network_with_a_new_head_becomes_an_encoder(self):
        picture = self.folder / "picture.png"
        picture.write_bytes(support.png(3))
        package = pathlib.Path(self.environment["ALIKE_HOME"]) / "models/tiny"
        done = subprocess.run([GROUND, f"{package}/", picture, self.folder / "headed.onnx"], capture_output=True,
                              text=True, env=self.environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        told = json.loads(done.stdout)
        self.assertEqual(told["map@r"], 1)
        self.assertEqual(told["augmented"], AUGMENTED)
        # Twelve uniform numbers less 6 have the variance 1: 8 numbers a row, less 8 for each centre.
        self.assertAlmostEqual(told["inertia"], 150 * 8 - 3 * 8, delta=5 * (2 * 1200) ** .5)
        self.add_encoder("headed", self.folder / "headed.onnx", "--default-layer", "head")
        rows = {}
        for encoder in ("tiny", "headed"):
            self.json("embed", picture, "--encoder", encoder, "--out", self.folder / f"{encoder}.npy")
            rows[encoder] = support.read_npy(self.folder / f"{encoder}.npy")[0][0]
        width = len(rows["tiny"])
        expected = [sum((i * width + j + 1) * value for j, value in enumerate(rows["tiny"])) for i in range(3)]
        length = math.hypot(*expected)  # rows are written at length 1
        for found, each in zip(rows["headed"], expected, strict=True):
            self.assertAlmostEqual(found, each / length, delta=1e-5)


if __name__ == "__main__":
    support.main()
