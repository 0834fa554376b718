"""The start of every test of the program: a folder of its own, pictures, a tiny encoder."""

import ctypes
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

PROGRAM = os.environ.get("ALIKE_PROGRAM", "")
SAMPLES = os.environ.get("ALIKE_SAMPLES", "")
HAS_PAGE = os.environ.get("ALIKE_WEB", "ON") == "ON"  # whether the program was built with its page
DEEP = os.environ.get("ALIKE_DEPTH") == "all"  # as `script/test all` sets it; otherwise a short sample
SECONDS = 120  # no command may take longer; it is a bug then, not a slow machine


def can_trace():
    """Whether strace is there and may be used, as not in every container."""
    probe = ["strace", "-o", "/dev/null", "true"]
    return shutil.which("strace") is not None and subprocess.run(probe, capture_output=True).returncode == 0


def main():
    if not PROGRAM or not SAMPLES:
        sys.exit("set ALIKE_PROGRAM and ALIKE_SAMPLES to the built programs alike and write_samples")
    unittest.main(verbosity=2)


# Pictures and arrays, byte by byte.


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_head(width, height):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(seed, width=40, height=30):
    """A PNG of patches, coloured by `seed`."""
    draw = random.Random(seed)
    rows = []
    for y in range(height):
        if y % 8 == 0:
            colors = [draw.randbytes(3) for _ in range(-(-width // 8))]
        rows.append(b"\0" + b"".join(colors[x // 8] for x in range(width)))
    pixels = zlib.compress(b"".join(rows), 1)
    return png_head(width, height) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# A green lossless WebP of one pixel.
WEBP = bytes.fromhex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700")


def npy(rows, kind="<f4"):
    """The bytes of numpy.save for a list of equally long lists; kind "<f4", "<f8" or "<i8"."""
    width = len(rows[0]) if rows else 0
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({len(rows)}, {width}), }}"
    head += " " * (128 - 11 - len(head)) + "\n"
    letter = {"<f4": "f", "<f8": "d", "<i8": "q"}[kind]
    flat = [value for row in rows for value in row]
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() +
            struct.pack(f"<{len(flat)}{letter}", *flat))


def read_npy(path):
    """(rows as lists, kind) of a file as alike writes it."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x93NUMPY\x01\x00", data[:8]
    size = 10 + struct.unpack("<H", data[8:10])[0]
    head = eval(data[10:size], {"__builtins__": {}})
    letter = {"<f4": "f", "<i8": "q"}[head["descr"]]
    n, width = head["shape"]
    flat = struct.unpack(f"<{n * width}{letter}", data[size:])
    return [list(flat[i * width:(i + 1) * width]) for i in range(n)], head["descr"]


def make_newer(folder, version):
    """Makes the catalog of a collection say that it is of `version`, whose checksums this program cannot know."""
    catalog = sqlite3.connect(folder / ".alike/catalog.db")
    catalog.execute(f"PRAGMA user_version={version}")
    catalog.commit()
    catalog.close()
    (folder / ".alike/catalog.sum").unlink()


def verbs_in(commands, verbs):
    """Those of `verbs` that one of the commands calls, each of which is a list of words."""
    texts = [" ".join(["", *map(str, words), ""]) for words in commands]
    return {verb for verb in verbs if any(f" {verb} " in text for text in texts)}


class Result:
    """The result of a run of the program: exit code, bytes of both outputs."""

    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err

    @property
    def text(self):
        return self.out.decode()

    @property
    def errors(self):
        return self.err.decode(errors="replace")

    @property
    def document(self):
        """The one JSON document that stands on stdout, and nothing else."""
        return json.loads(self.out)

    def __str__(self):
        return (f"{' '.join(map(str, self.command))}\nexit {self.code}\n"
                f"{self.out[-2000:].decode(errors='replace')}\n{self.errors[-2000:]}")


class TestCase(unittest.TestCase):
    """A temporary folder for the class, an encoder called "tiny" in it, a folder for each test."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory(prefix="alike-cli-")
        cls.addClassCleanup(cls._folder.cleanup)
        cls.base = pathlib.Path(cls._folder.name)
        cls.base.chmod(0o755)
        cls.samples = cls.base / "samples"
        cls.samples.mkdir()
        subprocess.run([SAMPLES, cls.samples], check=True)
        names = ("ALIKE_", "XDG_", "COLORTERM", "TERM", "KITTY")
        cls.environment = {key: value for key, value in os.environ.items()
                           if not key.startswith(names)}
        cls.environment |= {"ALIKE_HOME": str(cls.base / "home"),
                            "ALIKE_CACHE": str(cls.base / "cache"),
                            "HOME": str(cls.base), "LC_ALL": "C.UTF-8"}
        cls.add_encoder("tiny")

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.base))
        self.folder.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def small_disk(self, size):
        """A folder that is a disk of its own, of `size` as "16m"."""
        disk = self.folder / "disk"
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", disk]
        if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        return disk

    @classmethod
    def add_encoder(cls, name, model="tiny.onnx", *options):
        command = [PROGRAM, "models", "add", cls.samples / model, "--name", name, "--mean", "127",
                   "--scale", "64", "--crop", "1", *options]
        subprocess.run(command, check=True, env=cls.environment, stdout=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL, timeout=SECONDS)

    @classmethod
    def run_raw(cls, *words, cwd=None, input=None, **options):
        """Runs the program, in the base folder unless told otherwise."""
        command = [PROGRAM, *map(os.fspath, words)]
        done = subprocess.run(command, cwd=cwd or cls.base, env=cls.environment,
                              input=input or b"", capture_output=True, timeout=SECONDS, **options)
        return Result(command, done.returncode, done.stdout, done.stderr)

    def start(self, *words, **options):
        """Starts the program and goes on; it is killed at the end of the test if it still runs."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "stdin": subprocess.DEVNULL, "cwd": self.folder} | options
        process = subprocess.Popen([PROGRAM, *map(os.fspath, words)], env=self.environment, **options)

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def alike(self, *words, code=0, **options):
        """Runs the program in the folder of the test and checks its exit code."""
        result = self.run_raw(*words, cwd=self.folder, **options)
        self.assertEqual(result.code, code, str(result))
        return result

    def json(self, *words, code=0, **options):
        """As `alike`, with --json; returns the document."""
        result = self.alike("--json", *words, code=code, **options)
        try:
            return result.document
        except ValueError:
            self.fail(f"not one JSON document:\n{result}")

    @classmethod
    def verbs(cls):
        """The names of all verbs and of their parts, such as "spaces remove", by the manual page."""
        return set(re.findall(r"^\.SS alike (.*)$", cls.run_raw("man").text, re.MULTILINE))

    def refused(self, *words, code, saying, **options):
        """The command fails with this code and a sentence that has these words in it."""
        result = self.alike(*words, code=code, **options)
        self.assertEqual(result.out, b"", str(result))
        for each in [saying] if isinstance(saying, str) else saying:
            self.assertIn(each, result.errors)
        return result

    def limited(self):
        """Options that run the program so that permissions hold for it, as they do not for root."""
        if os.geteuid() != 0:
            return {}
        libc = ctypes.CDLL(None, use_errno=True)
        drop, override, read_search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_…

        def preexec():
            for capability in (override, read_search):
                if libc.prctl(drop, capability, 0, 0, 0) != 0:
                    os._exit(99)

        if self.run_raw("--version", preexec_fn=preexec).code == 99:
            self.skipTest("root cannot give up its rights here")
        return {"preexec_fn": preexec}

    def pictures(self, count, start=0, where="pictures", **size):
        """Writes `count` different PNG and returns their folder, which is made."""
        folder = self.folder / where
        folder.mkdir(exist_ok=True, parents=True)
        for i in range(start, start + count):
            (folder / f"p{i:04}.png").write_bytes(png(i, **size))
        return folder

    def indexed(self, count=6, **options):
        """A folder of pictures that is indexed with the tiny encoder."""
        folder = self.pictures(count, **options)
        self.json("index", folder, "--encoder", "tiny")
        return folder
