"""A script a Python user would write: load rows, build faiss's exact index, ask for one row's neighbours.

    faiss_search.py ROWS.npy ROW K     prints JSON: ids, seconds of the search alone
"""

import json
import sys
import time

import faiss
import numpy


def main():
    rows = numpy.load(sys.argv[1], mmap_mode="r")
    faiss.omp_set_num_threads(2)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(numpy.ascontiguousarray(rows))
    query = numpy.array(rows[int(sys.argv[2])][None])
    index.search(query, int(sys.argv[3]))
    started = time.perf_counter()
    ids = index.search(query, int(sys.argv[3]))[1][0]
    print(json.dumps({"ids": ids.tolist(), "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
