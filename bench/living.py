"""The graph while rows come and go, and under filters.

    bench/living.py CIFAR.npy [WORK_FOLDER]

The rows are those of bench/index.py.
"""

import pathlib
import sys
import tempfile

from common import ROOT, publish, run, table
from index import sets


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder)
        churn, filters = [], []
        for title, metric, files in list(sets(work, sys.argv[1]))[:2]:
            result = run(ROOT / "build/release/bench_living", *files, metric)[0]
            for i, point in enumerate(result["churn"]):
                churn.append(["" if i else title, point["round"], f"{point['recall']:.4f}", f"{point['mb']:.0f}",
                              f"{point['seconds']:.1f}" if i else ""])
            for i, point in enumerate(result["filters"]):
                filters.append(["" if i else title, f"{100 / point['every']:g} %", f"{point['recall']:.4f}", point["least"],
                                *(f"{point[ms]:.4f}" for ms in ("ms", "asked_ms", "flat_ms", "passing_ms"))])
        publish("Living index",
                "Two thirds of the rows are in a LiveIndex; in each of 20 rounds a tenth of them is removed and as many others "
                "are added. Recall@10 of 300 queries when asked for 0.99; MB is what the process grew by, rows included.\n\n" +
                table(["rows", "rounds", "recall", "MB", "last round, s"], churn) +
                "\n\nFilters that a share of the rows passes, chosen by id: recall@10, the fewest answers of any query, and "
                "milliseconds of one query (median, one thread) of the graph with a set of ids, of the graph with a function "
                "that is asked, of the exact scan with the set, and of the exact scan of nothing but the rows that pass.\n\n" +
                table(["rows", "pass", "recall", "fewest answers", "graph, set", "graph, function", "exact, set", "exact, only those"],
                      filters))


if __name__ == "__main__":
    main()
