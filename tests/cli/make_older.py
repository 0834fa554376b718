"""Makes the collection and the snapshot of version 1 that older_test.py opens; run once, with the program of
commit cc8c068:

    ALIKE_PROGRAM=… ALIKE_SAMPLES=…/write_samples /usr/bin/python3 tests/cli/version1/make.py

`collection` is a whole .alike of 11 pictures (support.png) in three spaces (flat, graph, coded) and a map,
`expected.json` the nearest to the first of them by that program.
"""

import json
import pathlib
import shutil
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import support

SPACES = {"tiny": [], "wide": ["--layer", "stage2", "--index", "graph"], "codes": ["--layer", "stage1", "--index", "coded"]}


class Make(support.TestCase):

    def test_make(self):
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
