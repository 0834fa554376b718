"""How long `alike serve` takes to answer, alone and with many clients.

    bench/serve.py CIFAR.npy CIFAR.paths PICTURES_COLLECTION [SECONDS_OF_LOAD]

The rows are those of bench/index.py and stand for 50,000 pictures; PICTURES_COLLECTION is the
folder of a collection with an encoder, in which a photograph of 3 MB is looked for.
"""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

from common import ALIKE, ENVIRONMENT, PYTHON, publish, run, table

# A picture as a phone takes it: 12 megapixels, smooth with fine grain, about 3 MB.
PHOTOGRAPH = """
import sys, numpy, PIL.Image
draw = numpy.random.default_rng(1)
small = PIL.Image.fromarray(draw.integers(0, 255, (24, 32, 3), dtype=numpy.uint8))
large = numpy.asarray(small.resize((4000, 3000), PIL.Image.BICUBIC)).astype(numpy.int16)
grain = draw.normal(0, 7, large.shape[:2] + (1,)).astype(numpy.int16)
PIL.Image.fromarray((large + grain).clip(0, 255).astype(numpy.uint8)).save(sys.argv[1], quality=int(sys.argv[2]))
"""


# Seconds between an answer and the next question of a user who looks at the answer.
PAUSE = 1
# A hundred at once are answered then, not told to come again.
PATIENT = ["--limit", "upload-wait-ms=600000", "--limit", "search-wait-ms=600000"]


class Server:
    def __init__(self, *words, program=ALIKE):
        self.process = subprocess.Popen([program, "--json", "serve", "--port", "0", *words],
                                        stdout=subprocess.PIPE,
                                        env=ENVIRONMENT)
        self.port = int(re.search(r":(\d+)/", json.loads(self.process.stdout.readline())["url"]).group(1))

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def names(self):
        """The ids of its collections."""
        connection = self.connect()
        connection.request("GET", "/v1/collections")
        return [each["id"] for each in json.loads(connection.getresponse().read())["collections"]]

    def state(self):
        """(resident MB, open descriptors)"""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)",
                             text).group(1)) / 1024, len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait() != 0:
            sys.exit("the server did not end in order")


def ask(connection, collection, kind, body):
    """Milliseconds that a search took."""
    started = time.perf_counter()
    connection.request("POST", f"/v1/collections/{collection}/search", body, {"Content-Type": kind})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {text[:200]}")
    return 1000 * (time.perf_counter() - started)


def by_id(i):
    return "application/json", json.dumps({"examples": [{"id": i}], "k": 50}).encode()


def by_picture(data):
    query = json.dumps({"examples": [{"upload": 0}], "k": 50}).encode()
    body = (b'--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n' + query +
            b'\r\n--b\r\nContent-Disposition: form-data; name="picture"; filename="x"\r\n\r\n' + data + b"\r\n--b--\r\n")
    return "multipart/form-data; boundary=b", body


def part(times, share):
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def line(title, times):
    return [title, len(times), *(f"{part(times, share):.1f}" for share in (0.5, 0.95, 0.99)),
            f"{max(times):.1f}"]


def alone(server, collection, queries):
    connection = server.connect()
    return [ask(connection, collection, *query) for query in queries]


def at_once(server, collection, queries):
    """All at the same time, each on a connection of its own."""
    times, failed = [], []

    def one(query):
        try:
            times.append(ask(server.connect(), collection, *query))
        except (OSError, RuntimeError) as error:
            failed.append(str(error))

    threads = [threading.Thread(target=one, args=[query]) for query in queries]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        sys.exit(f"{len(failed)} of {len(queries)} failed: {failed[0]}")
    return times


def load(server, seconds, searchers, uploaders, pause, collection, photographs, photograph):
    """(times of the searches by id, uploads, errors, state after a quarter, state at the end).
    Every client asks again `pause` seconds after an answer."""
    times, uploads, errors = [], [], []
    end = time.monotonic() + seconds

    def work(collection, query, into, offset):
        connection, i = server.connect(), offset
        while time.monotonic() < end:
            i += 1
            try:
                into.append(ask(connection, collection, *query(i)))
            except (OSError, RuntimeError, http.client.HTTPException) as error:
                errors.append(str(error))
                connection = server.connect()
            time.sleep(pause)

    threads = [threading.Thread(target=work,
                                args=[collection, lambda i: by_id(i * 7919 % 50_000), times, 1000 * i])
               for i in range(searchers)]
    threads += [threading.Thread(target=work, args=[photographs, lambda _: photograph, uploads, 0])
                for _ in range(uploaders)]
    for each in threads:
        each.start()
    time.sleep(seconds / 4)
    early = server.state()
    time.sleep(seconds * 0.7)
    late = server.state()
    for each in threads:
        each.join()
    return times, uploads, errors, early, late


def overload(server, seconds, clients, collection):
    """(milliseconds of the searches by id that were answered, how many were refused, errors, milliseconds of
    /healthz) with the usual limits. A refused client comes back after a second, as it is told."""
    times, refused, errors, health = [], [], [], []
    end = time.monotonic() + seconds

    def work(i):
        connection = server.connect()
        while time.monotonic() < end:
            i += 1
            try:
                times.append(ask(connection, collection, *by_id(i * 7919 % 50_000)))
            except RuntimeError as error:
                (refused if str(error).startswith("503") else errors).append(str(error))
                time.sleep(1)
            except (OSError, http.client.HTTPException) as error:
                errors.append(str(error))
                connection = server.connect()

    threads = [threading.Thread(target=work, args=[1000 * i]) for i in range(clients)]
    for each in threads:
        each.start()
    while time.monotonic() < end:
        started, connection = time.perf_counter(), server.connect()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        health.append(1000 * (time.perf_counter() - started))
        time.sleep(0.1)
    for each in threads:
        each.join()
    return times, len(refused), errors, health


def verdict(start, loaded, quiet, seconds):
    *both, errors, early, late = loaded
    by_id, by_picture = (f"{part(times, 0.99) / part(one, 0.99):.1f} times that of one client ({part(one, 0.99):.1f} ms)"
                         for times, one in zip(both, quiet))
    return (f"{start}{seconds:.0f} s, {len(errors)} errors; p99 of the searches by id is {by_id}, of those by that JPEG "
            f"{by_picture}. Memory was {early[0]:.0f} MB after a quarter of the time and {late[0]:.0f} MB near the end, "
            f"open descriptors {early[1]} and {late[1]}.")


def main():
    rows, paths, pictures = sys.argv[1:4]
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 120
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "cifar").mkdir()
        run(ALIKE, "--json", "--collection", work / "cifar/.alike", "import", rows, "--paths", paths,
            "--space", "rows")
        for quality in range(95, 40, -5):
            subprocess.run([PYTHON, "-c", PHOTOGRAPH, work / "photograph.jpg", str(quality)], check=True)
            data = (work / "photograph.jpg").read_bytes()
            if len(data) < 3_200_000:
                break
        server = Server(*PATIENT, work / "cifar", pictures)
        names = server.names()
        photograph = by_picture(data)
        alone(server, names[0], [by_id(i) for i in range(20)])  # the files are in memory then
        alone(server, names[1], [photograph] * 2)
        one = alone(server, names[0], [by_id(i * 97 % 50_000) for i in range(1000)])
        lines = [line("by id, 50,000 rows of 1,280, one client", one),
                 line(f"by a JPEG of {len(data) / 1e6:.1f} MB and 12 megapixels, one client",
                      alone(server, names[1], [photograph] * 60)),
                 line("100 by id at once", at_once(server, names[0], [by_id(i) for i in range(100)])),
                 line("100 by that JPEG at once", at_once(server, names[1], [photograph] * 100))]
        folders = names[0], names[1], photograph
        brief = max(30, seconds / 10)
        quiet = (load(server, brief, 1, 0, 0, *folders)[0], load(server, brief, 0, 1, 0, *folders)[1])
        loads = [load(server, length, 24, 8, pause, *folders) for length, pause in ((seconds, PAUSE), (brief, 0))]
        for (times, uploads, *_), title in zip(loads, (f", each {PAUSE} s after its answer", ", each at once")):
            lines += [line("24 clients by id beside the next" + title, times),
                      line("8 clients by that JPEG" + title, uploads)]
        server.stop()
        server = Server(work / "cifar")
        alone(server, server.names()[0], [by_id(i) for i in range(20)])
        usual = overload(server, brief, 32, server.names()[0])
        crowd = overload(server, brief, 256, server.names()[0])
        for clients, (times, *_) in ((32, usual), (256, crowd)):
            lines.append(line(f"{clients} clients by id at once, limits as usual, those answered", times))
        server.stop()
    publish("Serving",
            "Searches through `alike serve` over loopback, k = 50, the clients on the same cores; milliseconds from the first byte "
            "sent to the last byte read.\n\n" +
            table(["search", "count", "p50", "p95", "p99", "most"], lines) +
            "\n\n" + verdict("", loads[0], quiet, seconds) + " " + verdict("At once: ", loads[1], quiet, brief) +
            f" Limits as usual, {brief:.0f} s: {usual[1]} of 32 clients' searches were refused (503), {len(usual[2])} "
            f"errors; {crowd[1]} of 256 clients', {len(crowd[2])} errors; p99 of those answered is "
            f"{part(crowd[0], 0.99) / part(usual[0], 0.99):.1f} times as long with 256 as with 32, p99 of /healthz "
            f"{part(crowd[3], 0.99):.1f} ms.")


if __name__ == "__main__":
    main()
