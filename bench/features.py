"""Right features: alike beside onnxruntime + Pillow with the same ONNX; top-1; neighbours on stamps.

    bench/features.py FOLDER_OF_500_PHOTOGRAPHS [STAMPS]

Photographs are named <wordnet id>_<name>.JPEG and are every second of ImageNet's 1,000 classes.
"""

import collections
import pathlib
import sys
import tempfile

import numpy

from common import ALIKE, PYTHON, ROOT, package, publish, run, table

ENCODERS = ["efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"]


def embed(files, encoder, *options):
    with tempfile.TemporaryDirectory() as folder:
        answer, _, _ = run(ALIKE, "--json", "embed", *files, "--encoder", encoder, *options, "--out", f"{folder}/x.npy")
        assert answer["n"] == len(files), answer
        return numpy.load(f"{folder}/x.npy")


def precision(rows, labels, ks=(1, 10)):
    """P@k over pictures of classes of 11 or more, neighbours among all pictures of such classes."""
    sizes = collections.Counter(labels)
    kept = [i for i, label in enumerate(labels) if sizes[label] >= 11]
    rows, labels = rows[kept], numpy.array(labels)[kept]
    scores = rows @ rows.T
    numpy.fill_diagonal(scores, -2)
    nearest = numpy.argsort(-scores, axis=1, kind="stable")
    return [float((labels[nearest[:, :k]] == labels[:, None]).mean()) for k in ks], len(kept)


def main():
    photographs = sorted(pathlib.Path(sys.argv[1]).glob("*.JPEG"))
    stamps_root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "/usr/share/tuxpaint/stamps")
    stamps = sorted(stamps_root.rglob("*.png"))
    labels = ["/".join(p.parent.relative_to(stamps_root).parts[:2]) for p in stamps]
    rows = []
    for name in ENCODERS:
        folder = package(name)
        with tempfile.TemporaryDirectory() as work:
            pathlib.Path(work, "list").write_text("\n".join(map(str, photographs)))
            theirs = []
            for options in (["--icc"], []):
                run(PYTHON, ROOT / "bench/rivals/pipeline.py", "onnxruntime", folder, f"{work}/list",
                    f"{work}/rival.npy", *options)
                theirs.append(numpy.load(f"{work}/rival.npy"))
        ours = embed(photographs, name)
        cosine, plain = ((ours * each).sum(axis=1) for each in theirs)
        best = embed(photographs, name, "--layer", "logits").argmax(axis=1)
        top1 = (best == numpy.arange(0, 1000, 2)[: len(best)]).mean()
        (p1, p10), counted = precision(embed(stamps, name), labels)
        rows.append([name, f"{cosine.mean():.6f}", f"{numpy.percentile(cosine, 1):.6f}", f"{plain.mean():.6f}",
                     f"{numpy.percentile(plain, 1):.6f}", f"{100 * top1:.1f} %", f"{p1:.3f}", f"{p10:.3f}"])
    publish("Right features", f"{len(photographs)} photographs against onnxruntime + Pillow with the same ONNX. "
            "alike applies colour profiles; so does this stack, but not in the columns 'without profiles'. "
            f"{len(stamps)} stamps, of which {counted} in classes of 11 or more (label = two folder levels).\n\n" +
            table(["encoder", "cosine, mean", "1st percentile", "without profiles, mean", "1st percentile", "ImageNet top-1", "stamps P@1", "stamps P@10"], rows))


main()
