"""A map by openTSNE from given neighbours, and the divergence of maps.

    opentsne_map.py map PLACES.npy DISTANCES.npy START.npy THREADS OUT.npy
    opentsne_map.py judge PLACES.npy DISTANCES.npy MAP.npy THREADS

Prints JSON: seconds of affinities and layout, or the divergence by openTSNE's own function.
"""

import json
import sys
import time

import numpy
import openTSNE
from openTSNE import affinity, nearest_neighbors
from openTSNE.tsne import kl_divergence_fft

mode, places, distances, points = sys.argv[1:5]
threads = int(sys.argv[5])
started = time.perf_counter()
index = nearest_neighbors.PrecomputedNeighbors(numpy.load(places).astype(numpy.int64),
                                               numpy.load(distances).astype(numpy.float64))
pairs = affinity.PerplexityBasedNN(knn_index=index, perplexity=30, n_jobs=threads)
affinities_s = time.perf_counter() - started
start = numpy.load(points).astype(numpy.float64)
if mode == "judge":
    settings = {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1}
    kl, _ = kl_divergence_fft(start, pairs.P, 1, settings, should_eval_error=True, n_jobs=threads)
    print(json.dumps({"kl": float(kl)}))
else:
    started = time.perf_counter()
    layout = openTSNE.TSNEEmbedding(start, pairs, negative_gradient_method="fft", n_jobs=threads)
    layout = layout.optimize(n_iter=250, exaggeration=12, momentum=0.8)
    layout = layout.optimize(n_iter=500, momentum=0.8)
    layout_s = time.perf_counter() - started
    numpy.save(sys.argv[6], numpy.asarray(layout, numpy.float32))
    print(json.dumps({"affinities_s": affinities_s, "layout_s": layout_s}))
