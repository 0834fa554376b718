"""The key: where it is required, answers without it, that it never shows."""

import base64
import json

import support
from support import png

KEY = "k3y-that-never-shows"
READING = "another-that-may-read"
VALUES = {"c": "pictures", "id": "0", "s": "tiny", "m": "none", "column": "xy", "j": "1", "e": "tiny"}


class Keys(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "pictures"
        cls.photos.mkdir()
        (cls.photos / "0.png").write_bytes(png(0))
        cls.run_raw("--json", "index", cls.photos, "--encoder", "tiny")
        for name, key in [("key", KEY), ("reading", READING)]:
            (cls.base / name).write_text(key + "\n")
            (cls.base / name).chmod(0o600)

    def guarded(self):
        return self.serve(self.photos, environment={"ALIKE_KEY": KEY})

    @staticmethod
    def basic(key, user="any"):
        return "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()

    def test_another_address_needs_a_key(self):
        for host in ["0.0.0.0", "::", "192.0.2.1", "example.org"]:
            self.refused("serve", self.photos, "--host", host, "--port", "0", code=2,
                         saying=[host, "ALIKE_KEY"])
        (self.folder / "empty").write_text(" \n")
        (self.folder / "empty").chmod(0o600)
        self.refused("serve", self.photos, "--key-file", self.folder / "empty", code=2,
                     saying="holds no key")
        server = self.serve(self.photos, "--host", "0.0.0.0", "--key-file", self.base / "key")
        for name in ["127.0.0.1", "localhost"]:
            answer = server.get("/v1/collections", Host=f"{name}:{server.port}")
            self.check_problem(answer, 401, "unauthorized")
            answer = server.get("/v1/collections", Host=f"{name}:{server.port}",
                                Authorization=f"Bearer {KEY}")
            self.assertEqual(answer.status, 200)
        self.check_problem(server.get("/healthz", Host=f"evil.example:{server.port}"), 421)

    def test_every_route_is_closed_without_it_but_health(self):
        server = self.guarded()
        asked = 0
        for path, item in support.DESCRIPTION["paths"].items():
            for method in item:
                if method == "parameters":
                    continue
                answer = server.ask(method.upper(), path.format(**VALUES), None if method == "get" else {})
                if path in ("/healthz", "/readyz"):
                    self.assertEqual(answer.status, 200)
                    continue
                self.check_problem(answer, 401, "unauthorized")
                self.assertTrue(answer.headers["www-authenticate"].startswith("Basic "))
                asked += 1
        self.assertGreater(asked, 20)
        for target in ["/", "/index.html", "/nothing", "/healthz/", "/healthz?x", "//healthz", "/%68ealthz",
                       "/v1/collections?key=" + KEY]:
            self.check_problem(server.get(target), 401)
        for method in ["HEAD", "OPTIONS", "PUT", "TRACE", "GETX"]:
            self.assertEqual(server.ask(method, "/v1/collections").status, 401)

    def test_nothing_that_is_hidden_opens_it(self):
        server = self.guarded()
        for name, value in [("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"),
                            ("Forwarded", "for=127.0.0.1"),
                            ("X-Original-URL", "/healthz"), ("X-Rewrite-URL", "/healthz"),
                            ("User-Agent", "alike"),
                            ("Cookie", "key=" + KEY), ("X-Api-Key", KEY), ("X-Alike-Key", KEY),
                            ("Proxy-Authorization", "Bearer " + KEY),
                            ("Referer", server.url), ("Origin", server.url[:-1]),
                            ("Sec-Fetch-Site", "same-origin"), ("Authorization", KEY),
                            ("Authorization", "Token " + KEY), ("Authorization", "Bearer")]:
            answer = server.ask("GET", "/v1/collections", headers={name: value})
            self.assertEqual(answer.status, 401, name)

    def test_bearer_and_basic_open_it(self):
        server = self.guarded()
        for header in ["Bearer " + KEY, "bearer " + KEY, self.basic(KEY), self.basic(KEY, ""),
                       self.basic(KEY).replace("Basic", "basic")]:
            self.assertEqual(server.get("/v1/collections", Authorization=header).status, 200, header)

    def test_ten_wrong_ones_close_it_for_a_while(self):
        server = self.guarded()
        wrong = ["x", KEY[:-1], KEY + "x", KEY.upper(), "x" * 4000, KEY + " x", KEY[1:], "Bearer " + KEY,
                 KEY * 2, "\u00fc"]
        for key in wrong:
            self.check_problem(server.get("/v1/collections",
                                          Authorization=f"Bearer {key}".encode("latin-1")), 401)
        for header in ["Bearer x", self.basic("x")]:
            answer = server.get("/v1/collections", Authorization=header)
            self.check_problem(answer, 429, "too_many_requests")
            self.assertGreaterEqual(int(answer.headers["retry-after"]), 1)
            # Behind a proxy all clients have one address: an owner of the key is never locked out.
            for right in ["Bearer " + KEY, self.basic(KEY)]:
                self.assertEqual(server.get("/v1/collections", Authorization=right).status, 200)
        self.assertEqual(server.get("/healthz").status, 200)

    def test_a_reading_key_reads_and_changes_nothing(self):
        server = self.serve(self.photos, "--key-file", self.base / "key", "--reading-key-file",
                            self.base / "reading")
        reading = {"Authorization": "Bearer " + READING}
        changing = 0
        for path, item in support.DESCRIPTION["paths"].items():
            for method in item:
                if method == "parameters" or path == "/v1/jobs/events":
                    continue
                body = None if method == "get" else {}
                answer = server.ask(method.upper(), path.format(**VALUES), body, reading)
                reads = method == "get" or path.endswith(("/search", "/place"))
                if reads:
                    self.assertNotIn(answer.status, (401, 403), f"{method} {path}")
                else:
                    self.check_problem(answer, 403, "forbidden")
                    changing += 1
        self.assertGreaterEqual(changing, 5)
        answer = server.ask("POST", "/v1/collections/pictures/search", {"examples": [{"id": 0}]}, reading)
        self.assertEqual(answer.status, 200)
        full = server.ask("PATCH", "/v1/collections/pictures/spaces/tiny", {"is_default": True},
                          {"Authorization": "Bearer " + KEY})
        self.assertEqual(full.status, 200)
        for line in server.log:
            self.assertNotIn(READING.encode(), line)

    def test_a_reading_key_needs_a_key_beside_it(self):
        self.refused("serve", self.photos, "--reading-key-file", self.base / "reading", code=2,
                     saying="--key-file")
        self.refused("serve", self.photos, "--key-file", self.base / "key", "--reading-key-file",
                     self.base / "key", code=2, saying="another one")

    def test_a_key_that_could_be_guessed_is_refused(self):
        (self.folder / "short").write_text("a" * 15)
        (self.folder / "short").chmod(0o600)
        for host in ["127.0.0.1", "0.0.0.0"]:
            self.refused("serve", self.photos, "--host", host, "--port", "0", "--key-file",
                         self.folder / "short", code=2, saying=["16 or more", "openssl rand"])

    def test_a_key_file_that_others_may_read_is_refused(self):
        for mode in [0o666, 0o644, 0o604, 0o620, 0o602]:
            (self.base / "key").chmod(mode)
            self.refused("serve", self.photos, "--port", "0", "--key-file", self.base / "key", code=2,
                         saying="chmod 600 ")
        for mode in [0o640, 0o400, 0o600]:
            (self.base / "key").chmod(mode)
            server = self.serve(self.photos, "--key-file", self.base / "key")
            self.assertEqual(server.get("/v1/jobs").status, 401)

    def test_a_key_file_is_made_where_there_is_none(self):
        file = self.folder / "new"
        keys = set()
        for _ in range(2):
            server = self.serve(self.photos, "--key-file", file)
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            keys.add(file.read_text().strip())
            self.assertEqual(server.get("/v1/jobs", Authorization="Bearer " + min(keys)).status, 200)
        self.assertRegex(keys.pop(), "^[0-9a-f]{32}$")
        self.assertEqual(keys, set())  # the second time it was there

    def test_the_key_never_shows(self):
        server = self.serve(self.photos, "--key-file", self.base / "key")
        for header in ["Bearer " + KEY, self.basic(KEY), "Bearer wrong-" + KEY, KEY]:
            for target in ["/v1/collections", "/metrics", "/nothing", "/%zz"]:
                answer = server.get(target, Authorization=header)
                self.assertNotIn(KEY.encode(), answer.body)
                self.assertNotIn(KEY, str(answer.headers))
        self.assertNotIn(KEY, server.get("/v1/openapi.json", Authorization="Bearer " + KEY).body.decode())
        with open(f"/proc/{server.pid}/cmdline") as line:
            self.assertNotIn(KEY, line.read())
        self.assertEqual(server.stop(), 0)
        server.reader.join()
        log = b"".join(server.log)
        self.assertGreater(log.count(b"\n"), 10)
        self.assertNotIn(KEY.encode(), log)
        self.assertNotIn(base64.b64encode(b"any:" + KEY.encode()), log)
        for line in log.splitlines():
            self.assertLessEqual({"request", "peer", "method", "target", "status", "ms", "bytes"},
                                 set(json.loads(line)))

    def test_without_a_key_the_machine_itself_may_ask(self):
        server = self.serve(self.photos)
        self.assertEqual(server.host, "127.0.0.1")
        self.assertEqual(server.get("/v1/collections").status, 200)

    def test_a_proxy_on_this_machine_is_not_this_machine(self):
        server = self.serve(self.photos)
        found = server.ask("GET", "/v1/collections", headers={"X-Forwarded-For": "192.0.2.7"}).document
        self.assertFalse(found["may_add"])
        self.assertEqual(found["roots"], [])
        self.assertNotIn("folder", found["collections"][0])
        answer = server.ask("POST", "/v1/collections", {"demo": True}, {"X-Forwarded-For": "192.0.2.7"})
        self.check_problem(answer, 403, "forbidden")


if __name__ == "__main__":
    support.main()
