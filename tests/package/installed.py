"""Shared by the tests of the installed program: one install of the build into a folder that goes away."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else TREE / "build/release").resolve()


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class TestCase(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="alike-installed-")
        cls.addClassCleanup(folder.cleanup)
        cls.prefix = pathlib.Path(folder.name)
        output("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.program = cls.prefix / "bin/alike"
        cls.library = next(path for path in cls.prefix.rglob("libalike.so*") if not path.is_symlink())
        cls.bundled = [path for path in cls.library.parent.glob("alike/*.so*") if not path.is_symlink()]


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
