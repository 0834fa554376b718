"""GIF, BMP, TIFF, HEIC and AVIF over HTTP: shown, given out or turned into a JPEG, uploaded."""

import pathlib
import sys

import support

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import format_pictures

TYPES = {"gif": "image/gif", "bmp": "image/bmp", "avif": "image/avif"}  # which browsers show
QUERY = {"examples": [{"upload": 0}]}


class Formats(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = format_pictures.pictures()
        cls.built = format_pictures.built(cls.run_raw("--json", "doctor").document["versions"]["codecs"])

    def served(self, *words):
        folder = self.pictures(2)
        for name in self.built:
            (folder / f"picture.{name}").write_bytes(self.data[name])
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder, *words)
        items = server.get("/v1/collections/pictures/items").document["items"]
        return server, {each["path"]: f"/v1/collections/pictures/items/{each['id']}" for each in items}

    def test_files_that_browsers_show_are_given_out(self):
        server, places = self.served()
        for name in set(self.built) & set(TYPES):
            answer = server.get(places[f"picture.{name}"] + "/image")
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, TYPES[name]))
            self.assertEqual(answer.body, self.data[name])

    def test_others_are_turned_into_a_jpeg(self):
        server, places = self.served()
        for name in set(self.built) - set(TYPES):
            place = places[f"picture.{name}"]
            answer = server.get(place + "/image")
            self.assertEqual((answer.status, answer.body), (302, b""))
            self.assertEqual(answer.headers["location"], "thumbnail?size=4096")
            answer = server.get(f"{place}/{answer.headers['location']}")
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "image/jpeg"))
            self.assertEqual(answer.body[:3], b"\xff\xd8\xff")

    def test_each_has_thumbnails_and_is_taken_as_an_upload(self):
        for words in [(), ("--no-isolate",)]:
            server, places = self.served(*words)
            for name in self.built:
                with self.subTest(name=name, words=words):
                    answer = server.get(places[f"picture.{name}"] + "/thumbnail?size=64")
                    self.assertEqual(answer.body[:3], b"\xff\xd8\xff")
                    found = server.upload("/v1/collections/pictures/search", QUERY, self.data[name])
                    self.assertEqual(found.status, 200)
                    self.assertIn(f"picture.{name}", [each["item"]["path"] for each in found.document["results"][:2]])
            server.stop()


support.main()
