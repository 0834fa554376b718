"""Expected values of golden_test.cpp, by pytorch-metric-learning (2.9.0) and scikit-learn (1.9.1).

    python3 reference_rows.py retrieval|knn|probe

Rows and labels are those of the test: x(n + 1) = (1103515245 x(n) + 12345) mod 2^31, from 7. Class 8 has one row.
"""

import sys

import numpy

ROWS, WIDTH, CLASSES = 2000, 6, 8


def made():
    state = 7

    def drawn(below):
        nonlocal state
        state = (1103515245 * state + 12345) % 2**31
        return (state >> 16) % below

    rows, labels = numpy.zeros((ROWS, WIDTH), numpy.float32), numpy.zeros(ROWS, int)
    for i in range(ROWS):
        labels[i] = CLASSES if i == 17 else drawn(CLASSES)
        for j in range(WIDTH):
            rows[i, j] = drawn(2000) / 8 + (150 if j == labels[i] % WIDTH else 0)
    return rows, labels


def retrieval(rows, labels):
    import torch
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator

    def nearest(query, k, reference, same):
        q, r = query.double().numpy(), reference.double().numpy()
        distances = ((q[:, None] - r[None]) ** 2).sum(2)
        order = numpy.argsort(distances, 1, kind="stable")
        if same:
            order = numpy.array([row[row != i] for i, row in enumerate(order)])
        order = order[:, :k]
        return torch.from_numpy(numpy.take_along_axis(distances, order, 1)), torch.from_numpy(order)

    for k, names in ((None, ("precision_at_1", "r_precision", "mean_average_precision_at_r")),
                     (ROWS - 1, ("mean_average_precision",))):
        calculator = AccuracyCalculator(include=names, k=k or "max_bin_count", knn_func=nearest, device=torch.device("cpu"))
        found = calculator.get_accuracy(torch.from_numpy(rows), torch.from_numpy(labels))
        for name in names:
            print(f"{name} {found[name]:.9f}")


def halves(rows, labels):
    return rows[::2], labels[::2], rows[1::2], labels[1::2]


def knn(rows, labels):
    from sklearn.neighbors import KNeighborsClassifier

    train, of_train, test, of_test = halves(rows, labels)
    for metric in ("euclidean", "cosine"):
        for k in (1, 5, 20):
            model = KNeighborsClassifier(k, metric=metric, algorithm="brute").fit(train.astype(float), of_train)
            print(f"{metric} {k} {model.score(test.astype(float), of_test):.9f}")


def probe(rows, labels):
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    train, of_train, test, of_test = halves(rows.astype(float), labels)
    scaler = StandardScaler().fit(train)
    for strength in (1e-3, 1e-1):
        x = scaler.transform(train)
        model = LogisticRegression(C=1 / (len(x) * strength), tol=1e-10, max_iter=100000).fit(x, of_train)
        told = model.predict_log_proba(x)[numpy.arange(len(x)), numpy.searchsorted(model.classes_, of_train)]
        objective = -told.mean() + strength / 2 * (model.coef_ ** 2).sum()
        print(f"{strength} {objective:.9f} {model.score(scaler.transform(test), of_test):.9f}")


{"retrieval": retrieval, "knn": knn, "probe": probe}[sys.argv[1]](*made())
