"""One client's share is not taken from the others: connections, streams, bodies, threads."""

import concurrent.futures
import select
import socket
import time
import zlib

import support
from support import cli, png

ROOT = "/v1/collections/pictures"
QUERY = {"examples": [{"upload": 0}], "k": 3}


def flat_png(width, height):
    """A PNG of one colour: few bytes, many pixels."""
    pack = zlib.compressobj(1)
    row = b"\0" + b"\x40\x80\xc0" * width
    pixels = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    return cli.png_head(width, height) + cli.chunk(b"IDAT", pixels) + cli.chunk(b"IEND", b"")


class Fair(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.indexed_pictures(12)

    def get_head(self, server, target):
        return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()

    def post_head(self, server, *lines):
        return (f"POST {ROOT}/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n" +
                "".join(f"{line}\r\n" for line in lines) + "\r\n").encode()

    def hold(self, server, count, data=b""):
        """So many connections that stay open, with `data` sent on each."""
        held = []
        for _ in range(count):
            held.append(server.connect())
            self.addCleanup(held[-1].close)
            if data:
                held[-1].sendall(data)
        return held

    def overload(self, server, reason):
        """How often /metrics says that something was refused for `reason`."""
        return server.metric(f'alike_overload_total{{reason="{reason}"}}')

    def test_health_is_answered_however_many_are_connected(self):
        for limit in ["connections=8", "connections-per-address=8"]:
            server = self.serve(self.photos, "--limit", limit)
            held = self.hold(server, 200, b"GET /v1/collections HT")
            self.assertEqual(server.get("/healthz").status, 200)
            self.assertEqual(server.get("/readyz").status, 200)
            answer = server.get(ROOT)
            self.check_problem(answer, 503, "overloaded")
            self.assertEqual(answer.headers["retry-after"], "1")
            for each in held:
                each.close()
            until = time.monotonic() + support.SECONDS
            refused = 200 - 8 + 1  # those that ask for health are not
            while server.get(ROOT).status != 200:
                refused += 1
                self.assertLess(time.monotonic(), until)
                time.sleep(0.02)
            reasons = ["connections", "connections_of_address"]
            if limit == "connections=8":
                reasons.reverse()
            while self.overload(server, reasons[1]) < refused:  # once each
                self.assertLess(time.monotonic(), until)
                time.sleep(0.02)
            self.assertEqual(self.overload(server, reasons[1]), refused)
            self.assertEqual(self.overload(server, reasons[0]), 0)

    def test_a_connection_too_many_that_asks_nothing_is_told_so(self):
        server = self.serve(self.photos, "--limit", "connections=2")
        self.hold(server, 2)
        with server.connect() as connection:
            self.assertEqual(support.statuses(support.read_all(connection)), [503])

    def open_stream(self, server):
        connection = self.hold(server, 1, self.get_head(server, "/v1/jobs/events"))[0]
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(4096)
        return connection, data

    def test_streams_of_events_are_counted_by_address(self):
        server = self.serve(self.photos, "--limit", "streams-per-address=3")
        streams = []
        for _ in range(3):
            streams.append(self.open_stream(server))
            self.assertIn(b"200 OK", streams[-1][1])
        self.assertIn(b"503 ", self.open_stream(server)[1])
        self.assertEqual(server.get(ROOT).status, 200)
        streams[0][0].close()
        until = time.monotonic() + support.SECONDS
        while b"200 OK" not in self.open_stream(server)[1]:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.02)
        self.assertGreaterEqual(self.overload(server, "streams"), 1)

    def test_streams_do_not_stay_for_ever(self):
        server = self.serve(self.photos, "--limit", "stream-ms=300")
        connection, data = self.open_stream(server)
        data += support.read_all(connection)
        self.assertIn(b"retry: 2000", data)  # after which a browser opens another one

    def test_what_is_announced_takes_no_memory_from_others(self):
        server = self.serve(self.photos)
        kind, body = support.multipart(QUERY, png(1))
        head = self.post_head(server, f"Content-Type: {kind}", "Transfer-Encoding: chunked")
        self.hold(server, 60, head + b"64\r\n" + body[:100] + b"\r\n")
        head = self.post_head(server, f"Content-Type: {kind}", "Content-Length: 16777216")
        self.hold(server, 60, head + body[:100])
        large = png(1) + bytes(15 << 20)  # bytes after the end are not read
        self.assertEqual(server.upload(ROOT + "/search", QUERY, large).status, 200)

    def test_a_body_has_one_deadline_however_steadily_it_comes(self):
        server = self.serve(self.photos, "--limit", "body-ms=1000")
        kind, body = support.multipart(QUERY, bytes(200_000))
        connection = self.hold(server, 1, self.post_head(server, f"Content-Type: {kind}",
                                                         f"Content-Length: {len(body)}"))[0]
        sent = 0
        while not select.select([connection], [], [], 0.1)[0]:
            self.assertLess(sent, len(body), "it came at 5 KB a second, and was waited for")
            connection.sendall(body[sent:sent + 500])
            sent += 500
        self.assertEqual(support.statuses(support.read_all(connection)), [408])

    def test_bodies_of_one_address_are_bounded(self):
        server = self.serve(self.photos, "--limit", "body-mb-per-address=1")
        answer = server.upload(ROOT + "/search", QUERY, bytes(2 << 20))
        self.assertIn("from your address", self.check_problem(answer, 503, "overloaded")["detail"])
        self.assertEqual(self.overload(server, "bodies_of_address"), 1)
        self.assertEqual(server.upload(ROOT + "/search", QUERY, png(1)).status, 200)

    def test_a_wrong_limit_is_told(self):
        self.refused("serve", self.photos, "--limit", "stream=1", code=2, saying="'streams'")
        self.refused("serve", self.photos, "--limit", "streams=none", code=2, saying="streams=100")


class Answers(support.TestCase):
    """Answers that a client does not take are kept within bounds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "pictures"
        cls.photos.mkdir()
        for i in range(150):
            (cls.photos / f"{i:0240}.png").write_bytes(png(i, width=8, height=8))
        done = cls.run_raw("--json", "index", cls.photos, "--encoder", "tiny")
        assert done.code == 0, done

    def test_answers_that_are_not_taken_are_bounded(self):
        target = ROOT + "/items?limit=1000"
        for limit, reason in [("answers-mb=1", "answers"),
                              ("answers-mb-per-address=1", "answers_of_address")]:
            server = self.serve(self.photos, "--limit", limit)
            self.assertGreater(len(server.get(target).body), 64 << 10)
            request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode()
            name = f'alike_overload_total{{reason="{reason}"}}'
            held = []
            until = time.monotonic() + support.SECONDS
            while server.metric(name) == 0:
                self.assertLess(time.monotonic(), until, "all of it is kept")
                if len(held) == 40:
                    time.sleep(0.02)
                    continue
                held.append(socket.socket())
                self.addCleanup(held[-1].close)
                held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                held[-1].connect(("127.0.0.1", server.port))
                held[-1].sendall(request * 200)  # and reads nothing
            for each in held:
                each.close()
            until = time.monotonic() + support.SECONDS
            while server.get(target).status != 200:
                self.assertLess(time.monotonic(), until)
                time.sleep(0.02)


class LongSearches(support.TestCase):
    """Searches that take minutes stand before other searches only."""

    FOLDER = "0" * 240

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "pictures"
        deepest = cls.photos.joinpath(*[cls.FOLDER] * 15)
        deepest.mkdir(parents=True)
        for i in range(1000):
            (deepest / f"{i:03}.png").write_bytes(png(i, width=8, height=8))
        done = cls.run_raw("--json", "index", cls.photos, "--encoder", "tiny")
        assert done.code == 0, done

    def long_query(self):
        """At each place in a path, a pattern fits for half of the path, and then not."""
        pattern = "%" + "/".join([self.FOLDER] * 8) + "x"
        return {"examples": [{"id": 0}], "where": f"path like '{pattern}' or path like '{pattern}'"}

    def test_what_is_cheap_does_not_wait_for_them(self):
        server = self.serve(self.photos, "--threads", "2", "--limit", "queue-per-address=6")
        query = self.long_query()
        pool = concurrent.futures.ThreadPoolExecutor(6)
        self.addCleanup(pool.shutdown)
        self.addCleanup(server.process.kill)  # before that, so that nobody waits for the answers
        asked = [pool.submit(server.post, ROOT + "/search", query) for _ in range(6)]
        until = time.monotonic() + support.SECONDS
        while server.metric("alike_queued") < 6:
            self.assertFalse(any(each.done() for each in asked), "a search is not long")
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        for target in ["/healthz", "/readyz", "/v1/collections", ROOT, "/v1/jobs", ROOT + "/items",
                       ROOT + "/items/0", ROOT + "/random", ROOT + "/items/0/image",
                       ROOT + "/items/0/thumbnail?size=64", "/v1/encoders"]:
            self.assertEqual(server.get(target).status, 200, target)
        problem = self.check_problem(server.post(ROOT + "/search", query), 503, "overloaded")
        self.assertIn("searches from your address", problem["detail"])
        self.assertEqual(server.metric("alike_queued"), 6, "a search has ended meanwhile")


class Lanes(support.TestCase):
    """A picture that takes long to decode stands before other such pictures only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.indexed_pictures(4)
        (cls.photos / "large.png").write_bytes(flat_png(9000, 9000))
        done = cls.run_raw("--json", "index", cls.photos)
        assert done.code == 0, done

    def begin(self, count, ask):
        """Asks so many times at once; returns a function that waits for all and gives their statuses."""
        pool = concurrent.futures.ThreadPoolExecutor(count)
        self.addCleanup(pool.shutdown)
        asked = [pool.submit(ask, i) for i in range(count)]
        return lambda: sorted(each.result().status for each in asked)

    def wait_for(self, holds):
        until = time.monotonic() + support.SECONDS
        while not holds():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)

    def test_searches_do_not_wait_for_thumbnails(self):
        server = self.serve(self.photos, "--threads", "2")
        items = server.get(ROOT + "/items").document["items"]
        large = next(each["id"] for each in items if each["path"] == "large.png")
        with server.decoding_stopped():
            ended = self.begin(3, lambda i: server.get(
                f"{ROOT}/items/{large}/thumbnail?size={(64, 256, 1024)[i]}"))
            self.wait_for(lambda: server.metric("alike_queued") == 3)
            for target in [ROOT, "/v1/jobs", ROOT + "/items/0"]:
                self.assertEqual(server.get(target).status, 200)
            query = {"examples": [{"id": 0}], "k": 2}
            self.assertEqual(server.post(ROOT + "/search", query).status, 200)
            self.assertEqual(server.metric("alike_queued"), 3, "a picture was decoded meanwhile")
        self.assertEqual(ended(), [200] * 3)

    def test_one_address_has_a_share_of_each_queue(self):
        server = self.serve(self.photos, "--limit", "queue-per-address=2")

        def upload(seed):
            return server.upload(ROOT + "/search", QUERY, png(seed))

        with server.decoding_stopped():
            ended = self.begin(2, upload)
            self.wait_for(lambda: server.metric("alike_queued") == 2)
            problem = self.check_problem(upload(1), 503, "overloaded")
            self.assertIn("uploads from your address", problem["detail"])
            self.assertEqual(server.get(ROOT + "/items/0").status, 200)
        self.assertEqual(ended(), [200] * 2)
        self.assertEqual(server.metric('alike_overload_total{reason="uploads_of_address"}'), 1)
        for seed in range(4):  # places are given back
            self.assertEqual(upload(seed).status, 200)


if __name__ == "__main__":
    support.main()
