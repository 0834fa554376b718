"""The server keeps to docs/openapi.yaml: schemathesis makes requests from it, such as fit and
such as do not, one alone and several in a row, and judges the answers by it."""

import copy
import os
import pathlib
import subprocess
import unittest

import support
import yaml
from support import DESCRIPTION, png

CACHE = os.environ.get("ALIKE_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "alike")
SCHEMATHESIS = pathlib.Path(CACHE, "schemathesis/bin/schemathesis")
KEY = "of the test and long enough"
SEED = 8
EXAMPLES = 40 if support.DEEP else 10  # of each operation
# Statuses of HTTP for a refusal.
SETTINGS = """
seed = {seed}
request-timeout = 30
continue-on-failure = true
[generation]
max-examples = {examples}
database = "none"
[phases.stateful]
max-steps = 6
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 431]
[dictionaries]
"""
# Existing names, so that not every answer is 404.
KNOWN = {"c": ["pictures"], "s": ["tiny"], "m": ["tiny.umap"], "e": ["tiny"], "id": [0, 7, 23], "j": [1, 2]}


def answering():
    """The description without the stream of events, which says nothing while nothing happens
    (jobs_test.py reads it)."""
    description = copy.deepcopy(DESCRIPTION)
    del description["paths"]["/v1/jobs/events"]
    return description


def narrowed():
    """The description with rules that no schema can express: `where` is a small language, JSON brings no
    pictures, a region lies within the picture."""
    description = answering()
    where = {"type": "string", "enum": ["label = 'a'", "id >= 3 and width < 100", "id < 0"]}
    components = description["components"]
    components["parameters"]["where"]["schema"] = where
    query = components["schemas"]["Query"]["properties"]
    query["where"] = where
    query["space"] = {"type": "string", "enum": ["tiny", ""]}
    query["region"]["items"] = {"type": "number", "minimum": 0.1, "maximum": 0.5}
    query["examples"]["items"] = {"type": "object", "required": ["id"], "additionalProperties": False,
                                  "properties": {"id": {"enum": [0, 7, 23]}, "positive": {"const": True}}}
    for path in ["/v1/collections/{c}/search", "/v1/collections/{c}/maps/{m}/place"]:
        del description["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]
    return description


@unittest.skipUnless(SCHEMATHESIS.exists(), f"no {SCHEMATHESIS}; script/bootstrap --test installs it")
class Schema(support.TestCase):

    def setUp(self):
        super().setUp()
        photos = self.folder / "pictures"
        for label in "ab":
            (photos / label).mkdir(parents=True)
            for i in range(12):
                (photos / label / f"{i:03}.png").write_bytes(png(ord(label) + 2 * i))
        (photos / "broken.jpg").write_bytes(b"no picture")
        for words in [["--json", "index", photos, "--encoder", "tiny"],
                      ["--json", "--collection", photos / ".alike", "map"]]:
            done = self.run_raw(*words)
            self.assertEqual(done.code, 0, str(done))
        self.photos = photos

    def settings(self, examples):
        text = SETTINGS.format(seed=SEED, examples=examples)
        for name, values in KNOWN.items():
            text += f"{name} = {{values = {values}}}\n"
        text += "[parameters]\n"
        for name in KNOWN:
            text += f'"path.{name}" = {{dictionary = "{name}", probability = 0.7}}\n'
        return text

    def judge(self, server, description, examples, *words):
        (self.folder / "openapi.yaml").write_text(yaml.safe_dump(description))
        (self.folder / "settings.toml").write_text(self.settings(examples))
        done = subprocess.run([SCHEMATHESIS, "--config-file", "settings.toml", "run", "--no-color",
                               "--url", server.url, "--checks", "all", *words, "openapi.yaml"],
                              cwd=self.folder, capture_output=True, text=True, timeout=900)
        lines = [line[:400] for line in (done.stdout + done.stderr).splitlines()]
        print("\n".join(lines[-25:]), flush=True)
        self.check_alive(server)
        self.assertEqual(done.returncode, 0, "\n".join(lines))

    def test_what_fits_is_taken(self):
        self.judge(self.serve(self.photos), narrowed(), EXAMPLES, "--mode", "positive")

    def test_what_does_not_fit_is_refused(self):
        self.judge(self.serve(self.photos), answering(), EXAMPLES, "--mode", "negative")

    def test_nothing_is_told_without_the_key(self):
        server = self.serve(self.photos, environment={"ALIKE_KEY": KEY})
        self.judge(server, narrowed(), EXAMPLES // 4, "--mode", "positive", "--header", f"Authorization: Bearer {KEY}")


if __name__ == "__main__":
    support.main()
