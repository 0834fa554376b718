"""Bytes that no honest client sends, hosts that are not ours, pages of other origins."""

import random

import support

GET = b"GET /healthz HTTP/1.1\r\nHost: %H\r\n"
POST = b"POST /v1/collections/pictures/search HTTP/1.1\r\nHost: %H\r\nContent-Type: application/json\r\n"
BODY = b'{"examples": [{"id": 0}]}'
SMUGGLED = b"GET /metrics HTTP/1.1\r\nHost: %H\r\n\r\n"

# (name, bytes, the statuses of all answers). The connection is closed after the last of them.
ATTACKS = [
    # Where does the body end?
    ("CL and TE", POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
     [400]),
    ("TE and CL", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
     [400]),
    ("two lengths", POST + b"Content-Length: 25\r\nContent-Length: 0\r\n\r\n" + BODY, [400]),
    ("two equal lengths", POST + b"Content-Length: 25\r\nContent-Length: 25\r\n\r\n" + BODY, [400]),
    ("a list of lengths", POST + b"Content-Length: 25, 25\r\n\r\n" + BODY, [400]),
    ("negative length", POST + b"Content-Length: -1\r\n\r\n" + BODY, [400]),
    ("signed length", POST + b"Content-Length: +25\r\n\r\n" + BODY, [400]),
    ("hexadecimal length", POST + b"Content-Length: 0x19\r\n\r\n" + BODY, [400]),
    ("length with a letter", POST + b"Content-Length: 25a\r\n\r\n" + BODY, [400]),
    ("length beyond 64 bits", POST + b"Content-Length: 18446744073709551617\r\n\r\n" + BODY, [400]),
    ("length of 2^64 - 1", POST + b"Content-Length: 18446744073709551615\r\n\r\n" + BODY, [413]),
    ("empty length", POST + b"Content-Length: \r\n\r\n" + BODY, [400]),
    ("unknown coding", POST + b"Transfer-Encoding: gzip\r\n\r\n" + BODY, [400]),
    ("identity coding", POST + b"Transfer-Encoding: identity\r\n\r\n" + SMUGGLED, [400]),
    ("chunked twice", POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     [400]),
    ("chunked not last", POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
    ("gzip, chunked", POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [400]),
    ("xchunked", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
    ("vertical tab before chunked", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
     [400]),
    ("coding of HTTP/1.0", POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     [400]),
    ("negative chunk", POST + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n" + BODY, [400]),
    ("chunk beyond 64 bits", POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n" + BODY,
     [400]),
    ("chunk of 2^63", POST + b"Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n" + BODY, [413]),
    ("chunk with 0x", POST + b"Transfer-Encoding: chunked\r\n\r\n0x19\r\n" + BODY + b"\r\n0\r\n\r\n",
     [400]),
    ("chunk without its end", POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + BODY + b"\r\n0\r\n\r\n",
     [400]),
    ("chunk with a bare LF", POST + b"Transfer-Encoding: chunked\r\n\r\n19\n" + BODY + b"\r\n0\r\n\r\n",
     [400]),
    ("long chunk extension",
     POST + b"Transfer-Encoding: chunked\r\n\r\n19;a=" + b"b" * 100_000 + b"\r\n" + BODY + b"\r\n0\r\n\r\n",
     [400]),
    ("body of a GET", GET + b"Content-Length: 5\r\n\r\nhello", [413]),
    ("chunked body of a GET", GET + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", [413]),
    # Ends of lines, and lines at all.
    ("bare LF", GET.replace(b"\r\n", b"\n") + b"\n", [400]),
    ("bare LF in a header", GET + b"X: a\nY: b\r\n\r\n", [400]),
    ("bare CR in a header", GET + b"X: a\rY: b\r\n\r\n", [400]),
    ("CR CR LF", GET + b"X: a\r\r\n\r\n", [400]),
    ("NUL in a header", GET + b"X: a\0b\r\n\r\n", [400]),
    ("NUL in a name", GET + b"X\0: a\r\n\r\n", [400]),
    ("NUL in the address", b"GET /\0healthz HTTP/1.1\r\nHost: %H\r\n\r\n", [400]),
    ("space before the colon", GET + b"Transfer-Encoding : chunked\r\n\r\n", [400]),
    ("space before the first header", b"GET /healthz HTTP/1.1\r\n Host: %H\r\n\r\n", [400]),
    ("header without a colon", GET + b"nonsense\r\n\r\n", [400]),
    ("header without a name", GET + b": nonsense\r\n\r\n", [400]),
    ("letters in a name", GET + b"X(y): z\r\n\r\n", [400]),
    ("tab in the first line", b"GET\t/healthz\tHTTP/1.1\r\nHost: %H\r\n\r\n", [400]),
    ("two spaces in the first line", b"GET  /healthz HTTP/1.1\r\nHost: %H\r\n\r\n", [400]),
    ("no version", b"GET /healthz\r\nHost: %H\r\n\r\n", [400]),
    ("HTTP/0.9", b"GET /healthz\r\n\r\n", [400]),
    ("HTTP/2.0", b"GET /healthz HTTP/2.0\r\nHost: %H\r\n\r\n", [400]),
    ("HTTP/1.10", b"GET /healthz HTTP/1.10\r\nHost: %H\r\n\r\n", [400]),
    ("small http", b"GET /healthz http/1.1\r\nHost: %H\r\n\r\n", [400]),
    ("no method", b" /healthz HTTP/1.1\r\nHost: %H\r\n\r\n", [400]),
    ("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]),
    ("hello of TLS", bytes.fromhex("16030100c8010000c40303") + bytes(200) + b"\r\n\r\n", [400]),
    # Splitting of answers: nothing that is sent comes back as a header.
    ("CRLF in the address",
     b"GET /healthz%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [404]),
    ("CRLF in a parameter",
     b"GET /v1/collections/pictures/items?where=%0d%0aX-Evil:1 HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [400]),
    ("CRLF in a method", b"GE\r\nT /healthz HTTP/1.1\r\nHost: %H\r\n\r\n", [400]),
    # One header in the shadow of another.
    ("two hosts", GET + b"Host: evil.example\r\n\r\n", [400]),
    ("two equal hosts", GET + b"Host: %H\r\n\r\n", [400]),
    ("no host", b"GET /healthz HTTP/1.1\r\n\r\n", [400]),
    ("two origins", POST + b"Origin: http://%H\r\nOrigin: http://evil.example\r\nContent-Length: 25\r\n\r\n" + BODY, [400]),
    ("two content types", POST + b"Content-Type: text/plain\r\nContent-Length: 25\r\n\r\n" + BODY, [400]),
    ("two keys", GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", [400]),
    ("folded header", GET.replace(b"%H", b"\r\n %H") + b"Connection: close\r\n\r\n", [200]),
    ("another address in the first line",
     b"GET http://evil.example/healthz HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [400]),
    ("a tunnel", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [400]),
    ("trace", b"TRACE /healthz HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [405]),
    ("options of all", b"OPTIONS * HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [400]),
    ("a method made up", b"GETX /healthz HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n", [405]),
    ("override of the method", GET + b"X-HTTP-Method-Override: DELETE\r\nConnection: close\r\n\r\n", [200]),
    ("upgrade", GET + b"Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", [200]),
    # Too much.
    ("101 headers", GET + b"".join(b"X%d: y\r\n" % i for i in range(100)) + b"\r\n", [431]),
    ("100 headers", GET + b"".join(b"X%d: y\r\n" % i for i in range(98)) + b"Connection: close\r\n\r\n",
     [200]),
    ("a header of 9 KB", GET + b"X: " + b"y" * 9000 + b"\r\n\r\n", [431]),
    ("an address of 9 KB", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: %H\r\n\r\n", [414]),
    ("an endless first line", b"GET /" + b"a" * 1_000_000, [414]),
    ("a megabyte of headers", GET + b"X: y\r\n" * 170_000, [431]),
    ("JSON of 10 MB", POST + b"Content-Length: 10000000\r\n\r\n" + b" " * 10_000_000, [413]),
    ("length of 1 TB", POST + b"Content-Length: 1099511627776\r\n\r\n", [413]),
    ("an expectation and too much", POST + b"Expect: 100-continue\r\nContent-Length: 1099511627776\r\n\r\n",
     [413]),
    # A kept connection.
    ("100 at once", (GET + b"\r\n") * 99 + GET + b"Connection: close\r\n\r\n", [200] * 100),
    ("an answer in vain, then the rest", GET + b"\r\nGARBAGE\r\n\r\n", [200, 400]),
    ("a problem, then a request",
     b"GET /nothing HTTP/1.1\r\nHost: %H\r\n\r\n" + GET + b"Connection: close\r\n\r\n", [404, 200]),
    ("a wrong host, then a request",
     b"GET /healthz HTTP/1.1\r\nHost: evil\r\n\r\n" + GET + b"Connection: close\r\n\r\n", [421, 200]),
    ("a wrong host with a body", POST.replace(b"%H", b"evil") + b"Content-Length: 25\r\n\r\n" + SMUGGLED,
     [421]),
    ("HTTP/1.0", b"GET /healthz HTTP/1.0\r\nHost: %H\r\n\r\n" + SMUGGLED, [200]),
    ("an empty line first", b"\r\n" + GET + b"Connection: close\r\n\r\n", [400]),
]

HOSTS = ["evil.example", "evil.example:{port}", "localhost", "localhost:1", "127.0.0.1", "127.0.0.1:1",
         "127.0.0.1.evil.example:{port}", "localhost.evil.example:{port}", "evil-localhost:{port}",
         "127.0.0.2:{port}", "0.0.0.0:{port}", "[::]:{port}", "2130706433:{port}", "0x7f000001:{port}",
         "127.1:{port}", "localhost:{port}:80", "user@localhost:{port}", "localhost:{port}@evil.example",
         "localhost:{port}, evil.example", "localhost.:{port}", "localhost:0{port}", "", " ", "*"]


class Attacks(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pictures = cls.base / "pictures"
        pictures.mkdir()
        for i in range(4):
            (pictures / f"{i}.png").write_bytes(support.png(i))
        cls.run_raw("--json", "index", pictures, "--encoder", "tiny")
        cls.server = cls.serve_for_class(pictures)
        cls.name = f"127.0.0.1:{cls.server.port}".encode()

    def sent(self, data, **options):
        return self.server.raw(data.replace(b"%H", self.name), timeout=8, **options)

    def test_every_attack_has_its_answer_and_the_connection_ends(self):
        self.assertGreaterEqual(len(ATTACKS), 60)
        for name, data, expected in ATTACKS:
            with self.subTest(name):
                answer = self.sent(data)
                self.assertEqual(support.statuses(answer), expected, answer[:600])
                self.assertNotIn(b"\r\nx-evil", answer.lower())
                self.assertNotIn(b"alike_requests_total", answer)
        self.check_alive(self.server)

    def test_noise_ends_with_400_or_nothing(self):
        draw = random.Random(7)
        for i in range(40):
            data = draw.randbytes(draw.choice([1, 10, 1000, 100_000]))
            if i % 2:
                data = GET.replace(b"%H", self.name) + data + b"\r\n\r\n"
            found = set(support.statuses(self.server.raw(data, end=True)))
            self.assertLessEqual(found, {200, 400, 414, 431}, data[:200])
        self.check_alive(self.server)

    def test_a_request_may_come_a_byte_at_a_time(self):
        with self.server.connect() as connection:
            for byte in GET.replace(b"%H", self.name) + b"Connection: close\r\n\r\n":
                connection.sendall(bytes([byte]))
            self.assertEqual(support.statuses(support.read_all(connection)), [200])

    def test_a_head_has_no_body_whatever_it_is_answered(self):
        for target, expected in [("/healthz", 200), ("/", 200), ("/nothing", 404), ("/v1/jobs/events", 200),
                                 ("/%zz", 400), ("/v1/collections/pictures/items/0/image", 200),
                                 ("/v1/collections/pictures/search", 405)]:
            data = f"HEAD {target} HTTP/1.1\r\nHost: %H\r\nConnection: close\r\n\r\n".encode()
            answer = self.sent(data)
            self.assertEqual(support.statuses(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")[0], expected,
                             target)
            self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)
        for bad in [b"HEAD /healthz HTTP/1.1\r\nHost: %H\r\nHost: b\r\n\r\n",
                    b"HEAD /healthz HTTP/1.1\r\nHost: evil\r\n\r\n"]:
            answer = self.sent(bad + GET + b"Connection: close\r\n\r\n")
            head, _, rest = answer.partition(b"\r\n\r\n")
            if b"connection: keep-alive" in head:
                self.assertTrue(rest.startswith(b"HTTP/1.1 200 "), answer)
            else:
                self.assertNotIn(b"HTTP/1.1", rest)

    def test_a_client_may_wait_to_be_told_to_go_on(self):
        with self.server.connect() as connection:
            connection.sendall(POST.replace(b"%H", self.name) +
                               b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 25\r\n\r\n")
            self.assertEqual(connection.recv(1000), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(BODY)
            self.assertEqual(support.statuses(support.read_all(connection)), [200])

    def test_a_client_that_has_said_all_is_answered(self):
        answer = self.sent(POST + b"Content-Length: 25\r\n\r\n" + BODY, end=True)
        self.assertEqual(support.statuses(answer), [200])

    def test_a_body_that_breaks_off_is_not_acted_on(self):
        for data in [POST + b"Content-Length: 25\r\n\r\n" + BODY[:-1],
                     POST + b"Transfer-Encoding: chunked\r\n\r\n19\r\n" + BODY]:
            self.assertNotIn(200, support.statuses(self.sent(data, end=True)))

    def test_foreign_hosts_are_told_so(self):
        self.assertGreaterEqual(len(HOSTS), 20)
        for host in HOSTS:
            host = host.format(port=self.server.port)
            for target in ["/", "/healthz", "/v1/collections", "/v1/collections/pictures/items/0/image"]:
                answer = self.server.get(target, Host=host)
                self.check_problem(answer, 421, "misdirected")
        for host in ["localhost", "LocalHost", "127.0.0.1", "[::1]"]:
            self.assertEqual(self.server.get("/healthz", Host=f"{host}:{self.server.port}").status, 200)

    def test_a_proxy_gives_the_server_another_name(self):
        for name in ["", "a b", "http://photos.example.org", "a/b", "a\r\nb"]:
            self.refused("serve", self.base / "pictures", "--port", "0", "--public-name", name, code=2,
                         saying=["not the name of a host"])
        server = self.serve(self.base / "pictures", "--public-name", "Photos.example.org", "--public-name",
                            "photos.example.org:8443")
        target, query = "/v1/collections/pictures/search", {"examples": [{"id": 0}]}
        for host in ["photos.example.org", "photos.example.org:8443", f"127.0.0.1:{server.port}"]:
            self.assertEqual(server.get("/", Host=host).status, 200)
            for scheme in ["https", "http"]:
                answer = server.post(target, query, Host=host, Origin=f"{scheme}://{host}")
                self.assertEqual(answer.status, 200)
            for origin in ["https://evil.example", "https://photos.example.org.evil.example", "null"]:
                answer = server.post(target, query, Host=host, Origin=origin)
                self.check_problem(answer, 403, "forbidden")
        for host in ["example.org", "photos.example.org:80", "photos.example.org.evil.example",
                     f"photos.example.org:{server.port}"]:
            self.check_problem(server.get("/", Host=host), 421, "misdirected")
        # A client behind a proxy is not on this machine.
        found = server.get("/v1/collections", Host="photos.example.org").document
        self.assertEqual((found["may_add"], found["roots"]), (False, []))
        answer = server.post("/v1/collections", {"demo": True}, Host="photos.example.org")
        self.check_problem(answer, 403, "forbidden")

    def test_pages_of_other_origins_change_nothing(self):
        port = self.server.port
        foreign = [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "https://localhost"},
                   {"Origin": f"http://localhost:{port + 1}"}, {"Origin": f"http://localhost:{port}"},
                   {"Origin": f"http://127.0.0.1:{port}.evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                   {"Sec-Fetch-Site": "same-site"},
                   {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "cross-site"},
                   {"Origin": "file://"}]
        changes = [("POST", "/v1/collections", {"demo": True}),
                   ("POST", "/v1/collections/pictures/jobs", {"kind": "verify"}),
                   ("POST", "/v1/collections/pictures/search", {"examples": [{"id": 0}]}),
                   ("PATCH", "/v1/collections/pictures/spaces/tiny", {"is_default": True}),
                   ("DELETE", "/v1/collections/pictures/spaces/tiny", None),
                   ("PATCH", "/v1/jobs/1", {"action": "pause"}), ("DELETE", "/v1/jobs/1", None)]
        before = self.server.get("/v1/jobs").document
        tried = 0
        for headers in foreign:
            for method, target, body in changes:
                answer = self.server.ask(method, target, body, headers)
                self.check_problem(answer, 403, "forbidden")
                tried += 1
        self.assertGreaterEqual(tried, 30)
        self.assertEqual(self.server.get("/v1/jobs").document, before)
        # Requests that a form of another page can send without asking are not taken either.
        for kind in ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp",
                     "text/plain; application/json"]:
            answer = self.server.ask("POST", "/v1/collections/pictures/jobs", b'{"kind": "verify"}',
                                     {"Content-Type": kind})
            self.check_problem(answer, 415, "unsupported_media_type")
        self.assertEqual(self.server.get("/v1/jobs").document, before)

    def test_no_other_origin_is_ever_allowed(self):
        for method in ["GET", "OPTIONS"]:
            answer = self.server.ask(method, "/v1/collections", headers={
                "Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
            self.assertFalse([name for name in answer.headers if name.startswith("access-control")])

    def test_every_answer_carries_what_protects_the_page(self):
        for target in ["/", "/healthz", "/nothing", "/v1/collections", "/%zz",
                       "/v1/collections/pictures/items/0/image"]:
            headers = self.server.get(target).headers
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertIn("default-src 'none'", headers["content-security-policy"])
            self.assertNotIn("unsafe", headers["content-security-policy"])
            self.assertIn("frame-ancestors 'none'", headers["content-security-policy"])
            self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")
            self.assertEqual(headers["referrer-policy"], "no-referrer")

    def test_what_is_told_of_a_problem_is_no_markup(self):
        answer = self.server.get("/%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        self.assertEqual(answer.status, 404)

    def test_many_ranges_are_answered_with_the_whole(self):
        whole = self.server.get("/v1/collections/pictures/items/0/image").body
        ranges = "bytes=" + ",".join(f"{i}-" for i in range(1024))
        answer = self.server.get("/v1/collections/pictures/items/0/image", Range=ranges)
        self.assertEqual((answer.status, answer.body), (200, whole))


if __name__ == "__main__":
    support.main()
