"""Makes the playground files of this folder: hand-made to the format, not the playground's own.

24 images of 4 classes in classes of 4, 8, 5 and 7; the rankings are drawn with a fixed seed. The
scores are computed here, from the definition alone, in the order of ranks:

    python3 playground.py
"""

import json
import pathlib
import random

HERE = pathlib.Path(__file__).resolve().parent
CLASSES = ["arch"] * 4 + ["banana"] * 8 + ["beetle"] * 5 + ["tractor"] * 7
K = 15


def ranked(image, share, draw):
    """16 results, the image itself first; others of its class tend to the front by `share`."""
    others = [i for i in range(len(CLASSES)) if i != image]
    key = {i: draw.random() - share * (CLASSES[i] == CLASSES[image]) for i in others}
    return [image] + sorted(others, key=key.get)[:K]


def score(image, ranking):
    results = [i for i in ranking if i != image][:K]
    right = total = 0.0
    for rank, result in enumerate(results):
        total += (K - rank) / K
        if CLASSES[result] == CLASSES[image]:
            right += (K - rank) / K
    return right / total * 100


def main():
    draw = random.Random(7)
    scores = {}
    for layer, share in ("block1_conv1", 0.1), ("block5_conv3", 0.6):
        rankings = [ranked(i, share, draw) for i in range(len(CLASSES))]
        values = [str(round(1 - 0.031 * rank, 3)) for rank in range(K + 1)]
        pairs = {str(i): [[str(r), v] for r, v in zip(ranking, values)]
                 for i, ranking in enumerate(rankings)}
        (HERE / f"playground_{layer}.json").write_text(json.dumps(pairs))
        scores[layer] = [score(i, ranking) for i, ranking in enumerate(rankings)]
    (HERE / "playground_scores.json").write_text(json.dumps(scores))
    nested = {"made24": {"vgg16": {"cosine": scores}}}
    (HERE / "playground_modelscores.json").write_text(json.dumps(nested))
    names = {"dictionary": {"made24": {str(i): c for i, c in enumerate(CLASSES)}},
             "classlist": {"made24": sorted(set(CLASSES))}}
    (HERE / "playground_dictionary.json").write_text(json.dumps(names))
    points = [{"x": round(draw.uniform(-9, 9), 10), "y": round(draw.uniform(-9, 9), 10), "class": c}
              for c in CLASSES]
    (HERE / "playground_umap.json").write_text(json.dumps(points, separators=(",", ":")))


main()
