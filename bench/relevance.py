"""The relevance line: unrelated pictures kept out, relatives kept in, beside other ways to draw it.

    bench/relevance.py ROWS                                    measures, writes docs/relevance.md
    bench/relevance.py ROWS STAMPS PHOTOGRAPHS CIFAR           makes the rows first

ROWS is a folder of files of `alike embed`: stamps, photos and cifar, each X.npy with X.paths (the
folder of a picture is its class); X_flip.npy and X_crop.npy, some of the same pictures mirrored or cut
to 70 %, named by the row they were made from (000123.png); junk.npy, noise and gradients. STAMPS is
Debian's tuxpaint-stamps-default, PHOTOGRAPHS a folder with one picture a class, CIFAR a folder of ten.
"""

import pathlib
import sys
import tempfile

import numpy

from common import ALIKE, package, publish, run, table

SAMPLE = 256  # as kRelevanceSample


def embed(pictures, rows):
    run(ALIKE, "--json", "embed", pictures, "--encoder", "efficientnet-lite0", "--out", rows)


def alter(rows, name, every, how):
    from PIL import Image, ImageOps

    with tempfile.TemporaryDirectory() as folder:
        paths = (rows / f"{name}.paths").read_text().splitlines()
        for i in range(0, len(paths), every):
            picture = ImageOps.exif_transpose(Image.open(paths[i])).convert("RGBA")
            w, h = picture.size
            changed = ImageOps.mirror(picture) if how == "flip" else picture.crop((w // 6, h // 6, w - w // 8, h - h // 8))
            changed.save(f"{folder}/{i:06}.png")
        embed(folder, rows / f"{name}_{how}.npy")


def junk(rows):
    from PIL import Image

    random = numpy.random.default_rng(0)
    ramp = numpy.linspace(0, 1, 256)[None, :, None]
    with tempfile.TemporaryDirectory() as folder:
        for i in range(20):
            noise = random.integers(0, 255, (256, 256, 3), dtype=numpy.uint8)
            Image.fromarray(noise).save(f"{folder}/{i:02}_noise.png")
            a, b = random.integers(0, 255, (2, 3))
            gradient = numpy.broadcast_to(a * (1 - ramp) + b * ramp, (256, 256, 3)).astype(numpy.uint8)
            Image.fromarray(gradient).save(f"{folder}/{i:02}_gradient.png")
        embed(folder, rows / "junk.npy")


def make(rows, stamps, photographs, cifar):
    package("efficientnet-lite0")
    rows.mkdir(parents=True, exist_ok=True)
    for name, pictures in (("stamps", stamps), ("photos", photographs), ("cifar", cifar)):
        embed(pictures, rows / f"{name}.npy")
    for name, every, how in (("stamps", 5, "flip"), ("stamps", 5, "crop"), ("photos", 4, "flip"),
                             ("photos", 4, "crop"), ("cifar", 200, "flip")):
        alter(rows, name, every, how)
    junk(rows)


class Set:
    """Rows of length 1, the class of each, and the row each altered picture was made from."""

    def __init__(self, rows, name):
        self.rows = unit(numpy.load(rows / f"{name}.npy").astype(numpy.float32))
        paths = [pathlib.Path(p) for p in (rows / f"{name}.paths").read_text().splitlines()]
        self.classes = numpy.array([str(p.parent) for p in paths])
        self.stems = [p.stem for p in paths]


def unit(rows):
    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-30)


def expected_extreme(n):
    a = numpy.sqrt(2 * numpy.log(n))
    return a - (numpy.log(numpy.log(n)) + numpy.log(4 * numpy.pi)) / (2 * a)


def sample_of(n):
    """Even places among n rows, as index/rows/sampled_rows.cpp."""
    return (2 * numpy.arange(SAMPLE) + 1) * n // (2 * SAMPLE)


class Collection:
    """Data for the ways to draw a line, beside the distances of the query."""

    def __init__(self, rows):
        self.rows = rows
        sample = rows[sample_of(len(rows))]
        self.typical = numpy.median(1 - sample[::8] @ sample.T)
        self.every = without_self(rows)
        self.nearest = numpy.nanmin(self.every, axis=1)


def line(distances, collection, half=True, chance=True, own=True):
    """As relevance.cpp: distances (queries, rows) → the line of each query. NaN is an absent row."""
    n = distances.shape[1]
    sample = distances[:, sample_of(n)]
    typical = numpy.nanmedian(sample, axis=1)
    deviation = 1.4826 * numpy.nanmedian(abs(sample - typical[:, None]), axis=1)
    lines = [typical / 2] if half else []
    lines += [numpy.full(len(typical), collection.typical / 2)] if half and own else []
    lines += [typical - deviation * expected_extreme(n)] if chance else []
    return numpy.min(lines, axis=0)


METHODS = {
    "**the line**": line,
    "half, from the query alone": lambda d, c: line(d, c, chance=False, own=False),
    "chance alone": lambda d, c: line(d, c, half=False),
    "median nearest neighbour": lambda d, c: numpy.full(len(d), numpy.median(c.nearest)),
}


def answered(method, queries, collection):
    distances = 1 - queries @ collection.rows.T
    return numpy.mean(distances.min(axis=1) <= method(distances, collection))


def percent(share):
    return f"{100 * share:.1f}"


def without_self(rows, limit=2000):
    distances = 1 - rows[:limit] @ rows.T
    distances[numpy.arange(len(distances)), numpy.arange(len(distances))] = numpy.nan
    return distances


def kept(method, altered, collection, place):
    """Share of altered pictures with their original above the line."""
    distances = 1 - altered.rows @ collection.rows.T
    at = [place[int(stem)] for stem in altered.stems]
    return numpy.mean(distances[numpy.arange(len(at)), at] <= method(distances, collection))


def by_class(method, collection, classes, k=10):
    """Among the k nearest: precision above the line and below, share of the right ones above it."""
    distances = collection.every
    lines = method(distances, collection)
    counted = numpy.array([numpy.count_nonzero(classes == c) >= 11 for c in classes[: len(distances)]])
    nearest = numpy.argsort(numpy.where(numpy.isnan(distances), 9, distances), axis=1)[:, :k]
    right = (classes[nearest] == classes[: len(distances), None])[counted]
    above = (numpy.take_along_axis(distances, nearest, axis=1) <= lines[:, None])[counted]
    return right[above].mean(), right[~above].mean(), above[right].mean()


def measure(sets, queries, title):
    """One table: a row per measurement, a column per method."""
    rows = []

    def row(what, figure, of_method):
        rows.append([what, figure] + [percent(of_method(m)) for m in METHODS.values()])

    for name, (data, altered) in sets.items():
        collection = Collection(data.rows)
        place = {int(s): i for i, s in enumerate(data.numbers)}
        for other, strangers in queries.items():
            if other.split()[0] != name.split()[0].rstrip(","):
                row(f"{other} → {name}", "any above", lambda m: answered(m, strangers, collection))
        if name == "photographs":
            row("each photograph → the others", "any above",
                lambda m: numpy.mean(collection.nearest <= m(collection.every, collection)))
        for how, pictures in altered.items():
            row(f"{how} → {name}", "its original above", lambda m: kept(m, pictures, collection, place))
        if name != "photographs":
            for i, figure in enumerate(("same class, of those above", "same class, of those below",
                                        "above, of those of its class")):
                row(f"10 nearest, {name}", figure, lambda m: by_class(m, collection, data.classes)[i])
    return f"{title}\n\n" + table(["query → collection", "%"] + list(METHODS), rows)


def load(folder):
    sets, queries = {}, {}
    for name, title in (("stamps", "stamps"), ("photos", "photographs"), ("cifar", "CIFAR")):
        data = Set(folder, name)
        data.numbers = range(len(data.rows))
        altered = {how: Set(folder, f"{name}_{how}") for how in ("flip", "crop")
                   if (folder / f"{name}_{how}.npy").exists()}
        sets[title] = (data, altered)
        queries[title] = data.rows[:: max(1, len(data.rows) // 800)]
    some = Set.__new__(Set)
    data, altered = sets["CIFAR"]
    some.numbers = sorted(set(range(0, len(data.rows), 10)) | {int(s) for a in altered.values() for s in a.stems})
    some.rows, some.classes = data.rows[some.numbers], data.classes[some.numbers]
    sets["CIFAR, a tenth"] = (some, altered)
    nonsense = Set(folder, "junk")
    for kind in ("noise", "gradient"):
        queries[kind] = nonsense.rows[[s.endswith(kind) for s in nonsense.stems]]
    return sets, queries


def reduced(sets, queries, dimensions):
    """The stamps and photographs after PCA fitted on them, as a space with a transform keeps them."""
    out = {}
    for name in ("stamps", "photographs"):
        data, altered = sets[name]
        mean = data.rows.mean(axis=0)
        components = numpy.linalg.svd(data.rows - mean, full_matrices=False)[2][:dimensions]

        def project(rows):
            return unit((rows - mean) @ components.T)

        def copy(source):
            same = Set.__new__(Set)
            same.__dict__.update(source.__dict__)
            same.rows = project(source.rows)
            return same

        changed = {how: copy(a) for how, a in altered.items()}
        strangers = {q: project(r) for q, r in queries.items()}
        out[name] = measure({name: (copy(data), changed)}, strangers, f"PCA to {dimensions}, {name}.")
    return "\n\n".join(out.values())


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    if len(sys.argv) == 5:
        make(folder, *sys.argv[2:])
    sets, queries = load(folder)
    sizes = ", ".join(f"{len(d.rows):,} {name} (a typical pair: {1 - Collection(d.rows).typical:.2f})"
                      for name, (d, _) in sets.items())
    text = measure(sets, queries, f"EfficientNet-Lite0, 1,280 pooled numbers, cosine; {sizes}.")
    publish("Measured", text, "relevance.md")
    publish("Measured after PCA", reduced(sets, queries, 128), "relevance.md")


main()
