"""The graph beside the approximate indexes of rivals, at equal recall.

    bench/approximate.py CIFAR.npy|million|hard|large [WORK_FOLDER]

CIFAR.npy and Fashion-MNIST are those of bench/index.py; `million` makes a million rows of 256 numbers: points on a
curved sheet of 12 dimensions with little noise; `hard` makes them of 24 dimensions with more of it, harder than
embeddings are; `large` makes ten million of 96 numbers, on 12 dimensions. The intrinsic dimension in the table is
TwoNN's (Facco et al. 2017).
"""

import pathlib
import sys
import tempfile

import numpy

from common import PYTHON, ROOT, publish, run, table
from index import QUERIES, save, sets

TARGETS = (0.90, 0.95, 0.99)
ALL = ("hnswlib", "faiss-hnsw", "faiss-ivf", "usearch", "voyager", "scann", "svs")
STRONGEST = ("scann", "faiss-ivf", "hnswlib")
QUICK = ("faiss-ivf", "scann")  # to build: hnswlib takes hours for ten million rows
THREADS = 2  # that indexes are built on


def sheet(work, dimensions, noise, count, width):
    random = numpy.random.default_rng(7)
    first = random.standard_normal((dimensions, width)).astype(numpy.float32)
    second = random.standard_normal((dimensions, width)).astype(numpy.float32)
    rows = numpy.empty((count + QUERIES, width), numpy.float32)
    for begin in range(0, len(rows), 100_000):
        some = rows[begin:begin + 100_000]
        at = random.standard_normal((len(some), dimensions)).astype(numpy.float32)
        some[:] = at @ first + numpy.sin(2 * at) @ second + noise * random.standard_normal((len(some), width))
    return save(work, f"sheet{dimensions}-{width}", rows[:count], rows[count:])


def two_nn(files):
    """Intrinsic dimension from the ratio of the distances of the two nearest, of some rows."""
    rows = numpy.load(files[0], mmap_mode="r")
    queries = numpy.load(files[1])[:200]
    best = numpy.full((len(queries), 2), numpy.inf, numpy.float32)
    for begin in range(0, len(rows), 50_000):
        some = numpy.asarray(rows[begin:begin + 50_000])
        squared = (queries ** 2).sum(1)[:, None] + (some ** 2).sum(1)[None] - 2 * queries @ some.T
        best = numpy.sort(numpy.concatenate([best, numpy.partition(squared, 2, 1)[:, :2]], 1), 1)[:, :2]
    return len(queries) / (0.5 * numpy.log(best[:, 1] / best[:, 0])).sum()


def rate(curve, target, threads):
    """Queries a second at a recall, between the two nearest points; None where it is not reached."""
    points = sorted((p["recall"], p[f"qps{threads}"]) for p in curve)
    reached = [qps for recall, qps in points if recall >= target]
    if not reached:
        return None
    best = max(reached)
    below = [(r, q) for r, q in points if r < target]
    if below:
        above = min((p for p in points if p[0] >= target), key=lambda p: p[0])
        last = max(below, key=lambda p: p[0])
        part = (target - last[0]) / (above[0] - last[0])
        best = max(best, float(numpy.exp((1 - part) * numpy.log(last[1]) + part * numpy.log(above[1]))))
    return best


def lines_of(title, files, metric, rivals, again=True):
    rows_mb = numpy.load(files[0], mmap_mode="r").nbytes / 1e6
    alike = run(ROOT / "build/release/bench_graph", *files, metric, THREADS)[0]
    alike["mb"] = alike["bytes"] / 1e6 + rows_mb
    results = {"alike graph": alike}
    if again:  # the same program a second time: the noise of the ratios
        results["the same again"] = alike | run(ROOT / "build/release/bench_graph", *files, metric, THREADS)[0]
    for name in rivals:
        results[name] = run(PYTHON, ROOT / "bench/rivals/approximate.py", name, *files, metric, THREADS)[0]
    for name, result in results.items():
        line = [title if name == "alike graph" else "", name, f"{result['build_s']:.1f}", f"{result['mb']:.0f}"]
        for threads in (1, 2):
            for target in TARGETS:
                own = rate(result["curve"], target, threads)
                others = [r for r in (rate(results[o]["curve"], target, threads) for o in rivals) if r]
                text = "–" if own is None else f"{own:,.0f}"
                if name == "alike graph" and own and others:
                    text += f" ({own / max(others):.2f} ×)"
                if name == "the same again" and own:
                    text += f" ({own / rate(alike['curve'], target, threads):.2f})"
                line.append(text)
        yield line


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder)
        made = {"million": ("Approximate search in a million rows", 12, 0.05, 1_000_000, 256, STRONGEST),
                "hard": ("Approximate search in a million rows that are hard", 24, 0.2, 1_000_000, 256, STRONGEST),
                "large": ("Approximate search in ten million rows", 12, 0.05, 10_000_000, 96, QUICK)}
        title, lines = "Approximate search", []
        if sys.argv[1] in made:
            title, dimensions, noise, count, width, rivals = made[sys.argv[1]]
            files = sheet(work, dimensions, noise, count, width)
            lines += lines_of(f"made, {count:,} × {width}, l2, intrinsic dimension {two_nn(files):.0f}", files, "l2", rivals,
                              again=rivals is STRONGEST)
        else:
            for rows, metric, files in list(sets(work, sys.argv[1]))[:2]:
                lines += lines_of(rows, files, metric, ALL)
        head = ["rows", "", "build, s", "MB"] + [f"{r:.2f}, {t} thread{'s' * (t > 1)}" for t in (1, 2) for r in TARGETS]
        publish(title,
                f"Queries a second at a recall@10, {QUERIES:,} queries in one call, on one and two threads; all indexes "
                f"were built on {THREADS}. In brackets: times the best rival of the same run at the same recall; where the "
                "same program ran again, times its first run, which tells what the ratios are worth. MB: of the "
                "index with the rows in memory.\n\n" + table(head, lines))


if __name__ == "__main__":
    main()
