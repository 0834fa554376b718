"""The cost of guards against untrusted folders, files and clients.

    bench/safety.py BEFORE FOLDER ROUNDS [million]

BEFORE is the program of a build before them, FOLDER one of photographs. Everything is done by turns:
once by BEFORE, once by the program as built, and so on; a ratio is the median of those of the turns. With
`million`, folding in a collection of so many rows is measured, and nothing else.
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import serve
from common import ALIKE, ENVIRONMENT, publish, run, table

MILLION = """
import sys, numpy
numpy.save(sys.argv[1], numpy.random.default_rng(1).standard_normal((1_000_000, 64), dtype=numpy.float32))
"""


def ratios(all_times, first):
    """A column for each: median, and of the turns' ratios to `first` the median, lowest and highest."""
    rows = []
    for name, times in all_times.items():
        each = [mine / other for mine, other in zip(times, all_times[first])]
        rows.append([name, f"{statistics.median(times):.3g}",
                     "" if name == first else f"{statistics.median(each):.3f} ({min(each):.3f} to {max(each):.3f})"])
    return rows


def index(ways, photographs, rounds):
    """Seconds of a first `index`, by way."""
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (program, *words) in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                _, seconds, _ = run(program, "--json", "--collection", pathlib.Path(folder) / "c", "index", photographs,
                                    *words)
                times[name].append(seconds)
    return times


def asked(ways, collections, queries, rounds):
    """{way: (p50s, p99s)} of the turns, one client; `queries` are asked in each. A way has a collection
    of its own, as the one before cannot read what the next one wrote."""
    servers = {name: serve.Server(*words, collections[name], program=program)
               for name, (program, *words) in ways.items()}
    middle, late = {name: [] for name in ways}, {name: [] for name in ways}
    names = {name: server.names()[0] for name, server in servers.items()}
    for name, server in servers.items():
        serve.alone(server, names[name], queries[:20])
    for _ in range(rounds):
        for name, server in servers.items():
            times = serve.alone(server, names[name], queries)
            middle[name].append(serve.part(times, 0.5))
            late[name].append(serve.part(times, 0.99))
    for server in servers.values():
        server.stop()
    return middle, late


def with_words(queries, **words):
    return [(kind, json.dumps(json.loads(body) | words).encode()) for kind, body in queries]


def costs(before, photographs, rounds):
    """Of indexing, of searches by id and by an uploaded photograph."""
    ways = {"before": (before,), "as built": (ALIKE,), "as built, --isolate": (ALIKE, "--isolate")}
    lines = [["indexing, s", *row] for row in ratios(index(ways, photographs, rounds), "before")]
    ways = {"before": (before,), "as built": (ALIKE,), "as built, --no-isolate": (ALIKE, "--no-isolate")}
    with tempfile.TemporaryDirectory() as folder:
        collections = {}
        for name, (program, *_) in ways.items():
            collections[name] = pathlib.Path(folder) / name.replace(" ", "-") / "photographs"
            shutil.copytree(photographs, collections[name])
            run(program, "--json", "index", collections[name])
        several = sorted(photographs.rglob("*.*"))[:100]
        pictures = [serve.by_picture(each.read_bytes()) for each in several]
        for title, queries in [("search by id", [serve.by_id(i * 7 % 400) for i in range(1000)]),
                               ("search by an uploaded photograph", pictures)]:
            for share, times in zip(("p50", "p99"), asked(ways, collections, queries, rounds)):
                lines += [[f"{title}, {share} ms", *row] for row in ratios(times, "before")]
    return lines


def folding(before, rounds):
    """Of a thousand results of a million rows, near duplicates folded or not; 20 queries a turn."""
    ways, collections, lines = {"before": (before,), "as built": (ALIKE,)}, {}, []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        subprocess.run([serve.PYTHON, "-c", MILLION, work / "rows.npy"], check=True, env=ENVIRONMENT)
        (work / "paths").write_text("".join(f"{i}.jpg\n" for i in range(1_000_000)))
        for name, (program, *_) in ways.items():
            collections[name] = work / name.replace(" ", "-") / "rows"
            collections[name].mkdir(parents=True)
            run(program, "--json", "--collection", collections[name] / ".alike", "import", work / "rows.npy", "--paths",
                work / "paths", "--space", "rows", "--index", "coded")
        queries = [serve.by_id(i * 7919 % 1_000_000) for i in range(20)]
        for title, some in [("1,000 results", with_words(queries, k=1000)),
                            ("the same, folded", with_words(queries, k=1000, fold=True))]:
            for share, times in zip(("p50", "p99"), asked(ways, collections, some, rounds)):
                lines += [[f"{title}, {share} ms", *row] for row in ratios(times, "before")]
    return lines


def main():
    before, photographs, rounds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    about = (f"{rounds} turns; the ratio to the program before is the median of the turns, in brackets the lowest and "
             "highest. One client over loopback.\n\n")
    head = ["what", "program", "median", "times before"]
    if "million" not in sys.argv:
        return publish("Cost of guards", about + table(head, costs(before, photographs, rounds)))
    publish("Cost of folding", about + table(head, folding(before, rounds)))


if __name__ == "__main__":
    main()
