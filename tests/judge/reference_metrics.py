"""Expected values of metric_test.cpp, by numpy in double and scikit-learn (2.4.6 and 1.9.1 when they
were written).

Rows are those of the test: x(n + 1) = (1103515245 x(n) + 12345) mod 2^31, from 5; row i is of class
i mod 4.
"""

import numpy
from scipy.spatial.distance import cdist
from sklearn import metrics
from sklearn.cluster import KMeans

ROWS, WIDTH, CLASSES = 120, 3, 4
CENTERS = numpy.array([[0, 0, 0], [4, 0, 0], [8, 0, 0], [0, 6, 0]])
state, labels = 5, numpy.arange(ROWS) % CLASSES
rows = numpy.zeros((ROWS, WIDTH))
for i in range(ROWS):
    for j in range(WIDTH):
        total = 0
        for _ in range(4):
            state = (1103515245 * state + 12345) % 2**31
            total += (state >> 16) % 1024
        rows[i, j] = CENTERS[labels[i], j] + (total - 2048) / 512

far = cdist(rows, rows)
values = []
for q in range(ROWS):
    order = numpy.argsort(far[q], kind="stable")
    same = (labels[order[order != q]] == labels[q]).astype(float)
    relevant = int(same.sum())
    precision = same.cumsum() / numpy.arange(1, ROWS)
    values.append((same * precision)[:relevant].sum() / relevant)
print(f"map@r {numpy.mean(values):.9f}")
told = numpy.mean([metrics.normalized_mutual_info_score(
    labels, KMeans(CLASSES, n_init=20, random_state=s).fit_predict(rows)) for s in (1, 2, 3)])
print(f"nmi of the best k-means {told:.9f}")
pairs = numpy.triu_indices(ROWS, 1)
same = labels[pairs[0]] == labels[pairs[1]]
print(f"class ratio {far[pairs][same].mean() / far[pairs][~same].mean():.9f}")
singular = numpy.linalg.svd(rows - rows.mean(0), compute_uv=False)
shares = singular / singular.sum() + 1e-7
print(f"rankme {numpy.exp(-(shares * numpy.log(shares)).sum()):.9f}")
