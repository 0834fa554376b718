"""Bad files in a folder of pictures: each is passed over with a reason, and the work goes on."""

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import support


class BadInput(support.TestCase):

    def index(self, folder, *words, **options):
        """Indexes; returns the document and path → reason of skipped files."""
        done = self.json("index", folder, "--encoder", "tiny", *words, **options)
        return done, {each["path"]: each["reason"] for each in done["skipped"]}

    def test_files_that_are_no_whole_pictures(self):
        folder = self.pictures(2)
        whole = support.png(5)
        jpeg = (self.samples / "picture.jpg").read_bytes()
        scan = jpeg.rindex(b"\xff\xda")
        files = {
            "empty.png": b"", "empty.jpg": b"", "short.png": whole[:20],
            "half.png": whole[:len(whole) // 2], "half.jpg": jpeg[:len(jpeg) // 2],
            "half.webp": support.WEBP[:25], "random.jpg": random.Random(1).randbytes(5000),
            "random-body.png": whole[:60] + random.Random(2).randbytes(5000),
            "text.png": b"I am only called a picture", "gif.gif": b"GIF89a" + bytes(50),
            "huge.png": support.png_head(60000, 60000) + support.chunk(b"IDAT", b"x" * 100) +
            support.chunk(b"IEND", b""),
            "scans.jpg": jpeg[:-2] + jpeg[scan:-2] * 10_000 + jpeg[-2:],
            "zero.png": support.png_head(0, 10) + support.chunk(b"IDAT", b"x"),
        }
        for name, data in files.items():
            (folder / name).write_bytes(data)
        done, skipped = self.index(folder)
        self.assertEqual(done["added"], 2)
        self.assertEqual(set(skipped), set(files))
        for reason in skipped.values():
            self.assertGreater(len(reason), 10)
        self.assertIn("60000", skipped["huge.png"].replace(",", "").replace(" ", ""))
        self.assertIn("scans", skipped["scans.jpg"])
        # They are reported again next time, and by status; mended ones are taken.
        (folder / "half.png").write_bytes(whole)
        done, again = self.index(folder)
        self.assertEqual((done["added"], done["unchanged"]), (1, 2))
        self.assertEqual(again, {key: value for key, value in skipped.items() if key != "half.png"})
        self.assertEqual(self.json("-C", folder, "status")["skipped"], len(files) - 1)
        self.assertEqual(self.json("-C", folder, "verify")["damage"], [])
        # The message names the first ones and where to find the others.
        text = self.alike("index", folder).text
        self.assertIn("skipped empty.jpg: ", text)
        self.assertIn("alike status --skipped", text)

    def test_content_decides_and_not_the_name(self):
        folder = self.pictures(0)
        (folder / "png-inside.jpg").write_bytes(support.png(1))
        (folder / "jpeg-inside.png").write_bytes((self.samples / "picture.jpg").read_bytes())
        (folder / "no-ending").write_bytes(support.png(2))
        (folder / "webp-inside.txt").write_bytes(support.WEBP)
        (folder / "notes.txt").write_bytes(b"notes")
        done, skipped = self.index(folder)
        self.assertEqual((done["added"], done["ignored"], skipped), (4, 1, {}))

    def test_names_of_any_bytes(self):
        folder = self.pictures(0)
        names = [b"new\nline.png", b"quote'\".png", b"\xff\xfe invalid.png", b"tab\t.png",
                 b"-dash.png", b"+plus.png", "größe 図.png".encode(), b"back\\slash.png", b"%41?#.png",
                 b"\x1b[31mred.png", b"id:7.png", b"a" * 251 + b".png"]
        for i, name in enumerate(names):
            with open(os.fsencode(folder) + b"/" + name, "wb") as file:
                file.write(support.png(i))
        with open(os.fsencode(folder) + b"/bad \xe9\n.png", "wb") as file:
            file.write(b"broken")
        done, skipped = self.index(folder)
        self.assertEqual(done["added"], len(names))
        self.assertEqual(list(skipped), ["bad \ufffd\n.png"])
        result = self.alike("-C", folder, "search", os.fsencode(folder) + b"/" + names[0], "-k",
                            "100", "-0")
        found = result.out.split(b"\0")
        self.assertEqual(found[0], os.fsencode(folder) + b"/" + names[0])
        self.assertEqual(set(found), {os.fsencode(folder) + b"/" + name for name in names} | {b""})
        # A table is for the eye: nothing in a name reaches the terminal as a command.
        table = self.alike("-C", folder, "search", "./-dash.png", "-k", "100").out
        self.assertNotIn(b"\x1b", table)
        self.assertEqual(table.count(b"\n"), len(names) + 1)
        table.decode()
        self.assertEqual(self.json("-C", folder, "search", b"\xff\xfe invalid.png", "-k", "1")
                         ["results"][0]["path"], "\ufffd\ufffd invalid.png")
        text = self.alike("-C", folder, "search", "./+plus.png", "-k", "99", "--preview", "--sheet",
                          self.folder / "sheet.png").text
        self.assertNotIn("\x1b[31m", text)
        self.assertEqual(self.json("index", folder)["unchanged"], len(names))

    def test_symbolic_links(self):
        folder = self.pictures(1)
        (folder / "self.png").symlink_to("self.png")
        (folder / "a").symlink_to("b")
        (folder / "b").symlink_to("a")
        (folder / "up").symlink_to("..")
        (folder / "nothing.jpg").symlink_to("nowhere")
        (folder / "good.png").symlink_to("p0000.png")
        os.mkfifo(folder / "pipe.png")
        done, skipped = self.index(folder)
        self.assertEqual(done["added"], 2)
        self.assertEqual(set(skipped), {"self.png", "a", "b", "up", "nothing.jpg", "pipe.png"})
        self.assertIn("leads back to itself", skipped["self.png"])
        self.assertIn("index that folder itself", skipped["up"])

    def test_what_must_not_be_read(self):
        limited = self.limited()
        folder = self.pictures(2)
        (folder / "secret").mkdir()
        (folder / "secret" / "inside.png").write_bytes(support.png(9))
        self.addCleanup((folder / "secret").chmod, 0o755)
        done, skipped = self.index(folder, **limited)
        self.assertEqual((done["added"], skipped), (3, {}))
        (folder / "secret").chmod(0)
        (folder / "locked.png").write_bytes(support.png(8))
        (folder / "locked.png").chmod(0)
        done, skipped = self.index(folder, **limited)
        self.assertEqual(set(skipped), {"secret", "locked.png"})
        for reason in skipped.values():
            self.assertIn("Permission denied", reason)
        # An unreadable file has not vanished.
        self.assertEqual((done["removed"], done["unchanged"]), (0, 2))
        (folder / "secret").chmod(0o755)
        done, skipped = self.index(folder, **limited)
        self.assertEqual((done["unchanged"], set(skipped)), (3, {"locked.png"}))

    def test_a_folder_that_must_not_be_written(self):
        limited = self.limited()
        folder = self.pictures(3)
        folder.chmod(0o555)
        self.addCleanup(folder.chmod, 0o755)
        error = self.json("index", folder, "--encoder", "tiny", code=1, **limited)["error"]
        self.assertEqual(error["code"], "io")
        self.assertIn("--collection", error["message"])
        done = self.json("--collection", "away", "index", folder, "--encoder", "tiny", **limited)
        self.assertEqual(done["added"], 3)

    def test_a_collection_that_must_not_be_written_can_be_searched(self):
        limited = self.limited()
        folder = self.indexed(3)
        for path in [*(folder / ".alike").rglob("*"), folder / ".alike", folder]:
            path.chmod(0o555 if path.is_dir() else 0o444)
            self.addCleanup(path.chmod, 0o755)
        where = ["-C", folder]
        found = self.json(*where, "search", "p0000.png", **limited)["results"]
        self.assertEqual(len(found), 3)
        self.assertEqual(self.json(*where, "status", **limited)["items"], 3)
        self.assertEqual(self.json(*where, "verify", **limited)["damage"], [])
        self.json(*where, "snapshot", self.folder / "all.alike", **limited)
        for verb in ["index", "compact", "repair"]:
            error = self.json(*where, verb, code=1, **limited)["error"]
            self.assertEqual(error["code"], "io", error)
        error = self.json(*where, "index", code=1, **limited)["error"]
        self.assertIn("--collection", error["message"])

    def test_a_file_that_changes_and_one_that_goes_while_it_is_read(self):
        folder = self.pictures(3)
        first, last = folder / "p0000.png", folder / "p0002.png"
        file = open(first, "r+b")
        self.addCleanup(file.close)
        breaks = []

        def take_lease():
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)

        def on_open(signum, frame):
            # The program waits in open() until the lease is given back.
            breaks.append(signum)
            if len(breaks) == 2:  # the first one only looked at the first bytes
                file.seek(0)
                file.write(support.png(77))
                file.truncate()
                file.flush()
                last.unlink()
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)

        old = signal.signal(signal.SIGIO, on_open)
        self.addCleanup(signal.signal, signal.SIGIO, old)
        try:
            take_lease()
        except OSError as error:
            self.skipTest(f"there are no leases in this file system: {error}")
        process = self.start("--json", "--threads", "1", "index", folder, "--encoder", "tiny")
        while process.poll() is None and len(breaks) < 2:
            try:
                if len(breaks) == 1:
                    take_lease()
                    while process.poll() is None and len(breaks) < 2:
                        time.sleep(0.01)
            except OSError:  # it is still open there
                pass
        out, err = process.communicate(timeout=support.SECONDS)
        self.assertEqual(process.returncode, 0, err)
        if len(breaks) < 2:
            self.skipTest("the file was read before the lease could be taken again")
        done = json.loads(out)
        self.assertEqual(done["added"], 1)
        skipped = {each["path"]: each["reason"] for each in done["skipped"]}
        self.assertIn("changed while it was read", skipped["p0000.png"])
        self.assertIn("deleted while", skipped["p0002.png"])
        self.assertEqual(set(skipped), {"p0000.png", "p0002.png"})
        done, skipped = self.index(folder)
        self.assertEqual((done["added"], done["unchanged"], skipped), (1, 1, {}))


@unittest.skipUnless(os.geteuid() == 0, "only root can make a small disk")
class FullDisk(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_encoder("open", "open.onnx", "--size", "128")

    def test_what_was_acknowledged_stays_and_the_next_run_goes_on(self):
        disk = self.small_disk("3m")
        folder = self.pictures(120)
        words = ["--collection", disk / "c", "index", folder, "--encoder", "open", "--layer", "relu1",
                 "--pooling", "none"]  # 64 KiB a row
        error = self.json(*words, code=1)["error"]
        self.assertEqual(error["code"], "no_space")
        self.assertIn("free some space", error["message"])
        status = self.json("--collection", disk / "c", "status")
        kept = status["items"]
        self.assertTrue(0 < kept < 120, kept)
        self.assertEqual(status["spaces"][0]["rows"], kept)
        self.assertEqual(self.json("--collection", disk / "c", "verify")["damage"], [])
        self.assertEqual(self.json(*words, code=1)["error"]["code"], "no_space")
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        done = self.json(*words)
        self.assertEqual((done["added"] + done["unchanged"], done["skipped"]), (120, []))
        self.assertGreaterEqual(done["unchanged"], kept)
        verified = self.json("--collection", disk / "c", "verify")
        self.assertEqual((verified["items"], verified["rows"], verified["damage"]), (120, 120, []))

    def test_an_index_that_does_not_fit_leaves_the_one_that_answers(self):
        disk = self.small_disk("64m")
        where = ["--collection", disk / "c"]
        self.json(*where, "index", self.pictures(120), "--encoder", "open", "--layer", "relu1",
                  "--pooling", "none", "--index", "coded")  # 64 KiB a row
        before = self.json(*where, "search", "id:1")
        self.assertEqual(before["index"], "coded")
        (disk / "rest").write_bytes(bytes(shutil.disk_usage(disk).free - (1 << 20)))
        error = self.json(*where, "index", "--index", "graph", code=1)["error"]
        self.assertEqual(error["code"], "no_space")
        self.assertIn("free some space", error["message"])
        after = self.json(*where, "search", "id:1")
        self.assertEqual((after["index"], after["results"]), ("coded", before["results"]))
        self.assertEqual(self.json(*where, "verify")["damage"], [])
        (disk / "rest").unlink()
        self.assertEqual(self.json(*where, "index")["index"], {"coded": 0, "linked": 120, "removed": 1})
        self.assertEqual(self.json(*where, "search", "id:1")["index"], "graph")

    def test_an_array_that_does_not_fit_leaves_what_was_there(self):
        disk = self.small_disk("64k")
        folder = self.pictures(2)
        words = ["embed", folder, "--encoder", "open", "--layer", "relu1", "--out", disk / "x.npy"]
        self.json(*words)
        before = (disk / "x.npy").read_bytes()
        words += ["--pooling", "none"]  # 64 KiB a row
        self.assertEqual(self.json(*words, code=1)["error"]["code"], "no_space")
        self.assertEqual((disk / "x.npy").read_bytes(), before)


if __name__ == "__main__":
    support.main()
