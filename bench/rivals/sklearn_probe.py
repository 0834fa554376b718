"""sklearn_probe.py ROWS.npy LABELS.npy STRENGTH THREADS TOLERANCE: scikit-learn's linear probe; prints JSON."""

import json
import os
import sys
import time

rows, labels, strength, threads, tolerance = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4], float(sys.argv[5])
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = threads

import numpy  # noqa: E402  after the threads are set
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

rows, labels = numpy.load(rows), numpy.load(labels)[:, 0].astype(int)
started = time.perf_counter()
scaled = StandardScaler().fit_transform(rows)
prepared = time.perf_counter()
probe = LogisticRegression(C=1 / (len(rows) * strength), tol=tolerance, max_iter=10000).fit(scaled, labels)
ended = time.perf_counter()
weights = probe.coef_.astype(float)
loss = 0.0
for begin in range(0, len(rows), 4096):
    scores = scaled[begin:begin + 4096].astype(float) @ weights.T + probe.intercept_
    if scores.shape[1] == 1:
        scores = numpy.concatenate([numpy.zeros_like(scores), scores], 1)
    most = scores.max(1)
    own = scores[numpy.arange(len(scores)), labels[begin:begin + 4096]]
    loss += (numpy.log(numpy.exp(scores - most[:, None]).sum(1)) + most - own).sum()
print(json.dumps({"prepare_s": prepared - started, "fit_s": ended - prepared, "iterations": int(probe.n_iter_[0]),
                  "objective": loss / len(rows) + strength / 2 * (weights ** 2).sum(),
                  "accuracy": float(probe.score(scaled, labels))}))
