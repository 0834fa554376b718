"""Long work over HTTP: started, followed by events, paused, resumed, cancelled, never in the way."""

import concurrent.futures
import contextlib
import json
import shutil
import socket
import sqlite3
import threading
import time

import support
from support import png


class Events:
    """An open stream of events, read in the background."""

    def __init__(self, server, last=None):
        self.connection = server.connect(timeout=support.SECONDS)
        more = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        self.connection.sendall((f"GET /v1/jobs/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{more}\r\n").encode())
        self.file = self.connection.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            self.headers[name] = value
        self.events = []  # (id, name, data)
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        event = {}
        try:
            for line in self.file:
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif "data" in event:
                    with self.changed:
                        self.events.append((int(event["id"]), event["event"], json.loads(event["data"])))
                        self.changed.notify_all()
                    event = {}
        except (OSError, ValueError):
            pass
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, holds):
        with self.changed:
            if not self.changed.wait_for(lambda: holds(self.events) or self.ended, support.SECONDS):
                raise AssertionError(f"no such event among {self.events[-3:]}")
            return list(self.events)

    def close(self):
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the server has gone
        self.thread.join()
        self.file.close()
        self.connection.close()


class Jobs(support.TestCase):

    def events(self, server, last=None):
        events = Events(server, last)
        self.addCleanup(events.close)
        self.assertEqual((events.status, events.headers["content-type"]), (200, "text/event-stream"))
        self.assertNotIn("content-length", events.headers)
        return events

    def large_pictures(self, count):
        """More into the folder "pictures", each long to read and none like another byte by byte."""
        large = png(1, width=900, height=700)
        for i in range(count):
            (self.folder / "pictures" / f"large{i}.png").write_bytes(large + i.to_bytes(4, "big"))

    def start(self, server, kind="index", **more):
        answer = server.post("/v1/collections/pictures/jobs", {"kind": kind, **more})
        self.assertEqual(answer.status, 202, str(answer))
        self.check_answer(answer, "POST", "/v1/collections/{c}/jobs")
        return answer.document["id"]

    def wait_for_index(self, server, *kinds):
        """Waits until the default space has the requested index; the server keeps its numbers for a second."""
        until = time.monotonic() + support.SECONDS
        while True:
            spaces = server.get("/v1/collections/pictures").document["spaces"]
            found = [(space["wanted_index"], space["index"]) for space in spaces if space["is_default"]]
            if found == [kinds]:
                return
            self.assertLess(time.monotonic(), until, f"{found} is not {kinds}")
            time.sleep(0.05)

    def change(self, server, job, action):
        if action == "cancel":
            answer = server.ask("DELETE", f"/v1/jobs/{job}")
        else:
            answer = server.ask("PATCH", f"/v1/jobs/{job}", {"action": action})
        self.check_answer(answer, "DELETE" if action == "cancel" else "PATCH", "/v1/jobs/{j}")
        return answer

    def test_a_folder_is_indexed_and_every_change_is_told(self):
        folder = self.pictures(30)
        server = self.serve("--root", folder)
        self.assertEqual(server.get("/v1/collections").document["collections"], [])
        events = self.events(server)
        answer = server.post("/v1/collections", {"folder": str(folder), "encoder": "tiny"})
        self.assertEqual(answer.status, 202, str(answer))
        found = events.wait(lambda all: all and all[-1][2]["state"] == "done")
        for number, name, job in found:
            self.assertEqual(name, "job")
            support.check_schema(job, {"$ref": "#/components/schemas/Job"})
        self.assertEqual([each[0] for each in found], list(range(1, len(found) + 1)))
        states = [each[2]["state"] for each in found]
        self.assertEqual(sorted(set(states), key=states.index), ["waiting", "active", "done"])
        done = found[-1][2]
        self.assertEqual((done["collection"], done["result"]["added"], done["error"]
                          if "error" in done else ""), ("pictures", 30, ""))
        self.assertGreaterEqual(done["ended"], done["started"])
        self.assertEqual(server.get("/v1/collections/pictures").document["items"], 30)
        self.assertEqual(server.post("/v1/collections/pictures/search", {"examples": [{"id": 0}]}).status,
                         200)
        jobs = server.get("/v1/jobs")
        self.check_answer(jobs, "GET", "/v1/jobs")
        self.assertEqual(jobs.document["jobs"], [done])

    def test_who_comes_back_hears_what_was_missed(self):
        server = self.serve(self.indexed(3))
        first = self.events(server)
        job = self.start(server, "verify")
        told = first.wait(lambda all: all and all[-1][2]["state"] == "done")
        first.close()
        again = self.events(server, last=told[0][0])
        self.assertEqual(again.wait(lambda all: len(all) >= len(told) - 1), told[1:])
        # Of another run with higher numbers: all known events.
        other = self.events(server, last=10_000)
        self.assertEqual(other.wait(lambda all: len(all) >= len(told)), told)
        for nonsense in ["abc", "-1", "99999999999999999999999"]:
            self.events(server, last=nonsense)
        fresh = self.events(server)
        second = self.start(server, "verify")
        self.assertEqual(fresh.wait(lambda all: all)[0][2]["id"], second)
        self.assertEqual(server.get(f"/v1/jobs/{job}").document["state"], "done")

    def test_who_comes_back_to_a_server_that_began_anew_hears_all_of_its_run(self):
        """As EventSource does: to the same address, with the number of the last event it had."""
        folder = self.indexed(3)
        server = self.serve(folder)
        events = self.events(server)
        for _ in range(10):
            self.start(server, "verify")
        told = events.wait(lambda all: all and all[-1][2]["id"] == 10 and all[-1][2]["state"] == "done")
        self.assertEqual(server.stop(), 0)
        events.wait(lambda _: False)
        server = self.serve(folder, "--port", str(server.port))
        self.assertEqual(server.get("/v1/jobs").document["jobs"], [])
        early = self.events(server, last=told[-1][0])
        self.start(server, "map", method="pca")
        found = early.wait(lambda all: all and all[-1][2]["state"] == "done")
        self.assertEqual({(each[2]["id"], each[2]["kind"]) for each in found}, {(1, "map")})
        self.assertEqual([each[0] for each in found], list(range(1, len(found) + 1)))
        self.assertLess(len(found), len(told))
        late = self.events(server, last=told[-1][0])
        self.assertEqual(late.wait(lambda all: len(all) >= len(found)), found)

    def test_verify_map_and_failure(self):
        folder = self.indexed(12)
        server = self.serve(folder)
        done = server.wait_for_job(self.start(server, "verify"))
        self.assertEqual((done["state"], done["result"]["items"], done["result"]["damage"]),
                         ("done", 12, []))
        for method in ["umap", "pca", "tsne"]:
            done = server.wait_for_job(self.start(server, "map", method=method))
            self.assertEqual(done["state"], "done", done)
            name = done["result"]["maps"][0]
            answer = server.get(f"/v1/collections/pictures/maps/{name}")
            self.check_answer(answer, "GET", "/v1/collections/{c}/maps/{m}")
            self.assertEqual(answer.document["count"], 12)
        place = server.post(f"/v1/collections/pictures/maps/tiny.pca/place", {"examples": [{"id": 1}]})
        self.assertEqual(place.status, 415, str(place))
        done = server.wait_for_job(self.start(server, "bench"))
        self.assertEqual(done["state"], "done", done)
        by_command = self.json("-C", folder, "bench")
        self.assertEqual(done["result"].keys(), by_command.keys())
        for one, other in zip(done["result"]["lines"], by_command["lines"], strict=True):
            self.assertEqual(one.keys(), other.keys())
            self.assertEqual([one[key] for key in ("index", "aim", "recall")],
                             [other[key] for key in ("index", "aim", "recall")])
        for kind, answering in [("coded", "coded"), ("auto", "flat")]:
            self.assertEqual(server.wait_for_job(self.start(server, index=kind))["state"], "done")
            self.wait_for_index(server, kind, answering)
        failed = server.wait_for_job(self.start(server, "map", space="none"))
        self.assertEqual(failed["state"], "failed")
        self.assertIn("none", failed["error"])
        again = self.change(server, failed["id"], "retry")
        self.assertEqual((again.status, again.document["state"]), (200, "waiting"))
        self.assertEqual(server.wait_for_job(failed["id"])["state"], "failed")

    def test_a_collection_that_opens_slowly_holds_up_no_other(self):
        photos = self.indexed(2)
        server = self.serve(photos)
        slow = self.folder / "slow"
        shutil.copytree(photos, slow)
        with contextlib.closing(sqlite3.connect(slow / ".alike/catalog.db", isolation_level=None)) as held, \
                concurrent.futures.ThreadPoolExecutor(1) as pool:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
            added = pool.submit(server.post, "/v1/collections", {"folder": str(slow)})
            time.sleep(0.5)  # it is being opened now, and waits for the lock at most 10 s
            self.assertEqual(server.get("/v1/collections/pictures").status, 200)
            self.assertEqual(len(server.get("/v1/collections").document["collections"]), 1)
            held.execute("COMMIT")
            held.close()
            answer = added.result()
        self.assertEqual(answer.status, 202, str(answer))
        self.assertEqual(answer.document["collection"], "slow")

    def test_what_does_not_fit_is_refused(self):
        server = self.serve(self.indexed(2))
        for body in [{}, {"kind": "none"}, {"kind": 5}, {"kind": "index", "more": 1},
                     {"kind": "map", "method": "none"}, {"kind": "index", "index": "tree"},
                     {"kind": "index", "index": ""}, {"kind": "index", "index": 1},
                     {"kind": "index", "space": ["x"]}]:
            answer = server.post("/v1/collections/pictures/jobs", body)
            self.check_problem(answer, 400, "invalid_argument")
        self.assertEqual(server.get("/v1/jobs").document["jobs"], [])
        self.check_problem(server.post("/v1/collections/none/jobs", {"kind": "verify"}), 404)
        for target in ["/v1/jobs/1", "/v1/jobs/0", "/v1/jobs/x", "/v1/jobs/-1",
                       "/v1/jobs/18446744073709551616"]:
            self.check_problem(server.get(target), 404)
            self.check_problem(server.ask("DELETE", target), 404)
        job = self.start(server, "verify")
        server.wait_for_job(job)
        for action in ["pause", "resume", "retry", "cancel"]:
            answer = self.change(server, job, action)
            self.check_problem(answer, 409, "conflict")
        self.check_problem(server.ask("PATCH", f"/v1/jobs/{job}", {"action": "nonsense"}), 400)
        self.check_problem(server.ask("PATCH", f"/v1/jobs/{job}", {"action": "pause", "more": 1}), 400)

    def test_work_is_paused_goes_on_and_is_cancelled_while_searches_are_answered(self):
        folder = self.indexed(6)
        self.large_pictures(900)
        server = self.serve(folder)
        job = self.start(server)
        server.wait_for_job(job, ("active",))
        waiting = self.start(server, "verify")
        self.assertEqual(server.get(f"/v1/jobs/{waiting}").document["state"], "waiting")
        self.assertEqual(self.change(server, waiting, "pause").document["state"], "paused")
        for _ in range(4):
            found = server.post("/v1/collections/pictures/search", {"examples": [{"id": 0}], "k": 5})
            self.assertEqual(found.status, 200, str(found))
            uploaded = server.upload("/v1/collections/pictures/search",
                                     {"examples": [{"upload": 0}], "k": 5}, png(3))
            self.assertEqual(uploaded.status, 200, str(uploaded))
        self.assertEqual(self.change(server, job, "pause").status, 200)
        paused = server.wait_for_job(job)
        self.assertEqual(paused["state"], "paused", paused)
        self.assertLess(paused["done"], 900)
        kept = server.get("/v1/collections/pictures").document["items"]
        self.assertEqual(self.change(server, job, "resume").status, 200)
        server.wait_for_job(job, ("active",))
        # Pausing and at once going on is going on.
        self.assertEqual(self.change(server, job, "pause").status, 200)
        self.assertEqual(self.change(server, job, "resume").status, 200)
        done = server.wait_for_job(job, ("done", "failed", "cancelled"))
        self.assertEqual(done["state"], "done", done)
        self.assertGreaterEqual(done["result"]["unchanged"], kept)
        self.assertEqual(server.get("/v1/collections/pictures/items?limit=1").document["total"], 906)
        self.assertEqual(self.change(server, waiting, "cancel").document["state"], "cancelled")
        self.assertEqual(self.change(server, waiting, "retry").status, 200)
        self.assertEqual(server.wait_for_job(waiting)["state"], "done")

    def test_cancelling_keeps_what_is_done(self):
        folder = self.indexed(2)
        self.large_pictures(500)
        server = self.serve(folder)
        job = self.start(server)
        server.wait_for_job(job, ("active",))
        self.assertEqual(self.change(server, job, "cancel").status, 200)
        ended = server.wait_for_job(job)
        self.assertEqual(ended["state"], "cancelled", ended)
        self.assertIsNotNone(ended["ended"])
        self.assertEqual(server.wait_for_job(self.start(server, "verify"))["result"]["damage"], [])
        self.assertEqual(server.stop(), 0)

    def test_a_comparison_is_kept_and_one_that_is_paused_goes_on(self):
        folder = self.folder / "pictures"
        for label in "ab":
            (folder / label).mkdir(parents=True)
            for i in range(30):
                (folder / label / f"{i}.png").write_bytes(png((i % 3) + (100 if label == "a" else 200)))
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder)
        job = self.start(server, "compare")
        server.wait_for_job(job, ("active", "done"))
        server.ask("PATCH", f"/v1/jobs/{job}", {"action": "pause"})
        state = server.wait_for_job(job)["state"]
        self.assertIn(state, ("paused", "done"))
        if state == "paused":
            self.assertEqual(self.change(server, job, "resume").status, 200)
        done = server.wait_for_job(job, ("done", "failed", "cancelled"))
        self.assertEqual(done["state"], "done", done)
        answer = server.get("/v1/collections/pictures/scores")
        scores = self.check_answer(answer, "GET", "/v1/collections/{c}/scores")
        self.assertEqual(len(scores["rows"]), done["result"]["compared"])
        names = {each["name"] for each in scores["measures"]}
        for row in scores["rows"]:
            self.assertLessEqual(set(row["values"]), names)
        shown = scores["queries"]
        for values in shown["scores"].values():
            self.assertEqual(len(values), len(shown["ids"]))

    def test_without_labels_no_comparison_begins(self):
        (self.folder / "flat").mkdir()
        (self.folder / "one" / "kind").mkdir(parents=True)
        for i in range(6):
            (self.folder / "flat" / f"{i}.png").write_bytes(png(i))
            (self.folder / "one" / "kind" / f"{i}.png").write_bytes(png(i))
        for name, says in (("flat", "no picture has a label"), ("one", "all pictures are of one class")):
            self.json("index", self.folder / name, "--encoder", "tiny")
            server = self.serve(self.folder / name)
            answer = server.ask("POST", f"/v1/collections/{name}/jobs", {"kind": "compare"})
            problem = self.check_answer(answer, "POST", "/v1/collections/{c}/jobs")
            self.assertEqual((answer.status, problem["code"]), (400, "invalid_argument"))
            self.assertIn(says, problem["detail"])
            self.assertNotIn("--", problem["detail"])
            self.assertEqual(json.loads(server.get("/v1/jobs").body)["jobs"], [])
            self.assertEqual(len(json.loads(server.get(f"/v1/collections/{name}").body)["spaces"]), 1)

    def test_a_comparison_has_one_total(self):
        folder = self.folder / "pictures"
        for label in "ab":
            (folder / label).mkdir(parents=True)
            for i in range(30):
                (folder / label / f"{i}.png").write_bytes(png((i % 3) + (100 if label == "a" else 200)))
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder)
        events = Events(server)
        job = self.start(server, "compare")
        self.assertEqual(server.wait_for_job(job, ("done", "failed"))["state"], "done")
        told = events.wait(lambda all: any(data["state"] == "done" for _, _, data in all))
        steps = [data for _, _, data in told if data["id"] == job and data["total"] > 0]
        self.assertEqual(len({data["total"] for data in steps}), 1, steps)
        self.assertGreater(len({data["done"] for data in steps}), 3)
        self.assertEqual([data["done"] for data in steps], sorted(data["done"] for data in steps))

    def test_spaces_are_adopted_and_removed(self):
        folder = self.indexed(4)
        self.add_encoder("other")
        self.json("-C", folder, "index", "--encoder", "other")
        server = self.serve(folder)
        root = "/v1/collections/pictures"
        spaces = {each["name"]: each["is_default"] for each in server.get(root).document["spaces"]}
        default = next(name for name, is_default in spaces.items() if is_default)
        second = next(name for name in spaces if name != default)
        answer = server.ask("PATCH", f"{root}/spaces/{second}", {"is_default": True})
        found = self.check_answer(answer, "PATCH", "/v1/collections/{c}/spaces/{s}")
        self.assertEqual([each["name"] for each in found["spaces"] if each["is_default"]], [second])
        self.assertEqual(server.post(root + "/search", {"examples": [{"id": 0}]}).document["space"], second)
        for body in [{}, {"is_default": False}, {"is_default": 1}, {"is_default": True, "more": 1}]:
            self.check_problem(server.ask("PATCH", f"{root}/spaces/{default}", body), 400)
        self.check_problem(server.ask("PATCH", f"{root}/spaces/none", {"is_default": True}), 404)
        self.check_problem(server.ask("DELETE", f"{root}/spaces/none"), 404)
        self.check_problem(server.ask("DELETE", f"{root}/spaces/{second}"), 409, "conflict")
        answer = server.ask("DELETE", f"{root}/spaces/{default}")
        found = self.check_answer(answer, "DELETE", "/v1/collections/{c}/spaces/{s}")
        self.assertEqual([each["name"] for each in found["spaces"]], [second])
        self.check_problem(server.post(root + "/search", {"examples": [{"id": 0}], "space": default}), 404)

    def test_streams_end_when_the_server_does(self):
        server = self.serve(self.indexed(2))
        streams = [self.events(server) for _ in range(10)]
        self.assertEqual(server.stop(), 0)
        for each in streams:
            each.wait(lambda _: False)
            self.assertTrue(each.ended)


if __name__ == "__main__":
    support.main()
