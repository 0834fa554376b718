"""sklearn_kmeans.py ROWS.npy CENTERS.npy THREADS: scikit-learn's k-means from given centres; prints JSON."""

import json
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = sys.argv[3]

import numpy  # noqa: E402  after the threads are set
from sklearn.cluster import KMeans  # noqa: E402

rows, centers = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])
started = time.perf_counter()
found = KMeans(len(centers), init=centers, n_init=1).fit(rows)
print(json.dumps({"s": time.perf_counter() - started, "rounds": int(found.n_iter_), "inertia": float(found.inertia_)}))
