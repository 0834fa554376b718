"""t-SNE beside openTSNE: equal neighbours, start and settings.

    bench/tsne.py [WORK_FOLDER]

Fashion-MNIST (Debian's dataset-fashion-mnist), 70,000 rows of 50 principal components; neighbours
are exact.
"""

import pathlib
import sys
import tempfile

import numpy

from common import PYTHON, ROOT, publish, run, table
from index import pictures_of

RIVAL = ROOT / "bench/rivals/opentsne_map.py"


def prepare(work):
    """Neighbours and start, as files."""
    import faiss
    files = [work / f"tsne-{name}.npy" for name in ("places", "distances", "start")]
    if all(file.exists() for file in files):
        return files
    rows = numpy.concatenate([pictures_of("train"), pictures_of("t10k")])
    rows -= rows.mean(0)
    _, axes = numpy.linalg.eigh(rows.T @ rows)
    rows = numpy.ascontiguousarray(rows @ axes[:, :-51:-1], numpy.float32)
    index = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    squares, places = index.search(rows, 91)
    own = places == numpy.arange(len(rows))[:, None]
    own[~own.any(1), -1] = True  # where more than 90 others are equal to a row
    numpy.save(files[0], places[~own].reshape(len(rows), 90).astype(numpy.float32))
    numpy.save(files[1], numpy.sqrt(numpy.maximum(squares, 0))[~own].reshape(len(rows), 90))
    numpy.save(files[2], (rows[:, :2] / rows[:, 0].std() * 1e-4).astype(numpy.float32))
    return files


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else folder)
        files = prepare(work)
        lines = []
        for threads in (1, 2):
            times, kl = {}, {}
            for name, command in (("alike", [ROOT / "build/release/bench_tsne"]), ("openTSNE", [PYTHON, RIVAL, "map"])):
                out = work / f"tsne-{name}.npy"
                times[name] = run(*command, *files, threads, out)[0]
                kl[name] = run(PYTHON, RIVAL, "judge", *files[:2], out, 2)[0]["kl"]
            whole = {name: time["affinities_s"] + time["layout_s"] for name, time in times.items()}
            for name, time in times.items():
                lines.append([threads, name, f"{time['affinities_s']:.1f}", f"{time['layout_s']:.1f}",
                              f"{whole[name] / whole['openTSNE']:.2f}", f"{kl[name]:.4f}",
                              f"{kl[name] / kl['openTSNE'] - 1:+.2%}", time.get("hash", "")])
        publish("t-SNE",
                "Fashion-MNIST, 70,000 × 50 (PCA), perplexity 30, 250 exaggerated and 500 plain iterations from the same "
                "start and the same 90 neighbours of each row. The divergence "
                "of both maps is what openTSNE's own function gives for them.\n\n" +
                table(["threads", "", "affinities, s", "layout, s", "times openTSNE", "KL", "against openTSNE", "hash"], lines))


if __name__ == "__main__":
    main()
