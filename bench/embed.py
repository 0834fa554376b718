"""Embedding end to end: `alike embed` beside what it replaces, on the same pictures, equal cores.

    bench/embed.py FOLDER_OF_PICTURES [ROUNDS] [REPEAT]

REPEAT lists every picture so many times, so that starting up weighs as it does on a real folder.
"""

import pathlib
import sys
import tempfile

from common import ALIKE, PYTHON, ROOT, median, package, publish, run, table, together


def main():
    files = sorted(str(p) for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    files *= int(sys.argv[3]) if len(sys.argv) > 3 else 2
    encoder = package("efficientnet-lite0")
    pipeline, bare = ROOT / "bench/rivals/pipeline.py", ROOT / "bench/rivals/bare.py"
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        halves = [pathlib.Path(folder) / f"half{i}" for i in (0, 1)]
        for i, half in enumerate(halves):
            half.write_text("\n".join(files[i::2]))

        def rival(kind, batch):
            outputs, whole = together([[PYTHON, pipeline, kind, encoder, half, f"{half}.npy", "--batch", batch]
                                       for half in halves])
            return max(o["seconds"] for o in outputs), whole

        def alike():
            answer, whole, _ = run(ALIKE, "--json", "--threads", 2, "embed", *files, "--encoder",
                                   "efficientnet-lite0", "--out", f"{folder}/alike.npy")
            assert answer["n"] == len(files), answer
            return answer["seconds"], whole

        def network():
            answer, whole, _ = run(PYTHON, bare, encoder, len(files), 2)
            return answer["seconds"], whole

        contestants = {
            "alike embed, 2 threads": alike,
            "onnxruntime + Pillow, 2 processes, batch 1": lambda: rival("onnxruntime", 1),
            "onnxruntime + Pillow, 2 processes, batch 8": lambda: rival("onnxruntime", 8),
            "OpenVINO Python + Pillow, 2 processes, batch 1": lambda: rival("openvino", 1),
            "bare network on ready tensors, 2 streams": network,
        }
        alike()  # compiles the network once, as a user's first run does
        for _ in range(rounds):
            for name, contestant in contestants.items():
                seconds.setdefault(name, []).append(contestant())
    loop = {name: len(files) / median([s[0] for s in all_]) for name, all_ in seconds.items()}
    whole = {name: len(files) / median([s[1] for s in all_]) for name, all_ in seconds.items()}
    first = next(iter(contestants))
    publish("Embedding end to end", f"{len(files)} pictures, EfficientNet-Lite0, median of {rounds} rounds "
            "taken in turn. \"Loop\" leaves out starting the process and loading the network.\n\n" +
            table(["", "img/s, whole process", "img/s, loop", "alike ×, whole", "alike ×, loop"],
                  [[name, f"{whole[name]:.1f}", f"{loop[name]:.1f}", f"{whole[first] / whole[name]:.2f}",
                    f"{loop[first] / loop[name]:.2f}"] for name in contestants]))


main()
