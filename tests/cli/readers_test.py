"""Whoever may only read, and readers of a full disk."""

import os
import shutil
import signal
import subprocess
import time
import unittest

import support

NOBODY = 65534


@unittest.skipUnless(os.geteuid() == 0, "only root can become another user")
class OnlyReading(support.TestCase):

    def as_nobody(self, *words):
        result = self.run_raw("--json", *words, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual(result.code, 0, str(result))
        return result.document

    def stopped_writer(self, folder):
        """A writer that stands still with changes that are not in the catalog yet."""
        writer = self.start("index", folder)
        wal = folder / ".alike/catalog.db-wal"
        until = time.monotonic() + support.SECONDS
        while not (wal.exists() and wal.stat().st_size):
            self.assertIsNone(writer.poll(), "it was too fast to be stopped")
            self.assertLess(time.monotonic(), until)
        writer.send_signal(signal.SIGSTOP)
        return writer

    def test_works_beside_a_writer_and_after_it_was_killed(self):
        folder = self.indexed(20)
        before = self.as_nobody("-C", folder, "search", "id:3")["results"]
        self.pictures(300, start=100)
        writer = self.stopped_writer(folder)
        self.assertNotEqual(self.as_nobody("-C", folder, "search", "id:3", "-k", "400")["results"], [])
        self.assertEqual(self.as_nobody("-C", folder, "status")["writer"], writer.pid)
        self.assertEqual(self.as_nobody("-C", folder, "verify")["damage"], [])
        writer.kill()
        writer.wait()
        self.assertNotEqual(self.as_nobody("-C", folder, "search", "id:3", "-k", "400")["results"], [])
        self.assertEqual(len(before), 10)

    def test_works_where_no_writer_left_shared_memory(self):
        folder = self.indexed(4)
        for name in ("wal", "shm"):
            (folder / f".alike/catalog.db-{name}").unlink(missing_ok=True)
        self.assertEqual(self.as_nobody("-C", folder, "status")["items"], 4)

    def test_works_on_a_read_only_disk(self):
        folder = self.indexed(4)
        disk = self.folder / "disk"
        disk.mkdir()
        if subprocess.run(["mount", "--bind", folder, disk], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk])
        subprocess.run(["mount", "-o", "remount,ro,bind", disk], check=True)
        self.assertEqual(self.json("-C", disk, "status")["items"], 4)
        self.assertEqual(self.json("-C", disk, "verify")["damage"], [])
        self.assertEqual(len(self.json("-C", disk, "search", "id:0")["results"]), 3)
        error = self.json("-C", disk, "index", code=1)["error"]
        self.assertIn("--collection", error["message"])


@unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
class ReadersOfAFullDisk(support.TestCase):

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", self.disk]
        if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", self.disk])
        self.pictures_there = self.pictures(40)
        self.where = ["--collection", self.disk / "c"]
        self.json(*self.where, "index", self.pictures_there, "--encoder", "tiny")

    def fill(self):
        with open(self.disk / "rest", "wb", buffering=0) as rest:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        rest.write(bytes(size))
                except OSError:
                    pass
        self.assertEqual(shutil.disk_usage(self.disk).free, 0)

    def test_go_on(self):
        (self.disk / "c/catalog.db-shm").unlink(missing_ok=True)
        self.fill()
        self.assertEqual(self.json(*self.where, "status")["items"], 40)
        self.assertEqual(self.json(*self.where, "verify")["damage"], [])
        self.assertEqual(len(self.json(*self.where, "search", "id:1")["results"]), 10)
        (self.disk / "rest").unlink()
        self.pictures(2, start=100)
        self.assertEqual(self.json(*self.where, "index")["added"], 2)
        self.assertEqual(self.json(*self.where, "status")["items"], 42)

    def test_may_remove_items(self):
        self.fill()
        for i in range(5):
            (self.pictures_there / f"p{i:04}.png").unlink()
        self.assertEqual(self.json(*self.where, "index")["removed"], 5)
        self.assertEqual(self.json(*self.where, "status")["items"], 35)
        self.assertEqual(self.json(*self.where, "verify")["damage"], [])

    def test_are_told_when_something_is_added(self):
        self.fill()
        self.pictures(20, start=100)
        error = self.json(*self.where, "index", code=1)["error"]
        self.assertEqual(error["code"], "no_space")
        self.assertEqual(self.json(*self.where, "verify")["damage"], [])


if __name__ == "__main__":
    support.main()
