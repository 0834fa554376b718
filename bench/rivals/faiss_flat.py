"""faiss's exact index on random rows in memory.

    faiss_flat.py ROWS WIDTH QUERIES THREADS    prints JSON: milliseconds of one query, of the batch
"""

import json
import statistics
import sys
import time

import faiss
import numpy


def median_ms(rounds, work):
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def main():
    rows, width, queries, threads = map(int, sys.argv[1:])
    random = numpy.random.default_rng(1)
    index = faiss.IndexFlatIP(width)
    index.add(random.random((rows, width), numpy.float32) - 0.5)
    several = random.random((queries, width), numpy.float32) - 0.5
    faiss.omp_set_num_threads(threads)
    index.search(several[:1], 10)
    print(json.dumps({"one_ms": median_ms(21, lambda: index.search(several[:1], 10)),
                      "batch_ms": median_ms(3, lambda: index.search(several, 10))}))


if __name__ == "__main__":
    main()
