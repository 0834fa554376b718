"""Expected values of clustering_test.cpp, by scikit-learn (1.9.1 when they were written).

Prints, for each way of making clusters from labels, NMI, AMI, ARI and the best matched share. The
labels and clusters are those of the test: x(n + 1) = (1103515245 x(n) + 12345) mod 2^31, from 42.
"""

import numpy
from scipy.optimize import linear_sum_assignment
from sklearn import metrics


def drawn(count, below, state):
    out = []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        out.append((state >> 16) % below)
    return numpy.array(out), state


for rows, classes, clusters, kept in ((60, 3, 3, 0), (500, 7, 4, 60), (500, 4, 9, 60), (300, 5, 5, 90)):
    labels, state = drawn(rows, classes, 42)
    noise, state = drawn(rows, clusters, state)
    coin, _ = drawn(rows, 100, state)
    found = numpy.where(coin < kept, labels % clusters, noise)
    table = metrics.cluster.contingency_matrix(found, labels)
    matched = table[linear_sum_assignment(-table)].sum() / rows
    print(f"{{{rows}, {classes}, {clusters}, {kept}, "
          f"{metrics.normalized_mutual_info_score(labels, found):.9f}, "
          f"{metrics.adjusted_mutual_info_score(labels, found):.9f}, "
          f"{metrics.adjusted_rand_score(labels, found):.9f}, {matched:.9f}, "
          f"{table.max(1).sum() / rows:.9f}}},")
for rows in (2, 5, 40, 300):
    alone, some = list(range(rows)), [i // 2 for i in range(rows)]
    for one, other in ((alone, alone[::-1]), (alone, some), (some, alone), (alone, [1] * rows)):
        print(rows, *(f"{score(other, one):.9f}" for score in (
            metrics.normalized_mutual_info_score, metrics.adjusted_mutual_info_score, metrics.adjusted_rand_score)))
