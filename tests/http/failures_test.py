"""Failures of the server itself: the problem sent, and the line of its log."""

import json
import os
import pty
import shutil
import socket
import subprocess
import time

import support
from support import cli, png

ROOT = "/v1/collections/pictures"


class Failures(support.TestCase):

    def lines(self, server):
        """The failures in the log so far."""
        found = [json.loads(line) for line in list(server.log) if line.startswith(b"{")]
        return [line for line in found if line.get("level") == "error"]

    def line_of(self, server, request):
        until = time.monotonic() + support.SECONDS
        while time.monotonic() < until:
            for line in self.lines(server):
                if line.get("request") == request:
                    return line
            time.sleep(0.01)
        self.fail(f"no line of request {request}: {server.log}")

    def damage_rows(self, folder):
        for path in (folder / ".alike/spaces").rglob("vectors-*"):
            data = bytearray(path.read_bytes())
            data[-4] ^= 0x55
            path.with_name("new").write_bytes(data)
            path.with_name("new").rename(path)

    def test_a_damaged_collection_is_the_servers_fault_and_is_logged(self):
        folder = self.indexed(4)
        self.damage_rows(folder)
        server = self.serve(folder)
        answers = [server.post(ROOT + "/search", {"examples": [{"id": i}]}) for i in range(4)]
        failed = [each for each in answers if each.status != 200]
        self.assertTrue(failed)
        for answer in failed:
            problem = self.check_problem(answer, 500, "corrupt")
            self.assertEqual(problem["remedy"]["verb"], "repair")
            line = self.line_of(server, problem["request"])
            self.assertEqual((line["code"], line["status"], line["method"]), ("corrupt", 500, "POST"))
            self.assertEqual(line["route"], "/v1/collections/{c}/search")
            self.assertEqual(line["cause"], problem["detail"] + "; to mend what can be mended: alike repair")
            self.assertEqual(line["peer"], "127.0.0.1")
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        metrics = server.get("/metrics").body.decode()
        self.assertIn(f'alike_errors_total{{code="corrupt"}} {len(failed)}\n', metrics)

    def test_the_log_does_not_command_a_terminal(self):
        parent, child = pty.openpty()
        command = [cli.PROGRAM, "--json", "serve", "--port", "0", "--log", self.indexed(2)]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=child,
                                   stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(child)
        port = json.loads(process.stdout.readline())["url"].rstrip("/").rpartition(":")[2]
        for name in ["\u202egnp.exe", "\u009b1m", "\u2066e\u061c"]:
            with socket.create_connection(("127.0.0.1", int(port)), support.SECONDS) as connection:
                connection.sendall(f"GET /{name} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                                   "Connection: close\r\n\r\n".encode())
                self.assertEqual(support.statuses(support.read_all(connection)), [404])
        process.terminate()
        shown = b""
        try:
            while piece := os.read(parent, 65536):
                shown += piece
        except OSError:  # the other end is closed
            pass
        os.close(parent)
        self.assertEqual(shown.count(b'"target"'), 3, shown)
        for sign in ["\x1b", "\u202e", "\u009b", "\u2066", "\u061c"]:
            self.assertNotIn(sign.encode(), shown)
        self.assertIn(b"\\u202e", shown.lower())

    def test_a_damaged_upload_is_the_clients_fault_and_is_not(self):
        server = self.serve(self.indexed(4))
        whole = png(1, width=200, height=200)
        for query in [{"examples": [{"upload": 0}]},
                      {"examples": [{"upload": 0}], "region": [0, 0, 0.5, 0.5]}]:
            for size in [len(whole) // 2, 20]:
                answer = server.upload(ROOT + "/search", query, whole[:size])
                self.check_problem(answer, 422, "corrupt")
        server.stop()
        server.reader.join()
        self.assertEqual(self.lines(server), [])

    def fill(self, disk):
        try:
            with open(disk / "rest", "ab", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            pass
        self.assertEqual(shutil.disk_usage(disk).free, 0)

    def test_a_full_disk_is_507(self):
        disk = self.small_disk("4m")
        folder = self.pictures(4)
        shutil.copytree(folder, disk / "pictures")
        self.json("index", disk / "pictures", "--encoder", "tiny")
        server = self.serve(disk / "pictures")
        self.fill(disk)
        self.assertEqual(server.ask("PATCH", ROOT + "/spaces/tiny", {"is_default": True}).status, 200)
        wal = disk / "pictures/.alike/catalog.db-wal"
        os.truncate(wal, wal.stat().st_size)  # gives back the blocks kept for small changes
        self.fill(disk)
        full = server.ask("PATCH", ROOT + "/spaces/tiny", {"is_default": True})
        problem = self.check_problem(full, 507, "no_space")
        self.check_answer(full, "PATCH", "/v1/collections/{c}/spaces/{s}")
        self.assertIn("507", support.DESCRIPTION["paths"]["/v1/collections/{c}/spaces/{s}"]["patch"]["responses"])
        self.assertEqual(self.line_of(server, problem["request"])["code"], "no_space")
        (disk / "rest").unlink()
        self.assertEqual(server.ask("PATCH", ROOT + "/spaces/tiny", {"is_default": True}).status, 200)

    def test_a_job_that_fails_is_logged_and_a_log_can_be_a_file(self):
        folder = self.indexed(3)
        log = self.folder / "log"
        server = self.serve(folder, "--log-file", log)
        shutil.rmtree(self.base / "home/models/tiny")
        self.addCleanup(self.add_encoder, "tiny")
        self.pictures(1, start=70)
        job = server.post(ROOT + "/jobs", {"kind": "index"}).document["id"]
        self.assertEqual(server.wait_for_job(job)["state"], "failed")
        until = time.monotonic() + support.SECONDS
        while "job_failed" not in log.read_text():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        failed = [line for line in lines if line.get("code") == "job_failed"]
        self.assertEqual([line["job"] for line in failed], [job])
        self.assertIn("tiny", failed[0]["cause"])
        self.assertTrue(any(line.get("target") == ROOT + "/jobs" for line in lines))  # --log as well
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        self.assertEqual(server.log, [])
        report = self.json("-C", folder, "doctor", "--log-file", log)
        self.assertEqual([each["job"] for each in report["failures"]], [job])
        self.assertNotIn("cause", report["failures"][0])
        named = self.json("-C", folder, "doctor", "--log-file", log, "--names")
        self.assertEqual(named["failures"][0]["cause"], failed[0]["cause"])

    def test_a_report_is_written_also_where_the_collection_is_a_link(self):
        folder = self.indexed(2)
        (folder / ".alike").rename(self.folder / "elsewhere")
        os.symlink(self.folder / "elsewhere", folder / ".alike")
        report = self.json("-C", folder, "doctor")
        self.assertEqual(report["collection"], {"error": "unsupported"})
        self.assertIn("alike", report["versions"])
        named = self.json("-C", folder, "doctor", "--names")
        self.assertIn("symbolic link", named["collection"]["cause"])


if __name__ == "__main__":
    support.main()
