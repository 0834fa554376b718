"""The numbers that quality_test.cpp takes from scikit-learn 1.9.1.

    tests/map/reading/quality_reference.py

Rows and points are made by whole numbers, so that the test can make the same.
"""

import numpy
from sklearn.manifold import trustworthiness

n = 200
rows = numpy.array([[(i * (j + 3) * 7919 + i * i * 31 * (j + 1)) % 1009 for j in range(6)] for i in range(n)], float)
points = rows[:, :2] + numpy.array([[i * 7919 % 32749, i * i * 31 % 32719] for i in range(n)], float) / 128
for k in (5, 15):
    print(k, f"{trustworthiness(rows, points, n_neighbors=k):.12f}", f"{trustworthiness(points, rows, n_neighbors=k):.12f}")
