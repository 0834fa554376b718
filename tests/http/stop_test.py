"""Starting, stopping, and collections that change or break under the server."""

import shutil
import signal
import threading
import time

import fair_test
import support
from support import png

ROOT = "/v1/collections/pictures"


class Load:
    """Clients that search until the server goes; counts their answers."""

    def __init__(self, server, clients=8, body=None):
        self.server, self.answered, self.broken = server, 0, []
        self.lock = threading.Lock()
        self.stopping = False
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]
        for each in self.threads:
            each.start()

    def _run(self):
        body = b'{"examples": [{"id": 0}], "k": 5}'
        head = (f"POST {ROOT}/search HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nConnection: close\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
        while True:
            sent_before_stop = not self.stopping
            try:
                connection = self.server.connect()
            except OSError:
                return
            with connection:
                try:
                    connection.sendall(head + body)
                except OSError as error:
                    if sent_before_stop and not self.stopping:
                        self.broken.append(repr(error))
                    return
                sent_before_stop = not self.stopping
                data = support.read_all(connection)
            with self.lock:
                if support.statuses(data) == [200]:
                    self.answered += 1
                elif sent_before_stop:
                    self.broken.append(data[:200])
            if self.stopping and not data:
                return

    def join(self):
        for each in self.threads:
            each.join(support.SECONDS)


class Stop(support.TestCase):

    def test_what_is_under_way_is_answered_at_the_end(self):
        folder = self.indexed(5)
        for _ in range(4):
            server = self.serve(folder)
            load = Load(server)
            while load.answered < 20:
                time.sleep(0.005)
            load.stopping = True
            self.assertEqual(server.stop(), 0)
            load.join()
            self.assertEqual(load.broken, [])

    def test_a_connection_without_a_request_yet_may_still_send_one_at_the_end(self):
        server = self.serve(self.indexed(3))
        with server.connect() as connection:
            server.get("/healthz")  # the connection is accepted
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.02)
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            answer = support.read_all(connection)
        self.assertEqual(len(support.statuses(answer)), 1)
        self.assertEqual(server.process.wait(support.SECONDS), 0)

    def test_a_search_that_is_sent_slowly_is_answered_after_the_signal(self):
        server = self.serve(self.indexed(3))
        kind, body = support.multipart({"examples": [{"upload": 0}]}, png(1))
        with server.connect() as connection:
            connection.sendall((f"POST {ROOT}/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\n"
                                f"Content-Length: {len(body)}\r\n\r\n").encode() + body[:100])
            server.get("/healthz")
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            self.assertIsNone(server.process.poll())
            connection.sendall(body[100:])
            answer = support.read_all(connection)
        self.assertEqual(support.statuses(answer), [200])
        self.assertIn(b"connection: close", answer)
        self.assertEqual(server.process.wait(support.SECONDS), 0)

    def test_an_end_while_pictures_are_decoded_touches_nothing_that_is_gone(self):
        """The handler reads the body for as long as it works, whether or not the client is still there."""
        pictures = [fair_test.flat_png(8000, 8000)] * 8
        query = {"examples": [{"upload": i} for i in range(8)]}
        kind, body = support.multipart(query, *pictures)
        # Freed memory leaves the address space at once, so that a use of it is seen.
        server = self.serve(self.indexed(3), "--limit", "drain-ms=300",
                            environment={"MALLOC_MMAP_THRESHOLD_": "65536"})
        request = (f"POST {ROOT}/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n").encode() + body
        waiting = [server.connect() for _ in range(3)]  # one is worked on, two wait
        for each in waiting:
            self.addCleanup(each.close)
            each.sendall(request)
        while b'alike_queued 3' not in server.get("/metrics").body:
            time.sleep(0.01)
        start = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - start, support.SECONDS / 2)
        server.reader.join()
        self.assertIn(b"still being worked on", b"".join(server.log))

    def test_an_idle_server_stops_at_once_and_so_do_kept_connections(self):
        server = self.serve()
        with server.connect() as connection:
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            self.assertIn(b"200", connection.recv(10_000))
            self.assertEqual(server.stop(), 0)
            self.assertEqual(support.read_all(connection), b"")
        with self.assertRaises(OSError):
            server.connect()

    def test_a_signal_while_it_starts_ends_it_in_order(self):
        folder = self.indexed(2)
        for _ in range(5):
            server = self.serve(folder)
            self.assertEqual(server.stop(), 0)

    def test_a_job_under_way_keeps_what_is_done(self):
        folder = self.indexed(2)
        self.pictures(1500, start=100)
        server = self.serve(folder)
        job = server.post(ROOT + "/jobs", {"kind": "index"}).document["id"]
        server.wait_for_job(job, ("active",))
        while server.get(f"/v1/jobs/{job}").document["done"] < 10:
            pass
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.json("-C", folder, "verify")["damage"], [])
        self.json("-C", folder, "index")
        self.assertEqual(self.json("-C", folder, "status")["items"], 1502)

    def test_what_was_acknowledged_is_there_after_the_end(self):
        folder = self.indexed(2)
        self.add_encoder("second")
        self.json("-C", folder, "index", "--encoder", "second")
        for wanted in ["second", "tiny", "second"]:
            server = self.serve(folder)
            self.assertEqual(server.ask("PATCH", f"{ROOT}/spaces/{wanted}", {"is_default": True}).status,
                             200)
            server.process.kill()
            server.process.wait()
            spaces = self.json("-C", folder, "status")["spaces"]
            self.assertEqual([each["name"] for each in spaces if each["default"]], [wanted])

    def test_a_port_that_is_taken_is_told(self):
        server = self.serve()
        self.refused("serve", "--port", str(server.port), code=1,
                     saying=["cannot listen", str(server.port), "--port"])
        self.check_alive(server)

    def test_an_address_that_is_none_is_told(self):
        for host in ["300.1.1.1", "no such host", ""]:
            result = self.run_raw("serve", "--host", host, "--port", "0", cwd=self.folder)
            self.assertIn(result.code, (1, 2), str(result))
            self.assertTrue(result.errors)

    def test_two_servers_may_show_one_collection(self):
        folder = self.indexed(4)
        servers = [self.serve(folder), self.serve(folder)]
        answers = [each.post(ROOT + "/search", {"examples": [{"id": 1}]}).document["results"]
                   for each in servers]
        self.assertEqual(answers[0], answers[1])
        self.pictures(20, start=50)
        job = servers[0].post(ROOT + "/jobs", {"kind": "index"}).document["id"]
        servers[0].wait_for_job(job)
        for each in servers:
            self.assertEqual(len(each.post(ROOT + "/search",
                                           {"examples": [{"id": 1}]}).document["results"]), 23)

    def test_a_server_without_a_collection_shows_none(self):
        server = self.serve()
        found = server.get("/v1/collections")
        self.assertEqual(self.check_answer(found, "GET", "/v1/collections")["collections"], [])
        self.assertIn("text/html", server.get("/").headers["content-type"])
        self.refused("serve", self.folder, code=1, saying=["no collection", "alike index"])

    def check_all_routes(self, server):
        """Asks every route of the collection. Returns each answer: 200 or the code of its problem, and of jobs
        how they end."""
        def outcome(answer):
            return answer.status if answer.status < 400 else self.check_problem(answer, answer.status)["code"]

        self.assertEqual(server.get("/v1/collections").status, 200)
        found = {target: outcome(server.get(ROOT + target))
                 for target in ["", "/labels", "/skipped", "/items", "/random", "/items/0", "/items/0/image",
                                "/items/0/thumbnail?size=64", "/scores", "/maps/tiny.umap",
                                "/maps/tiny.umap/columns/xy"]}
        for exact in [False, True]:
            query = {"examples": [{"id": 0}], "exact": exact}
            found[f"search, {exact=}"] = outcome(server.post(ROOT + "/search", query))
        for kind in ["index", "verify", "map"]:
            answer = server.post(ROOT + "/jobs", {"kind": kind})
            found[kind] = outcome(answer)
            if answer.status == 202:
                job = server.wait_for_job(answer.document["id"])
                found[kind] = "damage" if job.get("result", {}).get("damage") else job["state"]
                if job["state"] == "failed":
                    self.assertIn("alike repair", job["error"])
        self.check_alive(server)
        return found

    def test_a_collection_that_is_deleted_is_not_found(self):
        folder = self.indexed(4)
        self.json("-C", folder, "map")
        server = self.serve(folder)
        self.assertEqual(server.get(ROOT).document["items"], 4)
        shutil.rmtree(folder)
        self.assertEqual(set(self.check_all_routes(server).values()), {"not_found"})
        self.assertEqual(server.stop(), 0)

    def test_a_collection_that_is_moved_and_back(self):
        folder = self.indexed(4)
        server = self.serve(folder)
        folder.rename(self.folder / "moved")
        self.assertEqual(set(self.check_all_routes(server).values()), {"not_found"})
        (self.folder / "moved").rename(folder)
        time.sleep(1.1)  # numbers may be a second old
        self.assertEqual(server.get(ROOT).document["items"], 4)
        self.assertEqual(server.post(ROOT + "/search", {"examples": [{"id": 0}]}).status, 200)

    def test_a_collection_that_is_made_anew_is_shown_as_it_is_now(self):
        folder = self.indexed(4)
        server = self.serve(folder)
        self.assertEqual(server.get(ROOT + "/items").document["total"], 4)
        shutil.rmtree(folder / ".alike")
        self.pictures(3, start=50)
        self.json("index", folder, "--encoder", "tiny")
        self.assertEqual(server.get(ROOT + "/items").document["total"], 7)
        self.assertEqual(len(server.post(ROOT + "/search", {"examples": [{"id": 0}]}).document["results"]),
                         6)
        self.assertEqual(server.get(ROOT).document["items"], 7)

    def damaged(self, *names):
        """A server that has searched a collection before these files of it were damaged."""
        folder = self.indexed(6)
        server = self.serve(folder)
        self.assertEqual(server.post(ROOT + "/search", {"examples": [{"id": 0}]}).status, 200)
        for name in names:
            path = folder / ".alike" / name
            data = bytearray(path.read_bytes())
            for i in range(0, len(data), 97):
                data[i] ^= 0x5A
            new = path.with_name("new")
            new.write_bytes(data)
            new.rename(path)
        return server

    def test_a_catalog_that_is_damaged_is_a_fault_of_the_server(self):
        server = self.damaged("catalog.db")
        self.assertEqual(set(self.check_all_routes(server).values()), {"corrupt"})
        problem = self.check_problem(server.get(ROOT), 500, "corrupt")
        self.assertEqual(problem["remedy"]["verb"], "repair")
        self.assertEqual(server.stop(), 0)

    def test_what_was_checked_before_it_was_damaged_is_read_and_not_worked_on(self):
        no_map = {"/scores", "/maps/tiny.umap", "/maps/tiny.umap/columns/xy"}
        for name, index in [("catalog.sum", "failed"), ("spaces/tiny/vectors-0000.seg", "done")]:
            server = self.damaged(name)
            found = self.check_all_routes(server)
            jobs = {kind: found.pop(kind) for kind in ["index", "verify", "map"]}
            self.assertEqual(jobs, {"index": index, "verify": "damage", "map": "failed"}, name)
            self.assertEqual(found, {each: "not_found" if each in no_map else 200 for each in found}, name)
            self.assertEqual(server.stop(), 0)
            shutil.rmtree(self.folder / "pictures")

    def test_a_space_that_goes_while_it_is_searched(self):
        folder = self.indexed(4)
        self.add_encoder("other")
        self.json("-C", folder, "index", "--encoder", "other")
        server = self.serve(folder)
        self.assertEqual(server.post(ROOT + "/search", {"examples": [{"id": 0}], "space": "other"}).status,
                         200)
        self.assertEqual(server.ask("DELETE", f"{ROOT}/spaces/other").status, 200)
        self.check_problem(server.post(ROOT + "/search", {"examples": [{"id": 0}], "space": "other"}), 404)

    def test_an_encoder_that_is_gone_is_a_problem_for_pictures_only(self):
        self.add_encoder("leaving")
        folder = self.pictures(3)
        self.json("index", folder, "--encoder", "leaving")
        server, used = self.serve(folder), self.serve(folder)
        query = {"examples": [{"upload": 0}]}
        self.assertEqual(used.upload(ROOT + "/search", query, png(1)).status, 200)
        shutil.rmtree(self.base / "home/models/leaving")
        self.assertEqual(server.post(ROOT + "/search", {"examples": [{"id": 0}]}).status, 200)
        self.check_problem(server.upload(ROOT + "/search", query, png(1)), 404, "not_found")
        self.assertEqual(used.upload(ROOT + "/search", query, png(1)).status, 200)  # which has loaded it
        self.check_alive(server)


if __name__ == "__main__":
    support.main()
