"""Maps by umap beside umap-learn and uwot.

    bench/umap.py time [WORK_FOLDER]                  Fashion-MNIST, as it is and its 128 principal components
    bench/umap.py quality CIFAR.npy STAMPS.npy [WORK_FOLDER]     five seeds of umap-learn
    bench/umap.py growth [WORK_FOLDER]                10,000 to a million rows

Fashion-MNIST is the Debian package dataset-fashion-mnist; CIFAR.npy has the rows of bench/index.py,
STAMPS.npy those of tuxpaint-stamps-default by EfficientNet-Lite0.
uwot is the Debian package r-cran-uwot, unpacked by script/bootstrap --bench.
"""

import gzip
import math
import pathlib
import sys
import tempfile

import numpy

from common import CACHE, PYTHON, ROOT, median, publish, run, table
from index import FASHION

BENCH = ROOT / "build/release/bench_umap"
RIVALS = ROOT / "bench/rivals"
SEEDS = (1, 2, 3, 4, 5)
SAMPLE = 2000  # rows with neighbourhoods to compare
K = 15


def pictures():
    parts = [gzip.decompress((FASHION / f"{name}-images-idx3-ubyte.gz").read_bytes()) for name in ("train", "t10k")]
    rows = numpy.concatenate([numpy.frombuffer(p, numpy.uint8, offset=16).reshape(-1, 784) for p in parts])
    return rows.astype(numpy.float32) / 255


def principal(rows, count):
    centred = rows - rows.mean(0)
    _, vectors = numpy.linalg.eigh(centred.T @ centred)
    return numpy.ascontiguousarray(centred @ vectors[:, ::-1][:, :count], numpy.float32)


def save(work, name, rows, metric="l2"):
    """Writes the rows and their exact neighbours; returns the files."""
    files = [work / f"{name}{what}.npy" for what in ("", "_places", "_distances")]
    if not files[2].exists():
        numpy.save(files[0], rows)
        run(BENCH, "table", files[0], metric, 2, work / name)
    return files


def quality(rows, points, metric="l2"):
    """Trustworthiness and continuity (Venna and Kaski 2001) and share of neighbours kept, of a sample."""
    if metric == "cosine":
        rows = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    points = points.astype(numpy.float64)
    n, sample = len(rows), numpy.random.default_rng(0).choice(len(rows), min(SAMPLE, len(rows)), replace=False)
    squares, on_map = (rows * rows).sum(1), (points * points).sum(1)
    strangers = lost = kept = 0
    for begin in range(0, len(sample), 250):
        some = sample[begin:begin + 250]
        far = squares - 2 * rows[some] @ rows.T
        apart = on_map - 2 * points[some] @ points.T
        for i, row in enumerate(some):
            far[i, row] = apart[i, row] = numpy.inf
            true, shown = (numpy.argpartition(d[i], K)[:K] for d in (far, apart))
            kept += len(numpy.intersect1d(true, shown))
            strangers += sum((far[i] < far[i, j]).sum() + 1 - K for j in numpy.setdiff1d(shown, true))
            lost += sum((apart[i] < apart[i, j]).sum() + 1 - K for j in numpy.setdiff1d(true, shown))
    scale = 2 / (len(sample) * K * (2 * n - 3 * K - 1))
    return 1 - scale * strangers, 1 - scale * lost, kept / (len(sample) * K)


def alike(work, files, threads, seed=42, level=None):
    out = work / "alike.npy"
    result, _, _ = run(BENCH, "given", files[1], files[2], threads, out, seed,
                       env={"ALIKE_SIMD": level} if level else None)
    result["s"] = sum(result[part + "_s"] for part in ("graph", "start", "layout"))
    result["cpu_s"] = sum(result[part + "_cpu_s"] for part in ("graph", "start", "layout"))
    return result, out


def umap_learn(work, files, threads, *more):
    out = work / "umap_learn.npy"
    return run(PYTHON, RIVALS / "umap_learn.py", files[0], threads, out, *more)[0], out


def uwot(work, files, threads):
    places, distances = numpy.load(files[1]), numpy.load(files[2])
    own = numpy.arange(len(places))[:, None]
    (numpy.concatenate([own, places], 1) + 1).astype(numpy.int32).tofile(work / "places.raw")
    numpy.concatenate([numpy.zeros_like(own), distances], 1).astype(numpy.float64).tofile(work / "distances.raw")
    out = work / "uwot.raw"
    libraries = ":".join(str(CACHE / "rivals-r/usr/lib/R" / name) for name in ("site-library", "library"))
    return run("Rscript", RIVALS / "uwot.R", len(places), work / "places.raw", work / "distances.raw", threads, out,
               env={"R_LIBS": libraries})[0]


def time(work):
    rows, hashes, places = [], [], []
    fashion = pictures()
    for name, data in (("70,000 × 784", fashion), ("70,000 × 128", principal(fashion, 128))):
        files = save(work, "fashion" + name[-3:], data)
        ours = {t: [alike(work, files, t)[0] for _ in range(3)] for t in (1, 2)}
        best = {t: {key: median([r[key] for r in ours[t]]) for key in ("s", "cpu_s")} for t in ours}
        theirs = {t: umap_learn(work, files, t, "--given", *files[1:])[0] for t in (1, 2)}
        r = {t: uwot(work, files, t) for t in (1, 2)}
        for who, took in (("alike", best), ("umap-learn", theirs), ("uwot", r)):
            rows.append([name if who == "alike" else "", who, *(f"{took[1][key]:.1f}" for key in ("cpu_s", "s")),
                         f"{took[2]['s']:.1f}", f"{best[1]['cpu_s'] / took[1]['cpu_s']:.2f}",
                         f"{took[2]['s'] / took[1]['s']:.2f}"])
        whole = run(BENCH, "rows", files[0], "l2", 2, work / "whole.npy")[0]
        seconds, used = (sum(v for k, v in whole.items() if k.endswith(end) and (end != "_s" or not k.endswith("_cpu_s")))
                         for end in ("_s", "_cpu_s"))
        other = umap_learn(work, files, 2)[0]
        rows.append(["", "alike, with neighbours", f"{used:.1f}", "", f"{seconds:.1f}", f"{used / other['cpu_s']:.2f}", ""])
        rows.append(["", "umap-learn, with neighbours", f"{other['cpu_s']:.1f}", "", f"{other['s']:.1f}", "", ""])
        made = {alike(work, files, t, level=level)[0]["hash"] for t in (1, 2, 4) for level in ("scalar", "avx2", "avx512")}
        own = {run(BENCH, "rows", files[0], "l2", 2, work / "whole.npy", env={"ALIKE_SIMD": level})[0]["hash"]
               for level in ("scalar", "avx2", "avx512")}
        hashes.append(f"{name}: {', '.join(sorted(made))}, with neighbours of its own {', '.join(sorted(own))}")
        placed = run(BENCH, "place", files[0], "l2", 2, work / "whole.npy")[0]
        places.append([name, f"{placed['p50_ms']:.2f}", f"{placed['p99_ms']:.2f}", f"{70000 / placed['all_s']:,.0f}",
                       f"{placed['away_p50']:.2%}", f"{placed['away_p90']:.2%}", placed["off"]])
    publish("Maps by UMAP: time",
            "Fashion-MNIST, 15 neighbours, 200 epochs, neighbours given to all but where the line says so; processor seconds on "
            "one thread (with neighbours: on two), wall seconds on one and two. umap-learn without a seed, since a seed leaves it "
            "one thread; its compiling is left out.\n\n" +
            table(["rows", "", "processor, s", "wall, 1 thread", "wall, 2 threads", "alike's share", "2 threads / 1"], rows) +
            "\n\nHashes of alike's map for 1, 2 and 4 threads (with its own neighbours 2), each at scalar, AVX2 and AVX-512 level: " + "; ".join(hashes) +
            ".\n\nRows of the map placed anew, none its own neighbour: one a call with the search in the graph, then all of them "
            "in one call on two threads; how far from their points, as a share of the map's width.\n\n" +
            table(["rows", "ms, median", "ms, p99", "a second", "away, median", "90th percentile", "said to be off the map"], places))


def compare(work, cifar, stamps):
    lines = []
    for name, data, metric in (("Fashion-MNIST", pictures(), "l2"),
                               ("CIFAR-10, Lite0 pooled", numpy.load(cifar), "cosine"),
                               ("stamps, Lite0 pooled", numpy.load(stamps), "cosine")):
        name += f", {len(data):,} × {data.shape[1]:,}"
        files = save(work, f"quality_{len(data)}", data, metric)
        ours = [quality(data, numpy.load(alike(work, files, 2, seed)[1]), metric) for seed in SEEDS]
        theirs = [quality(data, numpy.load(umap_learn(work, files, 1, "--given", *files[1:], "--seed", seed)[1]), metric)
                  for seed in SEEDS]
        for label, who, measured in ((name, "alike", ours), ("", "umap-learn", theirs)):
            lines.append([label, f"{who}, mean of 5", *(f"{numpy.mean(v):.4f}" for v in zip(*measured))])
            lines.append(["", f"{who}, spread", *(f"{max(v) - min(v):.4f}" for v in zip(*measured))])
    publish("Maps by UMAP: quality",
            f"The same neighbours given to both; over {SAMPLE:,} rows against all, 15 neighbours.\n\n" +
            table(["rows", "", "trustworthiness", "continuity", "neighbours kept"], lines))


def manifolds(count):
    """Rows of 128 numbers around 500 curved sheets of six dimensions."""
    random = numpy.random.default_rng(7)
    centres = random.normal(0, 1, (500, 128)).astype(numpy.float32)
    axes = random.normal(0, 0.3, (500, 12, 128)).astype(numpy.float32)
    rows = numpy.empty((count, 128), numpy.float32)
    for begin in range(0, count, 10000):
        some = rows[begin:begin + 10000]
        which, at = random.integers(0, 500, len(some)), random.uniform(-1, 1, (len(some), 6)).astype(numpy.float32)
        bent = numpy.concatenate([at, at * at], 1)
        for sheet in range(500):
            mine = which == sheet
            some[mine] = centres[sheet] + bent[mine] @ axes[sheet]
        some += random.normal(0, 0.05, some.shape).astype(numpy.float32)
    return rows


def growth(work):
    lines, points = [], []
    for count in (10_000, 30_000, 100_000, 300_000, 1_000_000):
        numpy.save(work / "growth.npy", manifolds(count))
        result, seconds, mb = run(BENCH, "rows", work / "growth.npy", "l2", 2, work / "growth_map.npy")
        points.append((count, seconds, mb))
        lines.append([f"{count:,}", *(f"{result[part + '_s']:.1f}" for part in ("neighbors", "graph", "start", "layout")),
                      f"{seconds:.1f}", f"{mb:,.0f}", f"{count * 512 / 1e6:,.0f}"])
    (n0, s0, m0), (n1, s1, m1) = points[2], points[-1]
    size = math.log(n1 / n0)
    publish("Maps by UMAP: growth",
            "Rows of 128 numbers around 500 curved sheets, two threads; seconds by the wall clock, of which reading the rows is "
            f"a part; peak memory of the process. From {n0:,} to {n1:,} rows time grows with the power "
            f"{math.log(s1 / s0) / size:.2f} of their number, memory with {math.log(m1 / m0) / size:.2f}.\n\n" +
            table(["rows", "neighbours, s", "graph, s", "start, s", "layout, s", "in all, s", "memory, MB", "rows, MB"], lines))


def main():
    part, arguments = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        given = arguments[2:] if part == "quality" else arguments
        work = pathlib.Path(given[0] if given else folder)
        if part == "quality":
            compare(work, *arguments[:2])
        else:
            {"time": time, "growth": growth}[part](work)


if __name__ == "__main__":
    main()
