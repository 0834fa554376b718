"""CIFAR-10 by layer: probe, k-NN and MAP@R of three encoders, random ones and pixels, as a table and a chart.

    bench/cifar.py TRAIN_FOLDER WORK_FOLDER [EVERY]

TRAIN_FOLDER has a folder of pictures for each class. Every EVERY-th picture of a class is taken (1: all 50,000), a
fifth of which is the test of probe and k-NN. Random networks, which take as long as the others, are of the first
encoder's shape and three of its layers only. WORK_FOLDER keeps the embeddings, WORK_FOLDER-*.json the judgements: a run
cut off goes on there. Needs the encoders: alike models get efficientnet-lite0 (1, 2).
"""

import json
import os
import pathlib
import sys

from common import ALIKE, ROOT, publish, run, table

ENCODERS = ("efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2")
LAYERS = ("stem", "block2", "block4", "block5", "block6", "pooled")
BASELINES_OF = ("stem", "block4", "pooled")
MEASURES = ("map@r", "recall@1", "knn@5", "probe accuracy")
COLORS = ("#1f6fb2", "#b8560f", "#2f9e62", "#8a8f98", "#8a8f98", "#8a8f98")
LEFT, TOP, WIDE, HIGH = 60, 20, 560, 300


def some_of(train, every, folder):
    """Links to every so-manieth picture of a class."""
    for label in sorted(train.iterdir()):
        (folder / label.name).mkdir(parents=True, exist_ok=True)
        for picture in sorted(label.iterdir())[::every]:
            if not (folder / label.name / picture.name).exists():
                os.symlink(picture, folder / label.name / picture.name)


def point(cost, value):
    return f"{LEFT + WIDE * cost:.1f} {TOP + HIGH * (1 - value):.1f}"


def chart(compared, measure):
    """The measure over the share of the network that is computed, a line for each encoder."""
    lines = {}
    for each in compared:
        if each["cost"] is not None:
            lines.setdefault(each["name"].rsplit(" ", 1)[0], []).append((each["cost"], each["metrics"][measure]["value"]))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 20} {TOP + HIGH + 130}" '
             'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>']
    for tick in range(0, 11, 2):
        parts.append(f'<path d="M{point(0, tick / 10)}h{WIDE}" stroke="#ddd"/><text x="{LEFT - 8}" y="{TOP + HIGH * (1 - tick / 10) + 4}" '
                     f'text-anchor="end" fill="#555">{tick / 10:.1f}</text><text x="{LEFT + WIDE * tick / 10}" y="{TOP + HIGH + 18}" '
                     f'text-anchor="middle" fill="#555">{10 * tick} %</text>')
    for i, (name, points) in enumerate(lines.items()):
        points.sort()
        dash = ' stroke-dasharray="5 4"' if name.startswith("random") else ""
        parts.append(f'<path d="M{"L".join(point(*p) for p in points)}" fill="none" stroke="{COLORS[i]}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{COLORS[i]}"/>' for x, y in (point(*p).split() for p in points)]
        x, y = LEFT + i // 3 * 290, TOP + HIGH + 60 + i % 3 * 20
        parts.append(f'<path d="M{x} {y - 4}h24" stroke="{COLORS[i]}" stroke-width="2"{dash}/><text x="{x + 30}" y="{y}" fill="#222">{name}</text>')
    parts.append(f'<text x="{LEFT + WIDE}" y="{TOP + HIGH + 38}" text-anchor="end" fill="#222">share of the network computed</text>'
                 f'<text x="{LEFT}" y="{TOP - 6}" fill="#222">{measure}</text></svg>')
    return "\n".join(parts) + "\n"


def judged(folder, every, encoder, layers, baselines):
    """The answer of `alike compare` for the layers, or an earlier one."""
    kept = folder.with_name(f"{folder.name}-{every}-{encoder}{'-beside' if baselines else ''}.json")
    if not kept.exists():
        run(ALIKE, "-q", "--json", "index", folder, "--encoder", encoder)
        done = run(ALIKE, "-q", "--json", "-C", folder, "compare", "--encoders", encoder, "--layers", ",".join(layers),
                   *([] if baselines else ["--no-baselines"]))[0]
        kept.write_text(json.dumps(done))
    return json.loads(kept.read_text())


def main():
    train, folder, every = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int((sys.argv + ["1"])[3])
    some_of(train.resolve(), every, folder)
    compared = []
    for encoder in ENCODERS:
        done = judged(folder, every, encoder, LAYERS, False)
        compared += done["compared"]
    beside = judged(folder, every, ENCODERS[0], BASELINES_OF, True)["compared"]
    compared += [each for each in beside if each["picture_ms"] is None]
    compared.sort(key=lambda each: -each["metrics"][MEASURES[0]]["value"])
    report(done | {"compared": compared})


def report(done):
    compared = done["compared"]
    (ROOT / "docs/images/cifar.svg").write_text(chart(compared, "probe accuracy"))

    def cell(each, name):
        value = each["metrics"][name]
        return f"{value['value']:.3f} ± {(value['high'] - value['low']) / 2:.3f}"

    rows = [[each["name"], f"{each['width']:,}", "–" if each["cost"] is None else f"{100 * each['cost']:.0f} %",
             "–" if each["picture_ms"] is None else f"{each['picture_ms']:.1f}"] + [cell(each, name) for name in MEASURES]
            for each in compared]
    publish("CIFAR-10 by layer",
            f"{done['rows']:,} pictures of CIFAR-10's train, {done['classes']} classes; a fifth for the test of probe and k-NN. ± is half of "
            "the 95 % interval; ms: what the layer takes for a picture on one processor.\n\n" +
            table(["", "numbers", "cost", "ms", *MEASURES], rows))


if __name__ == "__main__":
    main()
