"""Exact search of rivals over the rows of a file.

    exact.py faiss|usearch ROWS.npy QUERIES.npy cosine|l2 THREADS    prints JSON

Milliseconds of one query (median over all of them) and, per query, of a batch of 256.
"""

import json
import statistics
import sys
import time

import numpy


def median_ms(works):
    taken = []
    for work in works:
        started = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def faiss_search(rows, metric, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    index = (faiss.IndexFlatL2 if metric == "l2" else faiss.IndexFlatIP)(rows.shape[1])
    index.add(rows)
    return lambda queries: index.search(queries, 10)


def usearch_search(rows, metric, threads):
    from usearch.index import MetricKind, search

    kind = MetricKind.L2sq if metric == "l2" else MetricKind.IP
    return lambda queries: search(rows, queries, 10, kind, exact=True, threads=threads)


def main():
    rival, rows, queries, metric, threads = sys.argv[1:]
    rows, queries = numpy.load(rows), numpy.load(queries)
    if metric == "cosine":  # unit rows, so that the rivals need not divide
        rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
        queries /= numpy.linalg.norm(queries, axis=1, keepdims=True)
    search = {"faiss": faiss_search, "usearch": usearch_search}[rival](rows, metric, int(threads))
    search(queries[:1])
    one = median_ms([lambda q=q: search(queries[q:q + 1]) for q in range(min(200, len(queries)))])
    batch = queries[:256]
    print(json.dumps({"one_ms": one, "batch_ms": median_ms([lambda: search(batch)] * 3) / len(batch)}))


if __name__ == "__main__":
    main()
