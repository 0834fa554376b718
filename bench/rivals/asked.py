"""A rival answers queries.npy of a folder by the smallest ef that reaches a recall on rows of rows.npy.

    asked.py hnswlib|faiss-hnsw FOLDER METRIC RECALL…
"""

import json
import sys
import time

import numpy

EFS = (10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448, 640, 896, 1280, 1792, 2560, 4096)
K = 10


class Hnswlib:
    def __init__(self, rows, metric):
        import hnswlib
        self.index = hnswlib.Index({"l2": "l2", "ip": "ip", "cosine": "cosine"}[metric], rows.shape[1])
        self.index.init_index(len(rows), M=16, ef_construction=200, random_seed=1)
        self.index.add_items(rows, num_threads=2)
        self.index.set_num_threads(1)

    def answer(self, queries, k, ef):
        self.index.set_ef(max(ef, k))
        return self.index.knn_query(queries, k)[0].astype(numpy.int64)


class Faiss:
    def __init__(self, rows, metric):
        import faiss
        self.unit = metric == "cosine"
        kind = faiss.METRIC_L2 if metric == "l2" else faiss.METRIC_INNER_PRODUCT
        faiss.omp_set_num_threads(2)
        self.index = faiss.IndexHNSWFlat(rows.shape[1], 32, kind)
        self.index.hnsw.efConstruction = 200
        self.index.add(self.ready(rows))
        faiss.omp_set_num_threads(1)

    def ready(self, rows):
        if not self.unit:
            return rows
        return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-30)

    def answer(self, queries, k, ef):
        self.index.hnsw.efSearch = max(ef, k)
        return self.index.search(self.ready(queries), k)[1]


def exact(rows, some, metric):
    """Ids of the ten nearest rows of each of `some` rows, without itself."""
    if metric == "cosine":
        rows = rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-30)
    near = rows[some] @ rows.T
    if metric == "l2":
        near = 2 * near - (rows ** 2).sum(1)[None]
    near[numpy.arange(len(some)), some] = -numpy.inf
    tenth = -numpy.partition(-near, K - 1, 1)[:, K - 1]
    return near, tenth


def main():
    rival, folder, metric, *asked = sys.argv[1:]
    rows, queries = numpy.load(f"{folder}/rows.npy"), numpy.load(f"{folder}/queries.npy")
    began = time.perf_counter()
    index = (Hnswlib if rival == "hnswlib" else Faiss)(rows, metric)
    result = {"build_s": time.perf_counter() - began}
    some = numpy.linspace(0, len(rows) - 1, 200).astype(int)
    near, tenth = exact(rows, some, metric)
    for wanted in asked:
        for ef in EFS:
            try:
                ids = index.answer(rows[some], K + 1, ef)
            except RuntimeError:  # hnswlib, where it finds fewer
                continue
            right = 0
            for i, answer in enumerate(ids):
                answer = [a for a in answer if a >= 0 and a != some[i]][:K]
                right += (near[i, answer] >= tenth[i]).sum()
            if right / (len(some) * K) >= float(wanted):
                break
        began = time.perf_counter()
        ids = index.answer(queries, K, ef)
        result[wanted] = (ids.tolist(), len(queries) / (time.perf_counter() - began))
    print(json.dumps(result))


main()
