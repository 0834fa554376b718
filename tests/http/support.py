"""The start of every test of `alike serve`: a collection, a server, ways to ask it."""

import contextlib
import http.client
import importlib.util
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

_spec = importlib.util.spec_from_file_location("cli_support", ROOT / "tests/cli/support.py")
cli = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(cli)
main, png, WEBP, DEEP = cli.main, cli.png, cli.WEBP, cli.DEEP

DESCRIPTION = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())
SECONDS = 60  # no answer takes longer; it is a bug then, not a slow machine
# Set where the program is built with ThreadSanitizer, which takes ten times the time and memory.
WATCHED = "ALIKE_WATCHED" in os.environ


class Answer:
    """Status, headers (by small names) and body of an answer."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def document(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.document["code"]

    def __str__(self):
        return f"{self.status} {self.headers}\n{self.body[:2000]}"


class Server:
    """`alike serve`, and requests to it."""

    def __init__(self, process):
        self.process = process
        self.out, self.log = [], []
        started = json.loads(process.stdout.readline() or b"{}")
        if "url" not in started:
            raise AssertionError(f"no server: {process.communicate()}")
        self.url, self.pid = started["url"], started["pid"]
        self.host, self.port = re.fullmatch(r"http://(.*):(\d+)/", self.url).groups()
        self.port = int(self.port)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            self.log.append(line)

    def ask(self, method, target, body=None, headers=None, timeout=SECONDS):
        """One request on a connection of its own. A `body` that is no bytes is sent as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers,
                                  skip_accept_encoding=True)
            if body is not None and "Content-Length" not in headers:
                headers["Content-Length"] = str(len(body))
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            if body is not None:
                try:
                    connection.send(body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it was answered before it was read
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def get(self, target, **headers):
        return self.ask("GET", target, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, target, body, **headers):
        return self.ask("POST", target, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def upload(self, target, query, *pictures):
        kind, body = multipart(query, *pictures)
        return self.ask("POST", target, body, {"Content-Type": kind})

    def connect(self, timeout=SECONDS):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def raw(self, data, timeout=SECONDS, end=False):
        """Sends bytes as they are; returns all that comes until the server closes."""
        with self.connect(timeout) as connection:
            try:
                connection.sendall(data)
                if end:
                    connection.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return read_all(connection)

    def memory(self):
        """Resident bytes; none where most of them are those of a watching tool."""
        if WATCHED:
            return 0
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", text).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def children(self):
        """The processes that it started and that still run: those that decode."""
        found = set()
        for each in pathlib.Path(f"/proc/{self.pid}/task").glob("*/children"):
            try:
                found |= set(map(int, each.read_text().split()))
            except FileNotFoundError:
                pass  # a thread that has just ended
        return sorted(found)

    def metric(self, name):
        """A number that /metrics has, 0 where it has none; `name` with its labels."""
        for line in self.get("/metrics").body.decode().splitlines():
            if line.startswith(name + " "):
                return float(line.removeprefix(name + " "))
        return 0

    @contextlib.contextmanager
    def decoding_stopped(self):
        """Nothing is decoded meanwhile; to be shorter than the 8 s that a picture may take."""
        ending, stopped = threading.Event(), set()

        def send(child, what):
            with contextlib.suppress(ProcessLookupError):  # it has ended
                os.kill(child, what)

        def stop():
            while not ending.is_set():
                for each in set(self.children()) - stopped:
                    send(each, signal.SIGSTOP)
                    stopped.add(each)
                ending.wait(0.002)

        stopper = threading.Thread(target=stop)
        stopper.start()
        try:
            yield
        finally:
            ending.set()
            stopper.join()
            for each in stopped:
                send(each, signal.SIGCONT)

    def stop(self):
        """Sends SIGTERM and returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)

    def wait_for_job(self, job, states=("done", "failed", "cancelled", "paused")):
        until = time.monotonic() + SECONDS
        while True:
            found = self.get(f"/v1/jobs/{job}").document
            if found["state"] in states:
                return found
            if time.monotonic() > until:
                raise AssertionError(f"job {job} does not end: {found}")
            time.sleep(0.02)


def read_all(connection):
    data = b""
    try:
        while piece := connection.recv(1 << 16):
            data += piece
    except ConnectionResetError:
        pass
    return data


def statuses(data):
    """The status of every answer in the bytes of a connection, walked by their lengths; bytes that
    are none count as −1."""
    found = []
    while data:
        head, gap, rest = data.partition(b"\r\n\r\n")
        match = re.match(rb"HTTP/1\.1 (\d{3}) [^\r\n]*(\r\n|$)", head)
        if not match or not gap:
            return found + [-1]
        found.append(int(match.group(1)))
        length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
        data = rest[int(length.group(1)) if length else 0:]
    return found


def multipart(query, *pictures, boundary="b0undary"):
    """(content type, body) of a search by pictures."""
    if not isinstance(query, str):
        query = json.dumps(query)
    parts = [("query", query.encode())] + [("picture", each) for each in pictures]
    body = b""
    for name, content in parts:
        body += (f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"x\"\r\n"
                 "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


def resolved(node):
    """`node` of the description, following one reference."""
    while "$ref" in node:
        at = DESCRIPTION
        for name in node["$ref"].removeprefix("#/").split("/"):
            at = at[name]
        node = at
    return node


def closed(schema):
    """The schema with every object that lists its members allowing no others: an undescribed
    member is a mistake too."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(each) for name, each in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        made.setdefault("additionalProperties", False)
    return made


SCHEMAS = closed(DESCRIPTION["components"]["schemas"])


def check_schema(document, schema):
    whole = {"components": {"schemas": SCHEMAS}, **closed(schema)}
    jsonschema.Draft202012Validator(whole).validate(document)


class TestCase(cli.TestCase):
    """As that of the command line, with servers."""

    def serve(self, *words, environment=None, folder=None):
        """A server that is stopped at the end of the test."""
        return self.start_server(self.addCleanup, *words, environment=environment,
                                 folder=folder or self.folder)

    @classmethod
    def indexed_pictures(cls, count):
        """A folder of so many pictures that is a collection."""
        folder = cls.base / "pictures"
        folder.mkdir()
        for i in range(count):
            (folder / f"{i:03}.png").write_bytes(png(i))
        done = cls.run_raw("--json", "index", folder, "--encoder", "tiny")
        assert done.code == 0, done
        return folder

    @classmethod
    def serve_for_class(cls, *words):
        return cls.start_server(cls.addClassCleanup, *words, environment=None, folder=cls.base)

    @classmethod
    def start_server(cls, at_end, *words, environment, folder):
        port = [] if "--port" in words else ["--port", "0"]
        command = [cli.PROGRAM, "--json", "serve", *port, "--log", *map(os.fspath, words)]
        process = subprocess.Popen(command, cwd=folder, env=cls.environment | (environment or {}),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL)

        def end():
            process.kill()
            process.wait()
            process.stdout.close()
            server.reader.join()
            process.stderr.close()

        server = Server(process)
        at_end(end)
        return server

    def check_problem(self, answer, status, code=None):
        """A problem document of this status; returns it."""
        self.assertEqual(answer.status, status, str(answer))
        self.assertEqual(answer.headers["content-type"], "application/problem+json")
        document = answer.document
        check_schema(document, {"$ref": "#/components/schemas/Problem"})
        self.assertEqual(document["status"], status)
        self.assertGreater(len(document["detail"]), 5)
        if code:
            self.assertEqual(document["code"], code)
        return document

    def check_answer(self, answer, method, path):
        """The answer is one that the description gives for this operation; returns its document."""
        operation = DESCRIPTION["paths"][path][method.lower()]
        responses = operation["responses"]
        expected = resolved(responses.get(str(answer.status), responses["default"]))
        kind = answer.headers.get("content-type", "").split(";")[0]
        if "content" not in expected:
            return None
        self.assertIn(kind, expected["content"], str(answer))
        if not kind.endswith("json"):
            return None
        check_schema(answer.document, expected["content"][kind]["schema"])
        return answer.document

    def check_alive(self, server):
        self.assertIsNone(server.process.poll(), b"".join(server.log)[-4000:])
        self.assertEqual(server.get("/healthz").status, 200)
