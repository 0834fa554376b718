"""The index engine: exact and coded scan over real rows, beside the exact scans of faiss and usearch.

    bench/index.py CIFAR.npy [WORK_FOLDER]

CIFAR.npy holds the rows that `alike embed` makes of 50,000 CIFAR-10 pictures; Fashion-MNIST is the
Debian package dataset-fashion-mnist.
"""

import gzip
import pathlib
import sys
import tempfile

import numpy

from common import PYTHON, ROOT, publish, run, table

FASHION = pathlib.Path("/usr/share/datasets/fashion-mnist")
QUERIES = 1000


def pictures_of(name):
    bytes_ = gzip.decompress((FASHION / f"{name}-images-idx3-ubyte.gz").read_bytes())
    return numpy.frombuffer(bytes_, numpy.uint8, offset=16).reshape(-1, 784).astype(numpy.float32)


def save(work, name, rows, queries):
    numpy.save(work / f"{name}-rows.npy", rows)
    numpy.save(work / f"{name}-queries.npy", queries)
    return work / f"{name}-rows.npy", work / f"{name}-queries.npy"


def sets(work, cifar):
    yield ("Fashion-MNIST, 60,000 × 784, l2", "l2",
           save(work, "fashion", pictures_of("train"), pictures_of("t10k")[:QUERIES]))
    rows = numpy.load(cifar)
    order = numpy.random.default_rng(0).permutation(len(rows))
    yield ("CIFAR-10 embeddings, 49,000 × 1,280, cosine", "cosine",
           save(work, "cifar", rows[numpy.sort(order[QUERIES:])], rows[order[:QUERIES]]))
    random = numpy.random.default_rng(5)
    draw = lambda n: random.standard_normal((n, 128)).astype(numpy.float32)
    yield "random numbers, 100,000 × 128, l2 (the worst case)", "l2", save(work, "random", draw(100_000), draw(QUERIES))


def read_share(scanned, read):
    """The share of the read bandwidth that a scan reached; both in GB/s."""
    if scanned > read:
        return f"no share: reading was slower ({read:.0f} GB/s) than this scan ({scanned:.0f} GB/s)"
    return f"{scanned / read:.0%} of {read:.0f} GB/s"


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder)
        lines = []
        for title, metric, files in sets(work, sys.argv[1]):
            for threads in (1, 2):
                coded = {bits: run(ROOT / "build/release/bench_coded", *files, metric, threads, bits)[0]
                         for bits in ((1, 4, 8) if threads == 1 else (1,))}
                alike = coded[1]
                rivals = {name: run(PYTHON, ROOT / "bench/rivals/exact.py", name, *files, metric, threads)[0]
                          for name in ("faiss", "usearch")}
                rows = numpy.load(files[0], mmap_mode="r")
                best = {key: min(rival[key] for rival in rivals.values()) for key in ("one_ms", "batch_ms")}
                share = read_share(rows.nbytes / 1e6 / alike["flat_one_ms"], alike["read_gbs"])
                for name, one, batch, note in (
                        *((f"alike coded{'' if bits == 1 else bits}", of["coded_one_ms"], of["coded_batch_ms"],
                           f"{of['same']:.2%} the same ten; {of['reread']:.0f} rows reread; codes are "
                           f"{of['code_share']:.1%} of the rows, made in {of['build_s']:.1f} s") for bits, of in coded.items()),
                        ("alike flat", alike["flat_one_ms"], alike["flat_batch_ms"],
                         share),
                        ("faiss flat", rivals["faiss"]["one_ms"], rivals["faiss"]["batch_ms"], ""),
                        ("usearch exact", rivals["usearch"]["one_ms"], rivals["usearch"]["batch_ms"], "")):
                    lines.append([title if name == "alike coded" else "", threads, name, f"{one:.2f}", f"{best['one_ms'] / one:.2f}",
                                  f"{batch:.2f}", f"{best['batch_ms'] / batch:.2f}", note])
        publish("Exact and coded search",
                f"Ten neighbours; milliseconds for one query (median) and, per query, for 256 at once; {QUERIES:,} "
                "queries that are not among the rows. Speed is relative to the faster rival of the same run, so above 1 is "
                "faster than both. The share of the read bandwidth is that of the exact scan of one "
                "query, measured in the same run, after the searches; where other work on the machine made reading "
                "slower than the scan there is no share.\n\n" +
                table(["rows", "threads", "", "one, ms", "speed", "of 256, ms", "speed", ""], lines))


if __name__ == "__main__":
    main()
