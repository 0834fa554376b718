"""Pictures are decoded by processes that can do nothing else, and that may be lost at any moment."""

import ctypes
import errno
import os
import pathlib
import random
import signal
import struct
import threading
import time

import support
from support import cli, png


QUERY = {"examples": [{"upload": 0}]}
TARGET = "/v1/collections/pictures/search"


def is_running(pid):
    try:
        return "\nState:\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def without_sandbox():
    """Run in a new process: seccomp and Landlock fail there as on a system without them."""
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    allow, fail = 0x7fff0000, 0x00050000 | errno.ENOSYS
    rules = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(allow)))
    for call in (b"seccomp", b"landlock_create_ruleset"):
        number = library.seccomp_syscall_resolve_name(call)
        library.seccomp_rule_add(rules, ctypes.c_uint32(fail), ctypes.c_int(number), ctypes.c_uint(0))
    equal, set_seccomp = 4, 22  # SCMP_CMP_EQ, PR_SET_SECCOMP
    which = struct.pack("IiQQ", 0, equal, set_seccomp, 0)
    number = library.seccomp_syscall_resolve_name(b"prctl")
    library.seccomp_rule_add_array(rules, ctypes.c_uint32(fail), ctypes.c_int(number), ctypes.c_uint(1), which)
    if library.seccomp_load(rules) != 0:
        os._exit(99)


class Isolation(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.indexed_pictures(6)
        cls.large = png(5, width=2400, height=1600)  # some 100 ms of decoding

    def setUp(self):
        super().setUp()
        self.server = self.serve(self.photos)

    def upload(self, picture):
        return self.server.upload(TARGET, QUERY, picture)

    def need_seccomp(self):
        """Skips the test where the program says that the system or a sanitizer does without."""
        isolation = self.json("status", "--collection", self.photos)["isolation"]
        if "seccomp" not in isolation["sandbox"]:
            self.assertTrue(isolation["reason"])
            self.skipTest(isolation["reason"])

    def workers(self):
        return self.server.children()

    def wait_for_end(self, workers):
        until = time.monotonic() + support.SECONDS
        while any(map(is_running, workers)):
            self.assertLess(time.monotonic(), until, "a worker still runs")
            time.sleep(0.02)

    def works(self):
        answer = self.upload(png(3))
        self.assertEqual(answer.status, 200, str(answer))
        self.assertEqual(answer.document["results"][0]["item"]["path"], "003.png")
        self.assertEqual(self.server.get("/v1/collections/pictures/items/2/thumbnail?size=64").status, 200)
        self.check_alive(self.server)

    def test_a_worker_is_confined(self):
        self.need_seccomp()
        self.works()
        for worker in self.workers():
            status = pathlib.Path(f"/proc/{worker}/status").read_text()
            self.assertRegex(status, r"NoNewPrivs:\s+1")
            self.assertRegex(status, r"Seccomp:\s+2")
            limits = pathlib.Path(f"/proc/{worker}/limits").read_text()
            self.assertRegex(limits, r"Max open files +0 ")
            self.assertRegex(limits, r"Max address space +\d+ ")
            opened = {os.readlink(each).split(":")[0]
                      for each in pathlib.Path(f"/proc/{worker}/fd").iterdir()}
            self.assertEqual(opened, {"/dev/null", "socket", "/memfd"}, opened)
            names = {each.split(b"=")[0] for each in
                     pathlib.Path(f"/proc/{worker}/environ").read_bytes().split(b"\0") if each}
            self.assertLessEqual(names, {b"PATH", b"HOME", b"LANG", b"LC_ALL", b"LC_CTYPE",
                                         b"LD_LIBRARY_PATH", b"ALIKE_SIMD"})

    def test_a_worker_that_waits_and_is_lost_costs_nothing(self):
        self.works()
        for _ in range(3):
            workers = self.workers()
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
            self.wait_for_end(workers)
            self.works()

    def test_a_worker_that_hangs_costs_one_picture_and_seconds(self):
        self.works()
        for worker in self.workers():
            os.kill(worker, signal.SIGSTOP)
        problem = self.check_problem(self.upload(png(4)), 415, "unsupported")
        self.assertIn("longer than 8 s", problem["detail"])
        while any(map(is_running, self.workers())):  # another thread's was stopped as well
            if self.upload(png(4)).status == 200:
                break
        self.works()

    def test_workers_killed_while_they_decode_cost_one_picture_each(self):
        wanted = 1000 if support.DEEP else 30
        self.works()
        lost, answers, ended = [], [], threading.Event()

        def kill():
            draw = random.Random(6)
            while not ended.is_set():
                time.sleep(draw.uniform(0, 0.1))
                for worker in self.workers():
                    if not ended.is_set() and is_running(worker):
                        os.kill(worker, signal.SIGKILL)
                        lost.append(worker)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            while len(lost) < wanted:
                answers.append(self.upload(self.large))
        finally:
            ended.set()
            killer.join()
        refused = [each for each in answers if each.status != 200]
        for answer in refused:
            # 500: it was killed before it could say that it waits
            self.assertIn(answer.status, (422, 500), str(answer))
            self.assertRegex(answer.document["detail"], "process that decoded|start as a decoder")
        self.assertGreater(len(refused), wanted // 10)
        self.works()

    def test_no_worker_outlives_the_server(self):
        self.works()
        workers = self.workers()
        self.assertGreater(len(workers), 0)
        self.server.process.kill()
        self.wait_for_end(workers)

    def test_ctrl_c_lets_workers_finish(self):
        self.works()
        for worker in self.workers():
            os.kill(worker, signal.SIGINT)
            os.kill(worker, signal.SIGTERM)
        before = self.workers()
        self.works()
        self.assertEqual(self.workers(), before)

    def test_the_owner_may_do_without(self):
        self.server = self.serve("--no-isolate", self.photos)
        self.works()
        self.assertEqual(self.workers(), [])

    def test_a_system_without_sandboxes_is_served_and_told(self):
        self.need_seccomp()
        if self.run_raw("--version", preexec_fn=without_sandbox).code == 99:
            self.skipTest("libseccomp cannot forbid anything here")
        limited = self.json("status", "--collection", self.photos, preexec_fn=without_sandbox)
        self.assertEqual(limited["isolation"]["sandbox"], "rlimits")
        self.assertIn("seccomp", limited["isolation"]["reason"])
        self.assertIn("Landlock", limited["isolation"]["reason"])

    def test_indexing_in_workers_gives_the_same_rows(self):
        rows = []
        for options in ([], ["--isolate"]):
            folder = self.pictures(9, where="isolated" if options else "plain")
            (folder / "broken.png").write_bytes(png(1)[:100])
            (folder / "photo.jpg").write_bytes((self.samples / "picture.jpg").read_bytes())
            (folder / "w.webp").write_bytes(support.WEBP)
            summary = self.json("index", folder, "--encoder", "tiny", *options)
            self.json("export", "--collection", folder, folder / "rows.npy")
            rows.append((summary["added"], summary["skipped"], (folder / "rows.npy").read_bytes()))
        self.assertEqual(rows[0], rows[1])
        self.assertEqual(rows[0][0], 11)


if __name__ == "__main__":
    support.main()
