"""Pictures that are sent: broken, none, huge, many."""

import concurrent.futures
import select
import zlib

import support
from support import cli, png

LIMIT = (16 << 20) + (64 << 10)
QUERY = {"examples": [{"upload": 0}]}


def bomb(width, height):
    """A PNG of few bytes that says it has many pixels, all of them zero."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + 3 * width)
    data = b"".join([squeeze.compress(row) for _ in range(min(height, 200))] + [squeeze.flush()])
    return cli.png_head(width, height) + cli.chunk(b"IDAT", data) + cli.chunk(b"IEND", b"")


class Uploads(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.indexed_pictures(6)
        cls.server = cls.serve_for_class(cls.photos)
        cls.target = "/v1/collections/pictures/search"

    def head(self, kind, *lines):
        return "\r\n".join([f"POST {self.target} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}",
                            f"Content-Type: {kind}", *lines, "", ""]).encode()

    def test_what_is_no_picture_is_told(self):
        whole = png(1, width=200, height=200)
        of_no_kind = [("text", b"hello"), ("html", b"<html><script>alert(1)</script>"),
                      ("svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
                      ("bmp", b"BM" + bytes(60)), ("pdf", b"%PDF-1.4\n"), ("zeros", bytes(100_000)),
                      ("a bomb", bomb(60_000, 60_000)), ("a wide bomb", bomb(1_000_000, 10))]
        broken = [("nothing", b""), ("a broken GIF", b"GIF89a" + bytes(40)), ("a head alone", whole[:33]), ("a broken PNG", whole[:len(whole) // 2]),
                  ("a flipped PNG", whole[:60] + b"\xff" + whole[61:]),
                  ("a broken JPEG", (self.samples / "picture.jpg").read_bytes()[:300]),
                  ("SOI alone", b"\xff\xd8\xff"), ("a broken WebP", support.WEBP[:20]),
                  ("no pixels", cli.png_head(0, 0)), ("negative size", cli.png_head(0xFFFFFFFF, 1))]
        for cases, status, code in [(of_no_kind, 415, "unsupported"), (broken, 422, "corrupt")]:
            for name, data in cases:
                with self.subTest(name):
                    self.check_problem(self.server.upload(self.target, QUERY, data), status, code)
        self.check_alive(self.server)

    def test_pictures_of_every_kind_are_taken(self):
        for data in [png(3), support.WEBP, (self.samples / "picture.jpg").read_bytes(),
                     png(3, width=1, height=1)]:
            self.assertEqual(self.server.upload(self.target, QUERY, data).status, 200)

    def test_a_bomb_takes_little_memory(self):
        before = self.server.memory()
        for _ in range(5):
            self.assertEqual(self.server.upload(self.target, QUERY, bomb(30_000, 30_000)).status, 415)
        self.assertLess(self.server.memory() - before, 100 << 20)

    def test_a_gigabyte_is_refused_unread(self):
        head = self.head("multipart/form-data; boundary=b", "Content-Length: 1073741824")
        answer = self.server.raw(head)
        self.assertEqual(support.statuses(answer), [413])
        self.assertIn(b'"payload_too_large"', answer)
        answer = self.server.raw(self.head("multipart/form-data; boundary=b",
                                           f"Content-Length: {LIMIT + 1}"))
        self.assertEqual(support.statuses(answer), [413])

    def test_a_chunked_body_is_cut_near_the_limit(self):
        piece = bytes(64 << 10)
        sent = 0
        with self.server.connect() as connection:
            connection.sendall(self.head("multipart/form-data; boundary=b", "Transfer-Encoding: chunked"))
            connection.settimeout(0.0)
            waiting = b""
            answered = b""
            while not answered and sent < 4 * LIMIT:
                waiting = waiting or b"%x\r\n" % len(piece) + piece + b"\r\n"
                ready = select.select([connection], [connection], [], 10)
                if ready[0]:
                    answered = connection.recv(65536)
                    break
                try:
                    count = connection.send(waiting)
                    sent += count
                    waiting = waiting[count:]
                except BlockingIOError:
                    pass
        self.assertEqual(support.statuses(answered)[:1], [413], answered[:300])
        # Buffers of the kernel, of both sides, come on top.
        self.assertLess(sent, LIMIT + (8 << 20))

    def test_the_largest_that_is_taken(self):
        noise = png(1) + bytes((16 << 20) - len(png(1)))  # bytes behind the end are not looked at
        kind, body = support.multipart(QUERY, noise)
        self.assertLess(len(body), LIMIT)
        answer = self.server.ask("POST", self.target, body, {"Content-Type": kind})
        self.assertEqual(answer.status, 200, str(answer))
        chunks = b"".join(b"%x\r\n" % len(body[i:i + 50_000]) + body[i:i + 50_000] + b"\r\n"
                          for i in range(0, len(body), 50_000))
        again = self.server.raw(self.head(kind, "Transfer-Encoding: chunked",
                                          "Connection: close") + chunks + b"0\r\n\r\n")
        self.assertEqual(support.statuses(again), [200])

    def test_bodies_that_are_no_multipart_are_problems(self):
        kind, good = support.multipart(QUERY, png(1))
        for name, kind, body in [
                ("no boundary", "multipart/form-data", good),
                ("an empty boundary", 'multipart/form-data; boundary=""', good),
                ("another boundary", "multipart/form-data; boundary=other", good),
                ("a long boundary", "multipart/form-data; boundary=" + "b" * 71, good),
                ("an open quote", 'multipart/form-data; boundary="b0undary', good), ("nothing", kind, b""),
                ("no end", kind, good[:-6]),
                ("half", kind, good[:len(good) // 2]),
                ("no name", kind, good.replace(b'name="query"', b"")),
                ("another name", kind, good.replace(b'name="picture"', b'name="file"')),
                ("two queries", kind, good.replace(b'name="picture"', b'name="query"')),
                ("no query", kind, good.replace(b'name="query"', b'name="picture"')),
                ("a header without a colon", kind,
                 good.replace(b"Content-Disposition:", b"Content-Disposition")),
                ("bare LF", kind, good.replace(b"\r\n", b"\n")),
                ("9 pictures", *support.multipart(QUERY, *[png(1)] * 9)),
                ("10,000 parts", *support.multipart(QUERY, *[b"x"] * 10_000)),
                ("headers of 5,000 letters", kind, good.replace(b"filename=", b"x" * 5000 + b"=")),
                ("the query is no JSON", *support.multipart("{", png(1))),
                ("a picture that is not there", *support.multipart({"examples": [{"upload": 3}]}, png(1)))]:
            answer = self.server.ask("POST", self.target, body, {"Content-Type": kind})
            self.assertEqual(answer.status, 400, f"{name}: {answer}")
            self.check_problem(answer, 400, "invalid_argument")

    def test_a_body_that_is_compressed_is_taken_as_it_is(self):
        body = zlib.compress(b'{"examples": [{"id": 0}]}' + b" " * 1_000_000)
        answer = self.server.ask("POST", self.target, body,
                                 {"Content-Type": "application/json", "Content-Encoding": "gzip"})
        self.check_problem(answer, 400, "invalid_argument")

    def test_uploads_are_never_given_out(self):
        before = self.server.get("/v1/collections/pictures/items").body
        self.server.upload(self.target, QUERY, png(77))
        self.assertEqual(self.server.get("/v1/collections/pictures/items").body, before)

    def test_many_uploads_at_once_take_bounded_memory(self):
        noise = png(1) + bytes((15 << 20))
        kind, body = support.multipart(QUERY, noise)

        def one(_):
            return self.server.ask("POST", self.target, body, {"Content-Type": kind}).status

        most = 0
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            work = [pool.submit(one, i) for i in range(20)]
            while not all(each.done() for each in work):
                most = max(most, self.server.memory())
                concurrent.futures.wait(work, timeout=0.02)
        statuses = {each.result() for each in work}
        self.assertIn(200, statuses)
        self.assertLessEqual(statuses, {200, 503})
        self.assertLess(most, 2 * 20 * LIMIT)
        self.check_alive(self.server)


if __name__ == "__main__":
    support.main()
