"""Prints the clusters that tests/map/reading/clusters_test.cpp expects: scikit-learn's HDBSCAN on points that
the test makes again. Run with scikit-learn 1.3 or later: python3 reference_hdbscan.py"""

import numpy
from sklearn.cluster import HDBSCAN

MASK = (1 << 64) - 1


def bits(seed, counter):  # alike/base/random.h
    z = (seed + 0x9E3779B97F4A7C15 * (counter + 1)) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def clumps(count, centres, seed):
    """Sums of four uniform numbers around centres, and every tenth point anywhere."""
    draw = iter(range(10**9))
    uniform = lambda: (bits(seed, next(draw)) >> 11) * 2.0**-53
    points = []
    for i in range(count):
        centre = centres[i % len(centres)]
        row = []
        for axis in range(2):
            spread = sum(uniform() - 0.5 for _ in range(4))
            row.append(20 * uniform() if i % 10 == 9 else centre[axis] + spread)
        points.append(row)
    return numpy.array(points, dtype=numpy.float32).astype(numpy.float64)


points = clumps(300, [(4, 4), (6.5, 4), (10, 15), (16, 7)], 5)
for method in ("eom", "leaf"):
    for size, samples in ((10, 1), (20, 10)):
        labels = HDBSCAN(min_cluster_size=size, min_samples=samples, cluster_selection_method=method,
                         algorithm="brute", copy=True).fit_predict(points)
        order = sorted(set(labels) - {-1}, key=lambda c: -int((labels == c).sum()))
        print(method, size, samples, "".join("." if c < 0 else "ABCDEFGHIJ"[order.index(c)] for c in labels))
