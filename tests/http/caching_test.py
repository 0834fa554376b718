"""Caching, ranges and compression of what the server sends."""

import gzip

import served
import support
from support import png


class Caching(served.Served):

    def test_a_head_is_a_get_without_a_body(self):
        image = f"{self.root}/items/0/image"
        for target in ["/", "/healthz", "/v1/collections", self.root + "/items", image, "/nothing"]:
            get, head = self.server.get(target), self.server.ask("HEAD", target)
            self.assertEqual((get.status, head.body), (head.status, b""))
            self.assertEqual(get.headers["content-type"], head.headers["content-type"])
            if target != "/nothing":  # that names the request
                self.assertEqual(len(get.body), int(head.headers["content-length"]))

    def test_what_is_known_is_not_sent_again(self):
        for target in ["/", "/v1/openapi.json", self.root + "/items/0/image",
                       self.root + "/items/0/thumbnail?size=64"]:
            first = self.server.get(target)
            tag = first.headers["etag"]
            self.assertRegex(tag, r'^"[^"]+"$')
            for known in [tag, f'"other", {tag}', "*", f"W/{tag}"]:
                again = self.server.get(target, If_None_Match=known)
                self.assertEqual((again.status, again.body), (304, b""), target)
                self.assertEqual(again.headers["etag"], tag)
            self.assertEqual(self.server.get(target, If_None_Match='"other"').body, first.body)

    def test_a_file_that_has_changed_has_another_tag(self):
        folder = self.indexed(1)
        server = self.serve(folder)
        target = "/v1/collections/pictures/items/0/image"
        tag = server.get(target).headers["etag"]
        (folder / "p0000.png").write_bytes(png(5))
        again = server.get(target, If_None_Match=tag)
        self.assertEqual((again.status, again.body), (200, png(5)))

    def test_ranges(self):
        target = f"{self.root}/items/{self.ids['photo.jpg']}/image"
        answer = self.server.get(target)
        whole, tag, size = answer.body, answer.headers["etag"], len(answer.body)
        self.assertEqual(whole, (self.photos / "photo.jpg").read_bytes())
        self.assertEqual(answer.headers["content-type"], "image/jpeg")
        self.assertEqual(answer.headers["accept-ranges"], "bytes")
        for text, begin, end in [("0-0", 0, 1), ("0-99", 0, 100), ("10-", 10, size), ("-5", size - 5, size),
                                 (f"-{size + 100}", 0, size), (f"5-{size + 100}", 5, size),
                                 (f"{size - 1}-", size - 1, size)]:
            part = self.server.get(target, Range=f"bytes={text}")
            self.assertEqual((part.status, part.body), (206, whole[begin:end]), text)
            self.assertEqual(part.headers["content-range"], f"bytes {begin}-{end - 1}/{size}")
        for text in [f"{size}-", "-0", "99999999999-"]:
            part = self.server.get(target, Range=f"bytes={text}")
            self.check_problem(part, 416, "range")
            self.assertEqual(part.headers["content-range"], f"bytes */{size}")
        for text in ["bytes=", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=0-1,5-6",
                     "bytes=99999999999999999999-",
                     "bytes=--5", "bytes=0x0-1"]:
            part = self.server.get(target, Range=text)
            self.assertEqual((part.status, part.body), (200, whole), text)
        self.assertEqual(self.server.get(target, Range="bytes=0-9", If_Range=tag).status, 206)
        part = self.server.get(target, Range="bytes=0-9", If_Range='"old"')
        self.assertEqual((part.status, part.body), (200, whole))

    def test_thumbnails_are_small_upright_jpegs(self):
        for size in [64, 256, 512, 1024]:
            answer = self.server.get(f"{self.root}/items/{self.ids['photo.jpg']}/thumbnail?size={size}")
            self.check_answer(answer, "GET", "/v1/collections/{c}/items/{id}/thumbnail")
            self.assertEqual(answer.body[:3], b"\xff\xd8\xff")
        self.assertEqual(self.server.get(self.root + "/items/0/thumbnail").body,
                         self.server.get(self.root + "/items/0/thumbnail?size=256").body)

    def test_the_page_is_compressed_where_it_pays(self):
        plain, packed = self.server.get("/"), self.server.get("/", Accept_Encoding="br, gzip")
        self.assertIn("text/html", plain.headers["content-type"])
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertNotEqual(packed.headers["etag"], plain.headers["etag"])
        self.assertIn("accept-encoding", packed.headers["vary"])


if __name__ == "__main__":
    support.main()
