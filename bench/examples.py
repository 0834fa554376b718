"""The weight of an example against: stamps, each with its nearest of another class as "unlike".

    bench/examples.py [STAMPS]

Writes the table "Examples against" of docs/relevance.md.
"""

import collections
import pathlib
import sys
import tempfile

import numpy

from common import ALIKE, publish, run, table

WEIGHTS = [0, 0.15, 0.3, 0.5, 0.75, 1]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/tuxpaint/stamps")
    files = sorted(root.rglob("*.png"))
    with tempfile.TemporaryDirectory() as folder:
        run(ALIKE, "--json", "embed", *files, "--encoder", "efficientnet-lite0", "--out", f"{folder}/x.npy")
        rows = numpy.load(f"{folder}/x.npy")
    labels = numpy.array(["/".join(p.parent.relative_to(root).parts[:2]) for p in files])
    sizes = collections.Counter(labels)
    kept = numpy.array([sizes[label] >= 11 for label in labels])
    rows, labels = rows[kept], labels[kept]
    cosines = rows @ rows.T
    typical = numpy.median(1 - cosines)
    order = numpy.argsort(-cosines, axis=1)
    unlike = [next(j for j in order[i] if labels[j] != labels[i]) for i in range(len(rows))]
    lines = []
    for weight in WEIGHTS:
        right, wrong, above, above_right = [], [], [], []
        for i, j in enumerate(unlike):
            query = rows[i] - weight * rows[j]
            distances = 1 - rows @ (query / numpy.linalg.norm(query))
            line = min(numpy.median(distances), typical) / 2
            distances[[i, j]] = 9
            nearest = numpy.argsort(distances)[:10]
            relevant = distances[nearest] <= line
            right.append((labels[nearest] == labels[i]).mean())
            wrong.append((labels[nearest] == labels[j]).mean())
            above.append(relevant.sum())
            above_right.append((labels[nearest] == labels[i])[relevant].sum())
        share = f"{100 * sum(above_right) / sum(above):.1f}" if sum(above) else "–"
        lines.append([weight, f"{numpy.mean(right):.3f}", f"{numpy.mean(wrong):.3f}", f"{numpy.mean(above):.2f}", share])
    publish("Examples against", f"{len(rows)} stamps in classes of 11 or more. The query is one of them, less so many "
            "times its nearest of another class.\n\n" +
            table(["weight", "P@10", "share of the unwanted class", "relevant of 10", "% of these right"], lines),
            "relevance.md")


main()
