"""Networks that must not become encoders, through `models add` and as packages of another."""

import hashlib
import json
import os
import pathlib
import resource
import shutil
import subprocess
import time
import unittest

import support

SECONDS, GIGABYTE = 10, 1 << 30
TOO_LONG = ("50 products of 2^12",)  # runs until the limit of processor time
SAMPLE = ("outside above", "outside link", "outside branch", "filled 10^12", "loop 2^62",
          "chain of 90000", *TOO_LONG)


class HostileNetworks(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.networks = cls.base / "networks"
        cls.networks.mkdir()
        subprocess.run([support.SAMPLES, "--hostile", cls.networks], check=True)
        cls.side = cls.base / "side.bin"
        cls.side.write_bytes(b"\x3f" * 3072)
        cls.like = json.loads(
            (cls.base / "home" / "models" / "tiny" / "encoder.json").read_text())

    def place(self, file):
        """A package of that network, beside the files that its weights may name."""
        package = self.folder / "package"
        package.mkdir()
        (self.folder / "side.bin").write_bytes(self.side.read_bytes())
        model = file.read_bytes()
        (package / "model.onnx").write_bytes(model)
        (package / "link.bin").symlink_to("../side.bin")
        (package / "folder").symlink_to("..")
        os.link(self.folder / "side.bin", package / "hard.bin")
        described = self.like | {"sha256": hashlib.sha256(model).hexdigest(), "default_layer": "y"}
        described["layers"] = [{"name": "y", "tensor": "y", "channels": 768, "height": 1,
                                "width": 1, "cost": 1}]
        (package / "encoder.json").write_text(json.dumps(described))
        return package

    def check(self, name, words):
        """Refused with a sentence, in bounds, and no file opened that the network names."""
        log = self.folder / "opened"
        trace = ["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", log]
        traced = name.startswith("outside")
        if traced and not support.can_trace():
            self.skipTest("strace cannot be used here")
        started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([*(trace if traced else []), support.PROGRAM, *words],
                              cwd=self.folder / "package", env=self.environment, input=b"",
                              capture_output=True, timeout=support.SECONDS)
        spent = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertIn(done.returncode, (1, 2), f"{name}: {done.stderr[-500:]}")
        self.assertTrue(done.stderr.startswith(b"alike: "), f"{name}: {done.stderr[-500:]}")
        computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertLess(computed, SECONDS, name)
        self.assertLess(after.ru_maxrss * 1024, GIGABYTE, name)
        if traced:
            opened = log.read_text()
            for each in ("side.bin", "link.bin", "hard.bin", "/dev/zero"):
                self.assertNotIn(each, opened, name)
        return spent, done.stderr.decode(errors="replace").strip()

    def each(self):
        files = sorted(self.networks.iterdir())
        self.assertGreaterEqual(len(files), 40)
        for file in files:
            if not support.DEEP and file.stem not in SAMPLE:
                continue
            for made in (self.folder / "package", self.base / "home" / "models" / "hostile"):
                shutil.rmtree(made, ignore_errors=True)
            (self.folder / "rows.npy").unlink(missing_ok=True)
            yield file.stem, self.place(file)

    def test_are_refused_by_models_add(self):
        for name, package in self.each():
            if not support.DEEP and name in TOO_LONG:
                continue
            with self.subTest(name):
                spent, sentence = self.check(name, [
                    "models", "add", package / "model.onnx", "--name", "hostile", "--size", "16",
                    "--mean", "0", "--scale", "1"])
                print(f"models add: {name:32} {spent:5.1f} s  {sentence[:150]}")
                self.assertFalse((self.base / "home" / "models" / "hostile").exists(), name)

    def test_are_refused_as_a_package_of_another(self):
        (self.folder / "picture.png").write_bytes(support.png(1))
        for name, package in self.each():
            with self.subTest(name):
                spent, sentence = self.check(name, [
                    "embed", self.folder / "picture.png", "--encoder", f"{package}/", "--out",
                    self.folder / "rows.npy"])
                print(f"--encoder : {name:32} {spent:5.1f} s  {sentence[:150]}")
                self.assertFalse((self.folder / "rows.npy").exists(), name)


if __name__ == "__main__":
    support.main()
