"""Many clients, slow ones, too many, and an end in the middle of it."""

import concurrent.futures
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time

import support
from support import png

ROOT = "/v1/collections/pictures"
QUERY = {"examples": [{"upload": 0}], "k": 5}
WARM = 4000 if support.DEEP else 200  # searches after which memory and descriptors no longer grow


class Load(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.indexed_pictures(200)
        cls.large = png(3, width=1200, height=900)

    def search(self, server, item=0):
        return server.post(ROOT + "/search", {"examples": [{"id": item}], "k": 5}).status

    def head(self, server, kind, length):
        return (f"POST {ROOT}/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {length}\r\n").encode()

    def test_a_hundred_searches_at_once_are_all_answered(self):
        server = self.serve(self.photos, "--limit", "search-wait-ms=60000", "--limit", "upload-wait-ms=60000")
        with concurrent.futures.ThreadPoolExecutor(100) as pool:
            self.assertEqual(set(pool.map(lambda i: self.search(server, i), range(100))), {200})
            uploads = pool.map(lambda i: server.upload(ROOT + "/search", QUERY, png(i)).status, range(100))
            self.assertEqual(set(uploads), {200})

    def test_slow_clients_are_closed_and_hurt_nobody(self):
        sooner = [] if support.DEEP else ["--limit", "head-ms=3000", "--limit", "body-ms=3000"]
        server = self.serve(self.photos, *sooner)
        kind, body = support.multipart(QUERY, self.large)
        slow_heads, slow_bodies, slow_readers = [], [], []
        for _ in range(200):
            slow_heads.append(server.connect())
            slow_heads[-1].sendall(b"GET /healthz HTTP/1.1\r\n")
        for _ in range(200):
            slow_bodies.append(server.connect())
            slow_bodies[-1].sendall(self.head(server, kind, len(body)) + b"\r\n" + body[:10])
        for _ in range(100):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            request = f"GET {ROOT}/items?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
            connection.sendall(request * 100)
            slow_readers.append(connection)
        everyone = slow_heads + slow_bodies + slow_readers
        for each in everyone:
            self.addCleanup(each.close)
        start = time.monotonic()
        closed = {}
        answers = {}
        open_ones = {each: i for i, each in enumerate(slow_heads + slow_bodies)}
        healthy = 0
        while open_ones and time.monotonic() - start < 40:
            self.assertEqual(self.search(server), 200)
            healthy += 1
            for each in select.select(list(open_ones), [], [], 0)[0]:
                try:
                    data = each.recv(65536)
                except ConnectionResetError:
                    data = b""
                answers[each] = answers.get(each, b"") + data
                if not data:
                    closed[each] = time.monotonic() - start
                    del open_ones[each]
            for each in open_ones:  # a byte now and then, as such clients do
                try:
                    each.sendall(b"X" if each in slow_heads else b"y") if random.random() < 0.01 else None
                except OSError:
                    pass
        self.assertFalse(open_ones)
        self.assertGreater(healthy, 10)
        self.assertGreater(min(closed.values()), 5 if support.DEEP else 1)
        for each in slow_bodies:
            self.assertEqual(support.statuses(answers[each]), [408])
        self.check_alive(server)

    def test_a_slow_reader_is_closed(self):
        server = self.serve(self.photos)
        connection = socket.socket()
        self.addCleanup(connection.close)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        request = f"GET {ROOT}/items?limit=1000 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
        connection.setblocking(False)
        until = time.monotonic() + 50
        while time.monotonic() < until:  # asks more and more, and reads nothing
            try:
                connection.send(request)
            except BlockingIOError:
                time.sleep(0.2)
            except OSError:
                break
        else:
            self.fail("still open")
        self.check_alive(server)

    def test_too_much_at_once_is_told_and_passes(self):
        server = self.serve(self.photos)
        kind, body = support.multipart(QUERY, self.large)
        request = self.head(server, kind, len(body)) + b"Connection: close\r\n\r\n" + body
        told = []
        lock = threading.Lock()

        def client():
            answer = server.raw(request)
            with lock:
                told.append(answer)

        threads = [threading.Thread(target=client) for _ in range(700)]
        for each in threads:
            each.start()
        health = []
        while any(each.is_alive() for each in threads):
            health.append(server.get("/healthz").status)
            health.append(self.search(server))  # does not wait behind them
            time.sleep(0.02)
        for each in threads:
            each.join()
        self.assertEqual(set(health), {200})
        found = [support.statuses(each) for each in told]
        self.assertEqual({tuple(each) for each in found}, {(200,), (503,)})
        for each in told:
            if each.startswith(b"HTTP/1.1 503"):
                self.assertIn(b"\r\nretry-after: 1\r\n", each)
        self.assertGreaterEqual(found.count([200]), 20)  # those that need not wait long
        self.assertEqual({self.search(server, i) for i in range(50)}, {200})

    def test_descriptors_that_run_out_come_back(self):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))

        process = self.start("--json", "serve", "--port", "0", self.photos, preexec_fn=few)
        server = support.Server(process)
        self.assertEqual(self.search(server), 200)
        held = []
        for _ in range(300):
            held.append(server.connect())
        for each in held:
            self.addCleanup(each.close)
        with server.connect() as connection:  # one too many is told so, asked or not
            answer = support.read_all(connection)
        self.assertEqual(support.statuses(answer), [503])
        self.assertIn(b"\r\nretry-after: 1\r\n", answer)
        for each in held:
            each.close()
        until = time.monotonic() + 20
        while True:
            try:
                if self.search(server) == 200:
                    break
            except OSError:
                pass
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)

    def test_without_a_descriptor_it_waits_for_one(self):
        server = self.serve(self.photos)
        self.assertEqual(self.search(server), 200)
        before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (3, before[1]))  # no more than it has
        with server.connect() as connection:
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode())
            self.check_that_it_waits(server)
            self.assertEqual(select.select([connection], [], [], 0)[0], [])
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)
            self.assertEqual(support.statuses(support.read_all(connection)), [200])
        self.assertEqual(self.search(server), 200)

    def check_that_it_waits(self, server):
        """It takes little of the processor beside one that never waits, which both get on any machine."""
        spinning = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            before = self.cpu(server.pid)
            while (spun := self.cpu(spinning.pid)) < 1:
                time.sleep(0.02)
            self.assertLess(self.cpu(server.pid) - before, spun / 4)
        finally:
            spinning.kill()
            spinning.wait()

    @staticmethod
    def cpu(pid):
        """Seconds of processor time so far."""
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_memory_and_descriptors_stay_flat(self):
        server = self.serve(self.photos)
        kind, body = support.multipart(QUERY, self.large)
        upload = self.head(server, kind, len(body)) + b"\r\n" + body
        ending = threading.Event()
        wrong, asked = [], []

        def searching():
            while not ending.is_set():
                asked.append(1)
                if self.search(server, random.randrange(200)) != 200:
                    wrong.append("search")

        def wait_for(count):
            while len(asked) < count and not wrong:
                self.assertIsNone(server.process.poll())
                time.sleep(0.02)

        def uploading():
            while not ending.is_set():
                if server.ask("POST", ROOT + "/search", body, {"Content-Type": kind}).status != 200:
                    wrong.append("upload")

        def leaving():  # in the middle of a request or of an answer
            while not ending.is_set():
                with server.connect() as connection:
                    connection.sendall(upload[:random.randrange(1, len(upload) + 1)])

        threads = [threading.Thread(target=work)
                   for work in [searching] * 8 + [uploading] * 2 + [leaving] * 2]
        for each in threads:
            each.start()
        try:
            wait_for(WARM)
            memory, descriptors = server.memory(), server.descriptors()
            wait_for(3 * WARM)
            later = server.memory()
        finally:
            ending.set()
            for each in threads:
                each.join()
        self.assertEqual(wrong, [])
        self.assertLess(later, memory + (48 << 20))
        until = time.monotonic() + 30
        while server.descriptors() > descriptors and time.monotonic() < until:
            time.sleep(0.2)
        self.assertLessEqual(server.descriptors(), descriptors)

    def test_noise_of_many_megabytes(self):
        server = self.serve(self.photos)
        draw = random.Random(11)
        for _ in range(50 if support.DEEP else 10):
            data = draw.randbytes(1 << 20)
            found = set(support.statuses(server.raw(data, end=True)))
            self.assertLessEqual(found, {400, 414, 431})
        self.check_alive(server)

    def test_ends_under_load(self):
        """Requests sent before the signal are answered; the program ends in order."""
        kind, body = support.multipart(QUERY, png(5))
        for round in range(50 if support.DEEP else 15):
            server = self.serve(self.photos, folder=self.base)
            request = self.head(server, kind, len(body)) + b"Connection: close\r\n\r\n" + body
            broken, answered = [], []
            signalled = threading.Event()

            def client():
                while not signalled.is_set():
                    try:
                        connection = server.connect()
                    except OSError:
                        return
                    with connection:
                        try:
                            connection.sendall(request)
                        except OSError as error:
                            if not signalled.is_set():
                                broken.append(repr(error))
                            return
                        before = not signalled.is_set()
                        answer = support.read_all(connection)
                    if support.statuses(answer) == [200]:
                        answered.append(1)
                    elif before:
                        broken.append(answer)

            threads = [threading.Thread(target=client) for _ in range(8)]
            for each in threads:
                each.start()
            while len(answered) < 10 + round % 7:
                time.sleep(0.001)
            signalled.set()
            server.process.send_signal(signal.SIGTERM)
            code = server.process.wait(support.SECONDS)
            for each in threads:
                each.join()
            self.assertEqual((code, broken), (0, []), f"round {round}")
            self.doCleanups()


if __name__ == "__main__":
    support.main()
