"""Two builds of the program on the same pictures: the same answers, exit codes and files.

    bench/same.py BEFORE AFTER PICTURES [DIFFERENCES]

Runs every verb by both programs, each in a copy of PICTURES (a folder of some 60 pictures in sub-folders), and compares
the JSON without times and sizes on disk, numbers to ten digits, the exit code and each written file. Prints a line for each command, and the differences of the
files in DIFFERENCES where that is given. Needs efficientnet-lite0. Exit code 1 where something differs.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIMES = re.compile(r"seconds|_ms$|^ms$|per_second|^made|images_per|timings|^total$|bandwidth|pid|^writer$|^bytes")
COMMANDS = [line.split(" ") for line in """\
index
index --layer block4 --pooling gem
index --space small --pca 16 --whiten
index --index graph
status
status --skipped
spaces
search id:3 -k 7
search id:3 -id:9 -k 7 --exact
search +id:2 id:5 --where width>10 --recall 0.99
search id:1 --paths
search id:1 --sheet sheet.png
embed a --out embedded.npy
search --vectors embedded.npy -k 5 --out ids.npy
export rows.npy
export rows.faiss
import rows.npy --paths rows.paths --space again --metric l2
import rows.faiss --paths rows.paths --space theirs
map --out map.json --out map.svg --out map.npy --out map.png
map --method pca --out pca.svg --color-by cluster
map --method tsne --perplexity 10 --out tsne.json
map --thumbs --grid --out grid.png
map --layers block4,pooled --out layers.svg --out layers.json
map --list
map --update
map --remove again.umap
eval --out eval.html --csv eval.csv
eval --protocol retrieval --queries id<20
eval --protocol damage --damaged 5
eval --make-factors factors --pictures 100
compare --layers block4,pooled --no-baselines --csv compare.csv --out compare.html
playground export played
playground replay played
verify
repair
compact
snapshot kept.snap
models
models show efficientnet-lite0
layers efficientnet-lite0
spaces default again
spaces remove theirs
search nothing.jpg
search id:100000
map --space none
eval --protocol geometry --queries id<20
import rows.npy --space again
index --index graph,pca3
nonsense""".splitlines()]


def without_times(value):
    if isinstance(value, dict):
        return {k: without_times(v) for k, v in sorted(value.items()) if not TIMES.search(k)}
    if isinstance(value, list):
        return [without_times(each) for each in value]
    return float(f"{value:.10g}") if isinstance(value, float) else value


def run(program, folder, words):
    made = subprocess.run([program, "--json", *words], cwd=folder, capture_output=True, text=True, timeout=1200)
    try:
        answer = without_times(json.loads(made.stdout)) if made.stdout.strip() else None
    except ValueError:
        answer = made.stdout
    text = json.dumps(answer, sort_keys=True, indent=1).replace(str(folder), "FOLDER")
    return made.returncode, text


def files_of(folder):
    """Name → bytes of the files that the commands wrote; JSON without times, pages by the text that stays."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or name.parts[0] == ".alike" or path.suffix == ".snap":
            continue
        data = path.read_bytes()
        if path.suffix == ".json":
            data = json.dumps(without_times(json.loads(data)), sort_keys=True).encode()
        found[str(name)] = data.replace(str(folder).encode(), b"FOLDER")
    return found


def main():
    programs = [str(pathlib.Path(each).resolve()) for each in sys.argv[1:3]]
    differing = 0
    with tempfile.TemporaryDirectory() as place:
        folders = []
        for name in ("one", "two"):
            folders.append(pathlib.Path(place) / name / "pictures")
            shutil.copytree(sys.argv[3], folders[-1])
            inside = sorted(each for each in folders[-1].iterdir() if each.is_dir())[0]
            (folders[-1] / "a").symlink_to(inside.name)
        told = []
        for words in COMMANDS:
            answers = [run(program, folder, words) for program, folder in zip(programs, folders)]
            same = answers[0] == answers[1]
            differing += not same
            print(f"{'same     ' if same else 'DIFFERENT'} exit {answers[1][0]:3}  alike {' '.join(words)}")
            if not same:
                told.append(f"=== {' '.join(words)}\n--- {answers[0]}\n+++ {answers[1]}\n")
        written = [files_of(folder) for folder in folders]
        for name in sorted(written[0].keys() | written[1].keys()):
            same = written[0].get(name) == written[1].get(name)
            differing += not same
            if not same:
                print(f"DIFFERENT file {name}")
                told.append(f"=== file {name}\n--- {written[0].get(name)!r:.3000}\n+++ {written[1].get(name)!r:.3000}\n")
        print(f"{len(COMMANDS)} commands, {len(written[0])} files, {differing} differ")
        if len(sys.argv) > 4:
            pathlib.Path(sys.argv[4]).write_text("\n".join(told))
    sys.exit(differing > 0)


main()
