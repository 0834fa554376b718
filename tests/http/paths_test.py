"""Addresses that try to leave, links that lead out, names that are no text: nothing outside the
collection is read, and all answers are JSON."""

import json
import os
import shutil

import support
from support import png

SECRET = b"s3cret-of-this-machine"

UPS = ["../", "..\\", "%2e%2e/", "%2e%2e%2f", "..%2f", "..%5c", "%2e%2e%5c", ".%2e/", "%2e./",
       "%252e%252e/",
       "%252e%252e%252f", "..%252f", "..%c0%af", "%c0%ae%c0%ae/", "%c0%ae%c0%ae%c0%af", "..%e0%80%af",
       "..;/",
       "....//", "..././", "%uff0e%uff0e/", "..%00/", "%00../", "..%0d%0a/", "..%01/", "./.././",
       "%ef%bc%8e%ef%bc%8e/"]
TARGETS = ["secret.png", "etc/passwd"]
ABSOLUTE = ["//{folder}/secret.png", "/{folder}/secret.png", "/%2f{folder}/secret.png", "/{quoted}",
            "/%5c{folder}%5csecret.png",
            "/file:{folder}/secret.png", "/file:%2f%2f{folder}/secret.png",
            "//127.0.0.1/{folder}/secret.png",
            "/proc/self/environ", "//proc/self/cmdline", "/C:%5csecret.png", "/~root/secret.png",
            "/$HOME/secret.png",
            "/index.html/../../secret.png", "/assets/..%2f..%2fsecret.png", "/.alike/catalog.db",
            "/pictures/0.png",
            "/v1/collections/pictures/items/0/image/../../../../../secret.png", "/index.html%00.png",
            "/index.html/",
            "/.", "/..", "/%2e", "/%2e%2e", "/./", "/../", "/%", "/%2", "/%zz", "/%00", "/%ff",
            "/%ed%a0%80", "/\\"]
PLACES = ["/{}", "/assets/{}", "/v1/collections/{}", "/v1/collections/{}/items/0/image",
          "/v1/collections/pictures/items/{}/image",
          "/v1/collections/pictures/items/{}/thumbnail", "/v1/collections/pictures/maps/{}",
          "/v1/collections/pictures/maps/{}/columns/xy", "/v1/collections/pictures/maps/m/columns/{}",
          "/v1/jobs/{}",
          "/v1/encoders/{}/layers"]

NAMES = [b"<script>alert(1)</script>.png".replace(b"/", b"\xe2\x88\x95"),
         b"\"><img src=x onerror=alert(1)>.png", b"a'b.png", b'a"b.png',
         b"a\\b.png", b"a\nb.png", b"a\r\nX-Evil: 1.png", b"a\tb.png", b"a\x01b.png", b"a\x7fb.png",
         b"a\x1b[31mb.png",
         b"a\xffb.png", b"\xc0\xaf.png", b"\xed\xa0\x80.png", b"\xf4\x90\x80\x80.png",
         b"\xe2\x80\xaegnp.exe.png", b"a\xe2\x80\xa8b.png",
         b"\xef\xbb\xbfbom.png", b"a\xcc\x81.png", b"\xf0\x9f\x98\x80.png", b"%2e%2e%2fa.png", b"%00.png",
         b"%.png", b"_..a.png", b"a..png",
         b"a .png", b" a.png", b"a b.png", b"-rf.png", b"--.png", b"~.png", b"$(id).png", b"`id`.png",
         b"a;b.png", b"a|b.png", b"a&b.png",
         b"a?b.png", b"a#b.png", b"*.png", b"{{7*7}}.png", b"${7*7}.png", b"a:b.png", b"CON.png",
         b"nul.png", b"javascript:alert(1).png",
         b"</title><svg onload=alert(1)>.png".replace(b"/", b"\xe2\x88\x95"), b"' OR 1=1 --.png",
         b"a" * 240 + b".png", b"null.png", b"true.png", b"[0].png",
         b"\xe2\x80\x8b.png", b"data:,x.png"]


class Paths(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "pictures"
        cls.photos.mkdir()
        (cls.photos / "0.png").write_bytes(png(0))
        (cls.base / "secret.png").write_bytes(SECRET)
        done = cls.run_raw("--json", "index", cls.photos, "--encoder", "tiny")
        assert done.code == 0, done
        cls.server = cls.serve_for_class(cls.photos)

    def raw(self, target):
        head = b"GET " + os.fsencode(target) + f" HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nConnection: close\r\n\r\n".encode()
        return self.server.raw(head)

    def test_no_address_leaves(self):
        paths = {place.format(depth * up + end) for place in PLACES for up in UPS for depth in (1, 6)
                 for end in TARGETS}
        folder = str(self.base)
        paths |= {each.format(folder=folder, quoted=(folder + "/secret.png").replace("/", "%2f"))
                  for each in ABSOLUTE}
        self.assertGreater(len(paths), 100)
        for path in sorted(paths):
            answer = self.raw(path)
            found = support.statuses(answer)
            self.assertEqual(len(found), 1, path)
            self.assertIn(found[0], (400, 404), f"{path}: {answer[:300]}")
            self.assertNotIn(SECRET, answer)
            self.assertNotIn(b"root:x:", answer)
            self.assertNotIn(b"ALIKE_HOME=", answer)
        self.check_alive(self.server)

    def test_links_that_lead_out_are_not_followed(self):
        folder = self.pictures(4)
        outside = self.folder / "outside.png"
        outside.write_bytes(png(99))
        os.symlink(outside, folder / "linked.png")  # indexed as its target of that moment
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder)
        root = "/v1/collections/pictures"
        items = {each["path"]: each["id"] for each in server.get(root + "/items").document["items"]}
        # One becomes a link to a file of the machine, one a link to a picture, one a pipe.
        (folder / "p0000.png").unlink()
        os.symlink("/etc/passwd", folder / "p0000.png")
        (folder / "p0001.png").unlink()
        os.symlink(outside, folder / "p0001.png")
        (folder / "p0002.png").unlink()
        os.mkfifo(folder / "p0002.png")
        for name, status in [("linked.png", 404), ("p0000.png", 404), ("p0001.png", 404), ("p0002.png", 415)]:
            for what in ["image", "thumbnail", "thumbnail?size=64"]:
                answer = server.get(f"{root}/items/{items[name]}/{what}")
                self.assertEqual(answer.status, status, f"{name} {what}")
                self.check_problem(answer, answer.status)
            answer = server.post(root + "/search",
                                 {"examples": [{"id": items[name]}], "region": [0, 0, 0.5, 0.5]})
            self.assertEqual(answer.status, status, f"{name}: {answer}")
            # Its row stays.
            self.assertEqual(server.post(root + "/search", {"examples": [{"id": items[name]}]}).status, 200)
        # A link that stays inside is the picture.
        (folder / "p0003.png").rename(folder / "moved.png")
        os.symlink("moved.png", folder / "p0003.png")
        answer = server.get(f"{root}/items/{items['p0003.png']}/image")
        self.assertEqual((answer.status, answer.body), (200, png(3)))

    def test_a_folder_that_became_a_link_is_not_followed(self):
        folder = self.pictures(1)
        (folder / "sub").mkdir()
        (folder / "sub/a.png").write_bytes(png(5))
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder)
        (folder / "sub").rename(self.folder / "elsewhere")
        os.symlink(self.folder / "elsewhere", folder / "sub")
        item = next(each for each in server.get("/v1/collections/pictures/items").document["items"]
                    if each["path"] == "sub/a.png")
        self.check_problem(server.get(f"/v1/collections/pictures/items/{item['id']}/image"), 404)

    def test_files_that_are_gone_or_refused_are_problems(self):
        folder = self.indexed(6)
        root = "/v1/collections/pictures/items"
        server = self.serve(folder)
        (folder / "p0000.png").unlink()
        (folder / "p0001.png").write_bytes(b"")
        (folder / "p0002.png").write_bytes(b"no picture any more")
        (folder / "p0003.png").unlink()
        (folder / "p0003.png").mkdir()
        for i in (0, 1, 3):
            for what in ("image", "thumbnail"):
                answer = server.get(f"{root}/{i}/{what}")
                self.assertEqual(answer.status, 404, str(answer))
                self.check_problem(answer, answer.status)
        # Not given out: it begins as no picture does.
        for what in ("image", "thumbnail"):
            self.check_problem(server.get(f"{root}/2/{what}"), 415, "unsupported")
        # It begins as a picture: the page may look for itself.
        (folder / "p0004.png").write_bytes(png(4)[:60])
        answer = server.get(f"{root}/4/image")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "image/png"))
        self.check_problem(server.get(f"{root}/4/thumbnail"), 500, "corrupt")
        self.assertEqual(server.get(f"{root}/5/thumbnail").status, 200)

    def test_hostile_names_are_text(self):
        self.assertGreaterEqual(len(NAMES), 50)
        folder = self.folder / "pictures"
        folder.mkdir()
        for i, name in enumerate(NAMES):
            with open(os.fsencode(folder) + b"/" + name, "wb") as file:
                file.write(png(i))
        (folder / "<b>label").mkdir()
        (folder / "<b>label" / "x.png").write_bytes(png(999))
        with open(os.fsencode(folder) + b"/broken\n<i>\xff.png", "wb") as file:
            file.write(png(3)[:50])
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder)
        root = "/v1/collections/pictures"
        answer = server.get(root + "/items?limit=1000")
        items = self.check_answer(answer, "GET", "/v1/collections/{c}/items")["items"]
        expected = {name.decode("utf-8", "replace") for name in NAMES} | {"<b>label/x.png"}
        shown = {each["path"] for each in items}
        self.assertEqual(len(items), len(NAMES) + 1)
        for name in NAMES:
            try:
                self.assertIn(name.decode(), shown)
            except UnicodeDecodeError:
                pass  # shown with U+FFFD
        self.assertEqual(len([each for each in shown if "\ufffd" in each]),
                         len([1 for each in expected if "\ufffd" in each]))
        for each in items:
            one = server.get(f"{root}/items/{each['id']}")
            self.assertEqual(one.document["path"], each["path"])
            image = server.get(f"{root}/items/{each['id']}/image")
            self.assertEqual((image.status, image.headers["content-type"]), (200, "image/png"),
                             each["path"])
            self.assertNotIn("x-evil", image.headers)
        for target in ["/items?limit=1000", "/labels", "/skipped"]:
            answer = server.get(root + target)
            self.assertEqual(answer.headers["content-type"], "application/json")
            self.assertTrue(answer.body.decode("utf-8"))
        found = server.post(root + "/search", {"examples": [{"id": items[0]["id"]}], "k": 1000})
        self.check_answer(found, "POST", "/v1/collections/{c}/search")
        self.assertEqual(len(found.document["results"]), len(NAMES))

    def test_collections_are_added_below_the_roots_only(self):
        roots = self.folder / "allowed"
        (roots / "inside").mkdir(parents=True)
        (self.folder / "allowed-not").mkdir()
        (self.folder / "outside").mkdir()
        os.symlink(self.folder / "outside", roots / "link")
        (roots / "file").write_bytes(b"x")
        server = self.serve(self.photos, "--root", roots)
        elsewhere = ["/", "/etc", str(self.folder), str(self.folder / "outside"), str(self.folder / "allowed-not"),
                     str(roots / ".."), str(roots / "../outside"), str(roots / "link"), str(roots / "nothing"),
                     str(roots / "file"), "inside", "./inside", "", "~", "/proc/self/root", f"file://{roots}/inside"]
        no_path = ["\0", str(roots) + "\0/inside", "\ud800", "a" * 5000, 5, None, ["/"]]
        for folders, status, code in [(elsewhere, 404, "not_found"), (no_path, 400, "invalid_argument")]:
            for folder in folders:
                answer = server.ask("POST", "/v1/collections", json.dumps({"folder": folder}).encode(),
                                    {"Content-Type": "application/json"})
                with self.subTest(folder=folder):
                    self.check_problem(answer, status, code)
        self.assertEqual([each["id"] for each in server.get("/v1/collections").document["collections"]],
                         ["pictures"])
        self.assertFalse(list(self.folder.rglob(".alike")))
        answer = server.post("/v1/collections", {"folder": str(roots / "inside"), "encoder": "tiny"})
        self.check_answer(answer, "POST", "/v1/collections")
        self.assertEqual(answer.status, 202)
        self.assertEqual(server.wait_for_job(answer.document["id"])["state"], "done")

    def test_a_linked_collection_in_a_folder_that_is_added_is_not_followed(self):
        roots = self.folder / "allowed"
        (roots / "inside").mkdir(parents=True)
        other = shutil.copytree(self.photos, self.folder / "other")
        for target in [other / ".alike", self.folder / "nothing.alike"]:
            os.symlink(target, roots / "inside/.alike")
            server = self.serve(self.photos, "--root", roots)
            answer = server.post("/v1/collections", {"folder": str(roots / "inside"), "encoder": "tiny"})
            problem = self.check_problem(answer, 415, "unsupported")
            self.assertIn("symbolic link", problem["detail"])
            self.assertEqual(len(server.get("/v1/collections").document["collections"]), 1)
            (roots / "inside/.alike").unlink()
        self.assertFalse((self.folder / "nothing.alike").exists())

    def test_a_name_that_two_collections_would_have_is_told_apart(self):
        names = []
        for where in ["a", "b"]:
            (self.folder / where).mkdir()
            names.append(shutil.copytree(self.photos, self.folder / where / "My Photos!"))
        server = self.serve(*names, names[0])
        found = server.get("/v1/collections").document["collections"]
        self.assertEqual([each["id"] for each in found], ["my-photos", "my-photos-2"])


if __name__ == "__main__":
    support.main()
