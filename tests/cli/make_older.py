"""Makes a collection and a snapshot of the format that a program writes, which older_test.py opens later. Run once
for each format, with the program of version 1 (commit cc8c068) and of version 2 (15b72b8):

    ALIKE_PROGRAM=… ALIKE_SAMPLES=…/write_samples FORMAT=2 /usr/bin/python3 tests/cli/make_older.py

`collection` is a whole .alike of 11 pictures (support.png) in three spaces (flat, graph, coded) and a map,
`expected.json` the nearest to the first of them by that program.
"""

import json
import os
import pathlib
import shutil

import support

HERE = pathlib.Path(__file__).parent / f"version{os.environ['FORMAT']}"

SPACES = {"tiny": [], "wide": ["--layer", "stage2", "--index", "graph"], "codes": ["--layer", "stage1", "--index", "coded"]}


class Make(support.TestCase):

    def test_make(self):
        HERE.mkdir(exist_ok=True)
        pictures = self.folder / "pictures"
        (pictures / "b").mkdir(parents=True)
        for i in range(12):
            (pictures / ("b" if i % 3 == 0 else "") / f"{i:02}.png").write_bytes(support.png(i))
        for space, words in SPACES.items():
            self.json("index", pictures, "--encoder", "tiny", "--space", space, *words)
        self.json("-C", pictures, "map", "--space", "tiny", "--method", "pca", "--name", "first")
        (pictures / "b/03.png").unlink()  # a row that is dead
        self.json("index", pictures, "--space", "tiny")
        found = {space: [[each["path"], round(each["distance"], 5)]
                         for each in self.json("-C", pictures, "search", "id:0", "--space", space)["results"]]
                 for space in SPACES}
        (HERE / "expected.json").write_text(json.dumps(found, indent=1) + "\n")
        self.json("-C", pictures, "snapshot", self.folder / "all.snapshot")
        shutil.copy(self.folder / "all.snapshot", HERE / "snapshot")
        shutil.rmtree(HERE / "collection", ignore_errors=True)
        shutil.copytree(pictures / ".alike", HERE / "collection", ignore=shutil.ignore_patterns("*-shm"))


support.main()
