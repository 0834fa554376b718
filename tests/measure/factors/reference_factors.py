"""Computes the expected values of disentanglement_test.cpp and boosted_trees_test.cpp, from the published
definitions in plain numpy, and DCI with scikit-learn's own GradientBoostingClassifier:

    python3 reference_factors.py          (needs numpy and scikit-learn 1.9.1; half a minute)

The codes and all draws are made by alike's generator (base/random.h), written again here.
"""

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import mutual_info_score
from sklearn.svm import LinearSVC

MASK = (1 << 64) - 1
COUNTS = [3, 4, 5, 2]
ROWS = 900


def random_bits(seed, counter):
    z = (seed + 0x9E3779B97F4A7C15 * (counter + 1)) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Random:
    def __init__(self, seed):
        self.seed, self.counter = seed, 0

    def bits(self):
        self.counter += 1
        return random_bits(self.seed, self.counter - 1)

    def below(self, n):
        return (self.bits() * n) >> 64

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53


def factor_table():
    random = Random(1)
    return np.array([[random.below(c) for c in COUNTS] for _ in range(ROWS)])


def codes_of(kind, factors):
    """As `codes_of` of the test."""
    random = Random(2)
    base = factors / np.array(COUNTS, float)
    if kind == "perfect":
        codes = base
    elif kind == "permuted":
        codes = np.stack([-2 * base[:, 2], base[:, 0], 3 - base[:, 3], 0.5 * base[:, 1]], 1)
    elif kind == "rotated":
        a, b, c, d = base.T
        codes = np.stack([(a + b + c + d) / 2, (a - b + c - d) / 2,
                          (a + b - c - d) / 2, (a - b - c + d) / 2], 1)
    elif kind == "blurred":  # a spare dimension of noise, noise on the others, steps of 1/64
        noise = np.array([[random.below(64) / 64 for _ in range(5)] for _ in range(ROWS)])
        codes = np.concatenate([base, np.zeros((ROWS, 1))], 1) + 0.5 * noise
    elif kind == "continuous":
        noise = np.array([[random.uniform() for _ in range(4)] for _ in range(ROWS)])
        codes = base + 0.5 * noise
    else:  # noise
        codes = np.array([[random.below(200) / 200 for _ in range(4)] for _ in range(ROWS)])
    return codes.astype(np.float32)


def split(rows, share=1 / 3, seed=1):
    random, places = Random(seed), list(range(rows))
    count = round(share * rows)
    for i in range(count):
        j = i + random.below(rows - i)
        places[i], places[j] = places[j], places[i]
    return np.sort(places[count:]), np.sort(places[:count])


def certainty(values):
    p = (values + 1e-11) / np.sum(values + 1e-11)
    return 1 + np.sum(p * np.log(p)) / np.log(len(values))


def dci(codes, factors):
    train, test = split(len(codes))
    importance, right = np.zeros((codes.shape[1], factors.shape[1])), []
    for f in range(factors.shape[1]):
        model = GradientBoostingClassifier(random_state=0).fit(codes[train], factors[train, f])
        importance[:, f] = model.feature_importances_
        right.append(np.mean(model.predict(codes[test]) == factors[test, f]))
    share = importance / importance.sum()
    return (sum(certainty(r) * s for r, s in zip(importance, share.sum(1))),
            sum(certainty(c) * s for c, s in zip(importance.T, share.sum(0))), np.mean(right))


def gap(scores):  # (dims, factors)
    ordered = np.sort(scores, 0)[::-1]
    return ordered[0] - ordered[1]


def mig(codes, factors, bins=20):
    codes = codes.astype(float)
    pieces = [np.digitize(c, np.histogram(c, bins)[1][:-1]) for c in codes.T]
    information = np.array([[mutual_info_score(p, f) for f in factors.T] for p in pieces])
    return np.mean(gap(information) / [mutual_info_score(f, f) for f in factors.T])


def sap(codes, factors):
    train, test = split(len(codes))
    scores = np.zeros((codes.shape[1], factors.shape[1]))
    for d in range(codes.shape[1]):
        for f in range(factors.shape[1]):
            model = LinearSVC(C=0.01, class_weight="balanced", dual=False, tol=1e-12, max_iter=100000)
            model.fit(codes[train, d:d + 1].astype(float), factors[train, f])
            told = model.predict(codes[test, d:d + 1].astype(float))
            scores[d, f] = np.mean(told == factors[test, f])
    return np.mean(gap(scores))


def groups_of(factors):
    return [{v: np.flatnonzero(f == v) for v in np.unique(f)} for f in factors.T]


def factor_vae(codes, factors, train=600, test=300, batch=16, seed=1):
    codes, groups = codes.astype(float), groups_of(factors)
    spread = codes.var(0, ddof=1)
    votes = np.zeros((2, codes.shape[1], factors.shape[1]))
    for number in range(train + test):
        random = Random(random_bits(seed, number))
        f, row = random.below(factors.shape[1]), random.below(len(codes))
        group = groups[f][factors[row, f]]
        rows = [group[random.below(len(group))] for _ in range(batch)]
        dim = np.argmin((codes[rows] - codes[rows[0]]).var(0, ddof=1) / spread)
        votes[int(number >= train), dim, f] += 1
    return votes[1][np.arange(codes.shape[1]), votes[0].argmax(1)].sum() / test


def beta_vae(codes, factors, train=600, test=300, batch=16, seed=1):
    codes, groups = codes.astype(float), groups_of(factors)
    points, told = [], []
    for number in range(train + test):
        random = Random(random_bits(seed, number))
        f = random.below(factors.shape[1])
        total = np.zeros(codes.shape[1])
        for _ in range(batch):
            row = random.below(len(codes))
            group = groups[f][factors[row, f]]
            total += np.abs(codes[row] - codes[group[random.below(len(group))]])
        points.append(total / batch)
        told.append(f)
    model = LogisticRegression(tol=1e-10, max_iter=10000).fit(points[:train], told[:train])
    return np.mean(model.predict(points[train:]) == told[train:])


def main():
    factors = factor_table()
    for kind in "perfect", "permuted", "rotated", "blurred", "continuous", "noise":
        codes = codes_of(kind, factors)
        numbers = [*dci(codes, factors), mig(codes, factors), sap(codes, factors),
                   factor_vae(codes, factors), beta_vae(codes, factors)]
        print(f'    {{"{kind}", ' + ", ".join(f"{n:.9f}" for n in numbers) + "},")
    print("importance for continuous codes after 3 and 100 rounds, by factor")
    codes = codes_of("continuous", factors)
    train, test = split(len(codes))
    for rounds in 3, 100:
        for f in range(len(COUNTS)):
            model = GradientBoostingClassifier(random_state=0, n_estimators=rounds)
            model.fit(codes[train], factors[train, f])
            right = np.mean(model.predict(codes[test]) == factors[test, f])
            numbers = [*model.feature_importances_, right]
            print("      {" + ", ".join(f"{abs(n):.9f}" for n in numbers) + "},")


main()
