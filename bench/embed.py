"""Embedding end to end: `alike embed` beside its rivals, on the same pictures, equal cores.

    bench/embed.py FOLDER_OF_PICTURES [ROUNDS] [REPEAT]

REPEAT lists every picture so many times, so that starting up weighs as it does on a real folder.
"""

import pathlib
import sys
import tempfile

import numpy

from common import ALIKE, PYTHON, ROOT, median, package, publish, run, table, together

ENCODER = "efficientnet-lite0"


class Contest:
    """The contestants on one list of files; each call returns (seconds of the loop, of the process)."""

    def __init__(self, files, folder):
        self.files, self.folder = files, folder
        self.package = package(ENCODER)
        self.halves = [pathlib.Path(folder) / f"half{i}" for i in (0, 1)]
        for i, half in enumerate(self.halves):
            half.write_text("\n".join(files[i::2]))
        self.rows = {}

    def alike(self, name, bfloat16):
        answer, whole, _ = run(ALIKE, "--json", "--quiet", "--threads", 2, "embed", *self.files, "--encoder", ENCODER,
                               "--out", f"{self.folder}/alike.npy", env={"ALIKE_BFLOAT16": bfloat16})
        assert answer["n"] == len(self.files), answer
        self.rows[name] = numpy.load(f"{self.folder}/alike.npy")
        return answer["seconds"], whole

    def rival(self, name, kind, batch):
        outputs, whole = together([[PYTHON, ROOT / "bench/rivals/pipeline.py", kind, self.package, half, f"{half}.npy",
                                    "--batch", batch, "--icc"] for half in self.halves])
        rows = [numpy.load(f"{half}.npy") for half in self.halves]
        self.rows[name] = numpy.empty((len(self.files), rows[0].shape[1]), numpy.float32)
        self.rows[name][0::2], self.rows[name][1::2] = rows
        return max(o["seconds"] for o in outputs), whole

    def bare(self, _, kind):
        answer, whole, _ = run(PYTHON, ROOT / "bench/rivals/bare.py", kind, self.package, len(self.files), 2)
        return answer["seconds"], whole


def main():
    files = sorted(str(p) for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    files *= int(sys.argv[3]) if len(sys.argv) > 3 else 2
    truth = "onnxruntime + Pillow, 2 processes, batch 1"
    with tempfile.TemporaryDirectory() as folder:
        contest = Contest(files, folder)
        contestants = {
            "alike embed, 2 threads": (contest.alike, "on"),
            "alike embed, all in float32": (contest.alike, "off"),
            truth: (contest.rival, "onnxruntime", 1),
            "onnxruntime + Pillow, 2 processes, batch 8": (contest.rival, "onnxruntime", 8),
            "OpenVINO Python + Pillow, 2 processes, float32": (contest.rival, "openvino", 1),
            "OpenVINO Python + Pillow, 2 processes, its own precision": (contest.rival, "openvino-own", 1),
            "bare network on ready tensors, 2 streams, float32": (contest.bare, "openvino"),
            "bare network on ready tensors, 2 streams, its own precision": (contest.bare, "openvino-own"),
        }
        for bfloat16 in ("on", "off"):
            contest.alike("", bfloat16)  # compiles the network once, as a user's first run does
        seconds = {name: [] for name in contestants}
        for _ in range(rounds):
            for name, (contestant, *words) in contestants.items():
                seconds[name].append(contestant(name, *words))
    rate = {name: [len(files) / median(column) for column in zip(*taken)] for name, taken in seconds.items()}
    first = next(iter(contestants))
    rows = []
    for name in contestants:
        cosine = (contest.rows[name] * contest.rows[truth]).sum(axis=1) if name in contest.rows else None
        rows.append([name, f"{rate[name][1]:.1f}", f"{rate[name][0]:.1f}", f"{rate[first][1] / rate[name][1]:.2f}",
                     f"{rate[first][0] / rate[name][0]:.2f}"] +
                    (["", ""] if cosine is None else [f"{cosine.mean():.5f}", f"{numpy.percentile(cosine, 1):.5f}"]))
    publish("Embedding end to end", f"{len(files)} pictures, EfficientNet-Lite0, median of {rounds} rounds taken in "
            "turn. \"Loop\" leaves out starting the process and loading the network. Cosine: to the rows of "
            "onnxruntime + Pillow at batch 1.\n\n" +
            table(["", "img/s, whole process", "img/s, loop", "alike ×, whole", "alike ×, loop", "cosine, mean",
                   "1st percentile"], rows))


main()
