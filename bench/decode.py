"""Decoding and resizing beside Pillow, one thread each: small photographs and 12-megapixel ones.

    bench/decode.py FOLDER_OF_PHOTOGRAPHS [ROUNDS]
"""

import pathlib
import sys
import tempfile

from common import ALIKE, PYTHON, ROOT, median, package, publish, run, table


def race(files, rounds, work):
    """Milliseconds per picture of alike and of Pillow, medians of rounds taken in turn."""
    listing = pathlib.Path(work) / "list"
    listing.write_text("\n".join(map(str, files)))
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(run(ROOT / "build/release/bench_prepare", 224, *files)[0]["seconds"])
        theirs.append(run(PYTHON, ROOT / "bench/rivals/pillow_decode.py", 224, listing)[0]["seconds"])
    return [1000 * median(s) / len(files) for s in (ours, theirs)]


def cosines(files, work):
    """Cosine of `alike embed` to onnxruntime on Pillow's full decoding; (mean, smallest)."""
    listing = pathlib.Path(work) / "list"
    listing.write_text("\n".join(map(str, files)))
    encoder = package("efficientnet-lite0")
    run(PYTHON, ROOT / "bench/rivals/pipeline.py", "onnxruntime", encoder, listing, f"{work}/theirs.npy")
    run(ALIKE, "--json", "embed", *files, "--encoder", "efficientnet-lite0", "--out", f"{work}/ours.npy")
    code = "import numpy,sys; a,b=map(numpy.load,sys.argv[1:]); c=(a*b).sum(1); print([float(c.mean()),float(c.min())])"
    return run(PYTHON, "-c", code, f"{work}/ours.npy", f"{work}/theirs.npy")[0]


def main():
    photographs = sorted(pathlib.Path(sys.argv[1]).glob("*.JPEG"))
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    rows = []
    with tempfile.TemporaryDirectory() as work:
        large = pathlib.Path(work) / "large"
        large.mkdir()
        run(PYTHON, ROOT / "bench/rivals/make_large.py", large, *photographs[::25])
        for title, files in (("500 photographs as they are", photographs),
                             ("20 JPEGs of 12 megapixels", sorted(large.iterdir()))):
            ours, theirs = race(files, rounds, work)
            mean, smallest = cosines(files, work)
            rows.append([title, f"{ours:.2f}", f"{theirs:.2f}", f"{theirs / ours:.2f}", f"{mean:.5f}", f"{smallest:.5f}"])
    publish("Decoding and resizing", f"File to 224 × 224 pixels, one thread, median of {rounds} rounds taken in turn; "
            "cosine of the embeddings to full decoding by Pillow.\n\n" +
            table(["", "alike, ms", "Pillow, ms", "alike ×", "cosine, mean", "cosine, smallest"], rows))


main()
