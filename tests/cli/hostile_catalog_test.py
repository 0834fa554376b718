"""Catalogs made to harm (tests/support/hostile_catalogs.py) under every verb: an answer or an error in
time, nothing outside the collection read, changed or removed, nothing but text on the terminal."""

import http.client
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess

import support

_spec = importlib.util.spec_from_file_location(
    "hostile_catalogs", pathlib.Path(__file__).parent.parent / "support/hostile_catalogs.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

SECRET = b"what nobody but its owner may read"
READING = [["status"], ["verify"], ["search", "id:0", "--sheet", "OUT/sheet.png"], ["search", "id:2", "--paths"],
           ["export", "OUT/x.npy"], ["map", "--method", "pca", "--thumbs", "--out", "OUT/map.svg"], ["spaces"],
           ["snapshot", "OUT/a.snap"], ["search", "id:1", "--where", "width > 0"], ["doctor", "--names"],
           ["eval", "--labels", "../labels.csv"], ["bench", "--queries", "2"],
           ["embed", "p0.png", "--space", "tiny", "--out", "OUT/x.npy"],
           ["playground", "export", "OUT/files", "--labels", "../labels.csv"], ["restore", "../a.snapshot", "."]]
WRITING = [["index"], ["compact"], ["repair"], ["spaces", "default", "other"], ["spaces", "remove", "third"],
           ["import", "../rows.npy", "--space", "given"], ["map", "--update", "--space", "tiny", "--method", "pca"],
           ["compare", "--labels", "../labels.csv", "--layers", "stage1", "--no-baselines"]]
# They open no collection.
OTHERS = {"models", "models list", "models show", "models get", "models add", "layers", "playground replay",
          "completion", "man"}
SERVED = 8  # in the gate a server is tried with each kind that leads elsewhere, and with one of so many others
# Kinds refused as they are opened, before anything of them is run.
REFUSED = re.compile("view|trigger|generated|index_on|partial|one_more|many_tables|statistics|constraint|"
                     "default_that|collation|not_strict|definition|two_tables|without_a_page|table_behind|table_on|version|"
                     "journal_that")


class HostileCatalogs(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.whole = cls.base / "whole"
        pictures = cls.whole / "pictures"
        pictures.mkdir(parents=True)
        for i in range(8):
            (pictures / f"p{i}.png").write_bytes(support.png(i))
        for words in (["index", "--encoder", "tiny"], ["index", "--pca", "2", "--space", "other"],
                      ["index", "--pca", "3", "--space", "third"],
                      ["map", "--method", "pca"], ["snapshot", "../a.snapshot"]):
            done = cls.run_raw("-C", pictures, "--json", *words)
            assert done.code == 0, str(done)
        (cls.whole / "victim.txt").write_bytes(SECRET)
        (cls.whole / "rows.npy").write_bytes(support.npy([[1.0, 2.0], [3.0, 4.0]]))
        (cls.whole / "labels.csv").write_text("".join(f"p{i}.png,{'ab'[i % 2]}\n" for i in range(8)))

    def made(self, kind):
        """A copy of the collection, changed; returns the folder of pictures."""
        place = self.folder / kind
        shutil.copytree(self.whole, place)
        hostile.KINDS[kind](place / "pictures/.alike")
        return place / "pictures"

    def outside(self, pictures):
        """All that lies around the collection, and in it."""
        return {str(path): path.read_bytes() for path in [pictures.parent / "victim.txt",
                                                          *pictures.glob("*.png")]}

    def check(self, kind, pictures, words):
        out = pictures.parent / "out"
        out.mkdir(exist_ok=True)
        before = self.outside(pictures)
        words = [word.replace("OUT", str(out)) for word in words]
        result = self.run_raw("-C", pictures, "--json", *words, cwd=pictures.parent)
        what = f"{kind}: {result}"
        self.assertIn(result.code, (0, 1, 2), what)
        json.loads(result.out)
        self.assertNotIn(b"\x1b", result.out + result.err, what)
        self.assertNotIn(SECRET, result.out + result.err, what)
        self.assertEqual(self.outside(pictures), before, what)
        for made in out.rglob("*"):
            self.assertNotIn(SECRET, made.read_bytes() if made.is_file() else b"", what)
        shutil.rmtree(out)
        return result

    def test_every_verb_is_tried_and_does_its_work_with_a_sound_catalog(self):
        found = support.verbs_in(READING + WRITING + [["serve"]], self.verbs())
        self.assertEqual(found | OTHERS, self.verbs(), "a verb is not tried here")
        pictures = shutil.copytree(self.whole, self.folder / "sound") / "pictures"
        for words in READING + WRITING:
            if words[0] != "restore":  # there is a collection already
                result = self.check("sound", pictures, words)
                self.assertEqual(result.code, 0, str(result))

    def test_are_answered_or_refused_by_every_verb(self):
        for at, kind in enumerate(sorted(hostile.KINDS)):
            verbs = READING + WRITING if support.DEEP else [READING[at % len(READING)], WRITING[at % len(WRITING)]]
            with self.subTest(kind=kind):
                pictures = self.made(kind)
                for words in verbs:
                    result = self.check(kind, pictures, words)
                    if not REFUSED.search(kind) or words[0] in ("repair", "restore"):
                        continue
                    if words[0] == "doctor":
                        self.assertIn("error", result.document["collection"], f"{kind}: {result}")
                    else:
                        self.assertEqual(result.code, 1, f"{kind}: {result}")
                shutil.rmtree(pictures.parent)

    def served(self, pictures):
        """A server of the collection, and a function that asks it; nothing if it refuses to start."""
        server = self.start("--json", "serve", "--port", "0", pictures)
        line = server.stdout.readline()
        if b'"url"' not in line:
            self.assertIn("error", json.loads(line + server.stdout.read()))
            self.assertEqual(server.wait(support.SECONDS), 1)
            return server, None
        port = int(re.search(r":(\d+)/", json.loads(line)["url"]).group(1))

        def get(target):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=support.SECONDS)
            connection.request("GET", target)
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            self.assertNotIn(SECRET, body)
            return answer.status, body

        return server, get

    def check_pictures(self, kind, get, at):
        """Pictures that a kind of catalog has elsewhere are not given out."""
        for target in ("image", "thumbnail"):
            status, body = get(f"{at}/items/1/{target}")
            self.assertNotEqual(status // 100, 2, f"{kind}: {body[:200]}")
            self.assertIn("detail", json.loads(body))
            if kind.startswith("pictures_"):
                self.assertEqual((status, json.loads(body)["code"]), (403, "untrusted"), kind)
                self.assertIn("--trust", json.loads(body)["remedy"]["arguments"])

    def test_do_not_let_a_server_give_out_what_is_outside(self):
        for i, kind in enumerate(sorted(hostile.KINDS)):
            elsewhere = kind.startswith(("item_", "pictures_"))
            if not (elsewhere or support.DEEP or i % SERVED == 0):
                continue
            with self.subTest(kind=kind):
                pictures = self.made(kind)
                server, get = self.served(pictures)
                if get:
                    at = "/v1/collections/" + json.loads(get("/v1/collections")[1])["collections"][0]["id"]
                    if elsewhere:
                        self.check_pictures(kind, get, at)
                    for target in ("", "/items", "/items/1", "/items/1/thumbnail", "/scores", "/labels", "/skipped",
                                   "/maps/tiny.pca"):
                        status, body = get(at + target)
                        if status // 100 != 2:
                            self.assertIn("detail", json.loads(body), f"{kind}: {target}")
                    self.assertEqual(get("/healthz")[0], 200)
                server.kill()
                server.wait()
                shutil.rmtree(pictures.parent)


class Trust(support.TestCase):

    def test_is_asked_for_once_for_pictures_elsewhere(self):
        folder = self.indexed(4)
        elsewhere = self.pictures(4, where="elsewhere")
        hostile.change(folder / ".alike", ("UPDATE settings SET value = ? WHERE key = 'pictures'",
                                           (str(elsewhere),)))
        self.assertEqual(len(self.json("-C", folder, "search", "id:0")["results"]), 3)
        for words in (["search", "id:0", "--paths"], ["search", "id:0", "--sheet", self.folder / "s.png"],
                      ["index"], ["map", "--method", "pca", "--thumbs", "--out", self.folder / "m.svg"]):
            error = self.json("-C", folder, *words, code=1)["error"]["message"]
            self.assertIn(f"to allow it once, if you trust it: alike status --collection {folder / '.alike'} --trust", error)
        result = self.run_raw("-C", folder.parent, "--collection", f"{folder.name}/.alike", "index",
                              cwd=folder.parent.parent)
        self.assertEqual(result.code, 1, str(result))
        command = result.errors.split("to allow it once, if you trust it: ", 1)[1].strip()
        path = f"{pathlib.Path(support.PROGRAM).parent}:{os.environ['PATH']}"
        subprocess.run(["bash", "-c", command], check=True, cwd="/", capture_output=True,
                       env={**self.environment, "PATH": path})
        self.alike("-C", folder, "search", "id:0", "--paths")
        self.assertEqual(self.json("-C", folder, "index")["unchanged"], 4)

    def test_is_there_for_a_collection_of_ones_own(self):
        pictures = self.pictures(4)
        where = ["--collection", self.folder / "c.alike"]
        self.json(*where, "index", pictures, "--encoder", "tiny")
        self.alike(*where, "search", "id:0", "--paths")
        self.json(*where, "snapshot", self.folder / "c.snap")
        self.json("--collection", self.folder / "d.alike", "restore", self.folder / "c.snap", pictures)
        self.alike("--collection", self.folder / "d.alike", "search", "id:0", "--paths")


if __name__ == "__main__":
    support.main()
