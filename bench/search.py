"""Lean: memory from 5,000 to 50,000 pictures, and whole-process search over 50,000, beside faiss.

    bench/search.py CIFAR_FOLDER [WORK_FOLDER]

CIFAR_FOLDER holds 50,000 JPEGs. With WORK_FOLDER the two collections are kept there for a next run.
"""

import pathlib
import shutil
import sys
import tempfile

from common import ALIKE, PYTHON, ROOT, median, package, publish, run, table


def main():
    pictures = pathlib.Path(sys.argv[1]).resolve()
    files = sorted(pictures.rglob("*.jpg"))
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder).resolve()
        small = work / "small"
        if not small.is_dir():
            for i, file in enumerate(files[::10]):
                target = small / file.parent.name / file.name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
        package("efficientnet-lite0")
        rows = []
        collections = {"5,000": (small, work / "5k.alike"), "50,000": (pictures, work / "50k.alike")}
        for title, (source, collection) in collections.items():
            if not collection.is_dir():
                answer, seconds, peak = run(ALIKE, "--json", "--collection", collection, "index", source)
                rows.append([title, f"{peak:.0f}", f"{seconds:.0f}", f"{answer['images_per_second']:.0f}"])
        if rows:
            publish("Memory of indexing", "CIFAR-10 pictures, EfficientNet-Lite0, 1,280 numbers each.\n\n" +
                    table(["pictures", "peak memory, MB", "seconds", "img/s"], rows))

        collection = collections["50,000"][1]
        alike = [ALIKE, "--json", "--collection", collection]
        ids = [7 + 997 * i for i in range(25)]
        queries = [files[i] for i in ids]
        by_id, by_file, peaks = [], [], []
        run(*alike, "search", queries[0])
        for item, query in zip(ids, queries):
            _, seconds, peak = run(*alike, "search", f"id:{item}")
            by_id.append(seconds)
            peaks.append(peak)
            by_file.append(run(*alike, "search", query)[1])
        rows = [["`alike search id:N`", f"{1000 * median(by_id):.1f}", f"{1000 * max(by_id):.1f}", f"{median(peaks):.0f}"],
                ["`alike search FILE`", f"{1000 * median(by_file):.1f}", f"{1000 * max(by_file):.1f}", ""]]
        vectors = work / "rows.npy"
        if not vectors.exists():
            run(ALIKE, "--json", "embed", pictures, "--encoder", "efficientnet-lite0", "--out", vectors)
        taken, inside, peaks = [], [], []
        for item in ids[:7]:
            answer, seconds, peak = run(PYTHON, ROOT / "bench/rivals/faiss_search.py", vectors, item, 10)
            taken.append(seconds)
            inside.append(answer["seconds"])
            peaks.append(peak)
        rows.append(["Python, faiss IndexFlatIP from a .npy", f"{1000 * median(taken):.1f}", f"{1000 * max(taken):.1f}",
                     f"{median(peaks):.0f}"])
        rows.append(["… its search alone, 2 threads, index in memory", f"{1000 * median(inside):.1f}",
                     f"{1000 * max(inside):.1f}", ""])
        publish("Search latency", "Whole processes, warm, k = 10, 50,000 × 1,280 rows, exact; alike checks every "
                "block it reads.\n\n" + table(["", "median, ms", "longest, ms", "peak memory, MB"], rows))


main()
