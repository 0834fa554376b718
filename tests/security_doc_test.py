#!/usr/bin/env python3
"""security_doc_test.py ROOT: every test and file that docs/security.md names is there."""

import pathlib
import re
import sys

PROGRAM_TESTS = {"cli", "http", "web", "package"}


def is_there(root, name):
    if name.startswith("fuzz_"):
        return (root / "fuzz" / f"{name[5:]}_fuzz.cpp").exists()
    folder, _, test = name.partition(".")
    if folder in PROGRAM_TESTS:
        return any((root / "tests" / folder).glob(f"{test}_test.*"))
    suite = re.compile(rf"^TEST(_F|_P)?\({test},", re.M)
    return any(suite.search(file.read_text()) for file in (root / "tests" / folder).rglob("*_test.cpp"))


def missing(root, text):
    folders = "|".join(each.name for each in (root / "tests").iterdir() if each.is_dir())
    names = re.findall(rf"`((?:{folders})\.[A-Za-z_]+|fuzz_\w+)`", text)
    assert len(names) > 20, names
    paths = re.findall(r"\]\(([^)#:]+)\)", text)
    return ([name for name in names if not is_there(root, name)]
            + [path for path in paths if not (root / "docs" / path).exists()])


root = pathlib.Path(sys.argv[1])
document = (root / "docs" / "security.md").read_text()
assert {"cli.nothing", "fuzz_nothing", "base.Nothing"} <= set(
    missing(root, document + "`cli.nothing` `fuzz_nothing` `base.Nothing`")), "the test cannot fail"
gone = missing(root, document)
if gone:
    sys.exit(f"docs/security.md names what is not there: {', '.join(gone)}")
