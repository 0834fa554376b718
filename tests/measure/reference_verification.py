"""Expected values of verification_test.cpp, by scikit-learn (1.9.1 when they were written).

Scores and kinds are those of the test: x(n + 1) = (1103515245 x(n) + 12345) mod 2^31, from 7.
"""

import numpy
from sklearn.metrics import roc_auc_score, roc_curve

state, scores, same = 7, [], []


def drawn(below):
    global state
    state = (1103515245 * state + 12345) % 2**31
    return (state >> 16) % below


for _ in range(400):
    same.append(drawn(2))
    scores.append(drawn(60) + 15 * same[-1])  # many are equal
far, tar, _ = roc_curve(same, scores, drop_intermediate=False)
print(f"auc {roc_auc_score(same, scores):.9f}")
print(f"eer {numpy.interp(0, far + tar - 1, far):.9f}")
for rate in (0.1, 0.01, 0.001):
    print(f"tar@far={rate:g} {tar[far <= rate].max():.9f}")
