"""Users with read access only, and readers of a full disk."""

import os
import shutil
import signal
import subprocess
import time
import unittest

import support

OTHER = 65534  # any user but root


@unittest.skipUnless(os.geteuid() == 0, "only root can give files to another user")
class OnlyReading(support.TestCase):

    def as_reader(self, folder, *words, code=0):
        """The document of a run that may read the folder and all in it, and write nothing there: it is
        another user's, and root without its rights. (A true other user could not read the libraries
        of a build in the home of root.)"""
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, OTHER, OTHER)
            path.chmod(0o755 if path.is_dir() else 0o644)
        return self.json("-C", folder, *words, code=code, **self.limited())

    def stopped_writer(self, folder):
        """A writer that stands still with changes that are not in the catalog yet."""
        wal = folder / ".alike/catalog.db-wal"
        for start in range(100, 260, 40):
            self.pictures(40, start=start)
            writer = self.start("index", folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while writer.poll() is None and wal.stat().st_size < 8192:
                time.sleep(0.001)
            writer.send_signal(signal.SIGSTOP)
            if writer.poll() is None and wal.stat().st_size:
                return writer
            writer.send_signal(signal.SIGCONT)
            writer.wait()
        self.fail("each of them was too fast to be stopped")

    def test_works_beside_a_writer_and_after_it_was_killed(self):
        self.add_encoder("wide", "open.onnx", "--size", "128")
        folder = self.pictures(4)
        words = ["--encoder", "wide", "--layer", "relu1", "--pooling", "none"]  # a commit every 16
        self.json("index", folder, *words)
        before = self.as_reader(folder, "search", "id:3")["results"]
        writer = self.stopped_writer(folder)
        self.assertNotEqual(self.as_reader(folder, "search", "id:3", "-k", "400")["results"], [])
        self.assertEqual(self.as_reader(folder, "status")["writer"], writer.pid)
        self.assertEqual(self.as_reader(folder, "verify")["damage"], [])
        writer.kill()
        writer.wait()
        self.assertNotEqual(self.as_reader(folder, "search", "id:3", "-k", "400")["results"], [])
        self.assertEqual(len(before), 3)

    def test_may_not_write(self):
        folder = self.indexed(2)
        self.pictures(1, start=50)
        error = self.as_reader(folder, "index", code=1)["error"]
        self.assertIn("--collection", error["message"])
        self.assertEqual(self.as_reader(folder, "status")["items"], 2)

    def test_works_where_no_writer_left_shared_memory(self):
        folder = self.indexed(4)
        for name in ("wal", "shm"):
            (folder / f".alike/catalog.db-{name}").unlink(missing_ok=True)
        self.assertEqual(self.as_reader(folder, "status")["items"], 4)

    def test_works_where_a_killed_writer_left_the_head_of_changes(self):
        folder = self.indexed(4)
        (folder / ".alike/catalog.db-wal").write_bytes(bytes(range(32)))
        self.assertEqual(self.as_reader(folder, "status")["items"], 4)
        (folder / ".alike/catalog.db-shm").unlink()
        self.assertEqual(self.as_reader(folder, "status")["items"], 4)
        self.pictures(2, start=50)
        self.assertEqual(self.json("-C", folder, "index")["added"], 2)
        self.assertEqual(self.as_reader(folder, "status")["items"], 6)

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
        self.disk = self.small_disk("16m")
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
        kept = 40  # a few more fit: into the last page of the rows and the blocks kept for the catalog
        for start in range(100, 1100, 50):
            self.pictures(50, start=start)
            result = self.run_raw("--json", *self.where, "index")
            if result.code != 0:
                break
            kept += result.document["added"]
            self.assertEqual(self.json(*self.where, "status")["items"], kept)
        self.assertEqual((result.code, result.document["error"]["code"]), (1, "no_space"), str(result))
        self.assertEqual(self.json(*self.where, "verify")["damage"], [])
        self.assertGreaterEqual(self.json(*self.where, "status")["items"], kept)
        (self.disk / "rest").unlink()
        self.json(*self.where, "index")
        self.assertEqual(self.json(*self.where, "status")["items"], len(list(self.pictures_there.iterdir())))
        self.assertEqual(self.json(*self.where, "verify")["damage"], [])


if __name__ == "__main__":
    support.main()
