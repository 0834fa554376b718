"""umap-learn on rows, timed without the compiling that its first call does.

    umap_learn.py ROWS.npy THREADS OUT.npy [--given PLACES.npy DISTANCES.npy] [--seed SEED]

PLACES and DISTANCES are (rows, 14), none a row itself. A seed leaves umap-learn one thread. Prints JSON.
"""

import argparse
import json
import time
import warnings

import numba
import numpy
import umap

NEIGHBORS = 15


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rows")
    parser.add_argument("threads", type=int)
    parser.add_argument("out")
    parser.add_argument("--given", nargs=2)
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    numba.set_num_threads(asked.threads)
    rows = numpy.load(asked.rows)
    options = {"n_neighbors": NEIGHBORS, "random_state": asked.seed}
    umap.UMAP(n_epochs=2, **options).fit(rows[:5000])
    if asked.given:
        places, distances = (numpy.load(name) for name in asked.given)
        own = numpy.arange(len(rows))[:, None]
        places = numpy.concatenate([own, places.astype(numpy.int32)], 1)
        distances = numpy.concatenate([numpy.zeros_like(own, numpy.float32), distances], 1)
        options["precomputed_knn"] = (places, distances, None)
    wall, processor = time.perf_counter(), time.process_time()
    fitted = umap.UMAP(**options).fit(rows)
    print(json.dumps({"s": time.perf_counter() - wall, "cpu_s": time.process_time() - processor}))
    numpy.save(asked.out, fitted.embedding_)


if __name__ == "__main__":
    main()
