"""Approximate search of a rival over the rows of a file: how fast at which recall.

    approximate.py NAME ROWS.npy QUERIES.npy cosine|l2 BUILD_THREADS    prints JSON

NAME is hnswlib, faiss-hnsw, faiss-ivf, usearch, voyager, scann or svs. One index is built, then asked
on one and on two threads with all queries in one call (the best of half a second, three at least). Memory
is that added to the process by building: for hnswlib, faiss and the others that keep the rows, those too.
"""

import json
import sys
import time

import numpy

BEAMS = [10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 160, 200, 256, 320, 400, 512, 640, 800]
PROBES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256]


def resident_mb():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096 / 1e6


def hnswlib_index(rows, threads):
    import hnswlib

    index = hnswlib.Index("l2", rows.shape[1])
    index.init_index(len(rows), M=16, ef_construction=200)
    index.add_items(rows, num_threads=threads)

    def search(queries, beam, threads):
        index.set_ef(beam)
        return index.knn_query(queries, 10, num_threads=threads)[0]

    return search, BEAMS


def faiss_hnsw(rows, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    index = faiss.IndexHNSWFlat(rows.shape[1], 16)
    index.hnsw.efConstruction = 200
    index.add(rows)

    def search(queries, beam, threads):
        faiss.omp_set_num_threads(threads)
        index.hnsw.efSearch = beam
        return index.search(queries, 10)[1]

    return search, BEAMS


def faiss_ivf(rows, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    cells, numbers = (256, 8) if len(rows) < 200_000 else (2048 if len(rows) < 5_000_000 else 4096, 4)  # a code
    index = faiss.index_factory(rows.shape[1], f"IVF{cells},PQ{rows.shape[1] // numbers}x4fsr,RFlat")
    index.train(rows)
    index.add(rows)
    index.k_factor = 10
    cells = faiss.extract_index_ivf(index)

    def search(queries, probes, threads):
        faiss.omp_set_num_threads(threads)
        cells.nprobe = probes
        return index.search(queries, 10)[1]

    return search, PROBES


def usearch_index(rows, threads):
    from usearch.index import Index

    index = Index(ndim=rows.shape[1], metric="l2sq", dtype="f32", connectivity=16, expansion_add=128)
    index.add(numpy.arange(len(rows)), rows, threads=threads)

    def search(queries, beam, threads):
        index.expansion_search = beam
        return index.search(queries, 10, threads=threads).keys

    return search, BEAMS


def voyager_index(rows, threads):
    import voyager

    index = voyager.Index(voyager.Space.Euclidean, num_dimensions=rows.shape[1], M=16, ef_construction=200)
    index.add_items(rows, num_threads=threads)
    return lambda queries, beam, threads: index.query(queries, 10, num_threads=threads, query_ef=beam)[0], BEAMS


def scann_index(rows, threads):
    import scann

    builder = scann.scann_ops_pybind.builder(rows, 10, "squared_l2")
    builder = builder.tree(num_leaves=int(len(rows) ** 0.5), num_leaves_to_search=10,
                           training_sample_size=min(len(rows), 250_000))
    builder = builder.score_ah(2, anisotropic_quantization_threshold=0.2).reorder(100)
    builder.set_n_training_threads(threads)
    index = builder.build()

    def search(queries, effort, threads):
        leaves, reread = effort
        call = index.search_batched if threads == 1 else index.search_batched_parallel
        return call(queries, leaves_to_search=leaves, pre_reorder_num_neighbors=reread)[0]

    return search, [(2, 25), (3, 25), (3, 35), (4, 35), (5, 40), (6, 45), (8, 50), (10, 55), (12, 60), (16, 70), (20, 80),
                    (30, 100), (50, 150), (80, 200), (120, 300), (160, 400), (240, 600)]


def svs_index(rows, threads):
    import svs

    parameters = svs.VamanaBuildParameters(alpha=1.2, graph_max_degree=32, window_size=100)
    index = svs.Vamana.build(parameters, rows, svs.DistanceType.L2, num_threads=threads)

    def search(queries, beam, threads):
        index.num_threads = threads
        index.search_window_size = beam
        return index.search(queries, 10)[0]

    return search, BEAMS


MAKERS = {"hnswlib": hnswlib_index, "faiss-hnsw": faiss_hnsw, "faiss-ivf": faiss_ivf, "usearch": usearch_index,
          "voyager": voyager_index, "scann": scann_index, "svs": svs_index}


def truth_of(rows, queries):
    import faiss

    faiss.omp_set_num_threads(2)
    index = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    return index.search(queries, 10)[1]


def main():
    name, rows, queries, metric, threads = sys.argv[1:]
    rows, queries = numpy.load(rows), numpy.load(queries)
    if metric == "cosine":  # the nearest of unit rows are the same by l2
        rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
        queries /= numpy.linalg.norm(queries, axis=1, keepdims=True)
    truth = truth_of(rows, queries)
    before = resident_mb()
    started = time.perf_counter()
    search, efforts = MAKERS[name](rows, int(threads))
    built = {"build_s": time.perf_counter() - started, "mb": resident_mb() - before, "curve": []}
    for effort in efforts:
        point = {"effort": effort}
        for threads in (1, 2):
            taken = []
            while len(taken) < 3 or sum(taken) < 0.5:
                started = time.perf_counter()
                found = search(queries, effort, threads)
                taken.append(time.perf_counter() - started)
            point[f"qps{threads}"] = len(queries) / min(taken)
        point["recall"] = float(numpy.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, truth)]))
        built["curve"].append(point)
        if point["recall"] > 0.998:
            break
    json.dump(built, sys.stdout)


if __name__ == "__main__":
    main()
