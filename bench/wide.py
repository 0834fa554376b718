"""Very wide rows: the last map of EfficientNet-Lite0, flattened to 62,720 numbers, as in the article.

    bench/wide.py CIFAR_FOLDER [WORK_FOLDER]

20,000 pictures of the folder are the rows, 100 more the queries. Rows found in WORK_FOLDER are not made again.
"""

import pathlib
import sys
import tempfile

import numpy

from common import ALIKE, ROOT, publish, run, table
from index import save

ROWS, WANTED = 20_000, 100


def rows_and_queries(pictures, work):
    files = work / "wide-rows.npy", work / "wide-queries.npy"
    if all(file.exists() for file in files):
        return files
    pictures = sorted(pictures.rglob("*.jp*g"))
    step = len(pictures) // (ROWS + WANTED)
    pictures = pictures[::max(1, step)][:ROWS + WANTED]
    parts = []
    for begin in range(0, len(pictures), 2000):
        run(ALIKE, "--json", "--quiet", "embed", *pictures[begin:begin + 2000], "--encoder", "efficientnet-lite0",
            "--layer", "head", "--pooling", "none", "--out", work / "part.npy")
        parts.append(numpy.load(work / "part.npy"))
    rows = numpy.concatenate(parts)
    order = numpy.random.default_rng(0).permutation(len(rows))
    return save(work, "wide", rows[numpy.sort(order[WANTED:])], rows[order[:WANTED]])


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder)
        files = rows_and_queries(pathlib.Path(sys.argv[1]), work)
        result = run(ROOT / "build/release/bench_graph", *files, "cosine", 2)[0]
        bytes_ = files[0].stat().st_size
    lines = [["flat", "1.0000", f"{result['flat_us'] / 1000:.1f}", "1.0", "", ""]]
    for target in (0.90, 0.95, 0.99):
        reached = [p for p in result["curve"] if p["recall"] >= target]
        if not reached:
            last = result["curve"][-1]
            lines.append([f"graph: {target} not reached, beam {last['beam']}", f"{last['recall']:.4f}",
                          f"{last['one_us'] / 1000:.2f}", f"{result['flat_us'] / last['one_us']:.0f}", "", ""])
            break
        point = reached[0]
        lines.append([f"graph, beam {point['beam']}", f"{point['recall']:.4f}", f"{point['one_us'] / 1000:.2f}",
                      f"{result['flat_us'] / point['one_us']:.0f}", f"{result['bytes'] / bytes_:.1%}",
                      f"{result['build_s']:.0f}"])
    publish("Very wide rows",
            f"{ROWS:,} rows of 62,720 numbers ({bytes_ / 1e9:.1f} GB), cosine, one query a call on one thread; the graph's "
            "file beside that of the rows.\n\n" +
            table(["index", "recall@10", "ms", "times flat", "size", "build, s"], lines))


if __name__ == "__main__":
    main()
