"""A disk that fills and empties under one server: 2 cycles, 10 where ALIKE_DEPTH is "all"."""

import os
import shutil
import unittest

import support
from support import png

CYCLES = 10 if support.DEEP else 2
ROOT = "/v1/collections/c"


@unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
class FullDisk(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_encoder("open", "open.onnx", "--size", "128")

    def index(self, server):
        started = server.post(ROOT + "/jobs", {"kind": "index"})
        self.assertEqual(started.status, 202, str(started))
        return server.wait_for_job(started.document["id"])

    def test_searches_go_on_and_indexing_goes_on_when_there_is_room(self):
        disk = self.small_disk("24m")
        folder = disk / "c"
        folder.mkdir()
        for i in range(20):
            (folder / f"{i:03}.png").write_bytes(png(i))
        self.json("index", folder, "--encoder", "open", "--layer", "relu1", "--pooling", "none")
        server = self.serve(folder)
        made = 20
        for _ in range(CYCLES):
            for _ in range(8):
                (folder / f"{made:03}.png").write_bytes(png(made))
                made += 1
            (disk / "rest").write_bytes(bytes(shutil.disk_usage(disk).free - (64 << 10)))
            job = self.index(server)
            self.assertEqual(job["state"], "failed", job)
            self.assertIn("free some space", job["error"])
            for item in (0, 7, 19):
                found = server.post(ROOT + "/search", {"examples": [{"id": item}], "k": 5})
                self.assertEqual(found.status, 200, str(found))
            (disk / "rest").unlink()
            job = self.index(server)
            self.assertEqual(job["state"], "done", job)
            status = self.json("--collection", folder / ".alike", "status")
            self.assertEqual(status["items"], made)
        self.assertEqual(self.json("--collection", folder / ".alike", "verify")["damage"], [])
        print(f"{CYCLES} times full and free, {made} items", flush=True)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    support.main()
