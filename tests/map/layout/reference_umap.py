"""Expected values of umap_test.cpp, by umap-learn (0.5.12, numba 0.68.1, scikit-learn 1.9.1).

    python3 reference_umap.py

Prints the share of the 15 nearest neighbours that a map keeps, for each of five seeds, and their mean. Rows are
those of the test: x(n + 1) = (1103515245 x(n) + 12345) mod 2^31, from 7.
"""

import numpy
import umap
from sklearn.neighbors import NearestNeighbors

ROWS, WIDTH, CLASSES, K = 600, 12, 5, 15


def made(bend):
    """`bend` 0: crowds around five points. Otherwise a bent sheet: two numbers decide all twelve, but for noise."""
    state = 7

    def drawn(below):
        nonlocal state
        state = (1103515245 * state + 12345) % 2**31
        return (state >> 16) % below

    rows = numpy.zeros((ROWS, WIDTH), numpy.float32)
    for i in range(ROWS):
        u, v, label = drawn(1000), drawn(1000), drawn(CLASSES)
        for j in range(WIDTH):
            flat = 2000 if j == label else 0
            bent = (j + 1) * u + (j * j % 7) * v + u * v * (j % 3) // 256
            rows[i, j] = bent + drawn(500) if bend else flat + drawn(2000)
    return rows


def nearest(rows):
    return NearestNeighbors(n_neighbors=K).fit(rows.astype(float)).kneighbors()[1]


def kept(rows, points):
    return numpy.mean([len(numpy.intersect1d(a, b)) / K for a, b in zip(nearest(rows), nearest(points))])


for bend in (0, 1):
    rows = made(bend)
    shares = [kept(rows, umap.UMAP(random_state=seed, n_jobs=1).fit_transform(rows)) for seed in range(1, 6)]
    print("sheet" if bend else "crowds", *(f"{share:.4f}" for share in shares), f"mean {numpy.mean(shares):.4f}")
