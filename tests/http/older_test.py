"""A server with a collection of an older format, which becomes one of this format while it is open, and with one of a
newer format."""

import shutil
import sqlite3

import support


class Older(support.TestCase):

    def test_answers_stay_the_same(self):
        old = support.ROOT / "tests/cli/version1"
        folder = self.folder / "pictures"
        (folder / "b").mkdir(parents=True)
        for i in range(12):
            if i != 3:
                (folder / ("b" if i % 3 == 0 else "") / f"{i:02}.png").write_bytes(support.png(i))
        shutil.copytree(old / "collection", folder / ".alike")
        server = self.serve(folder)
        name = server.get("/v1/collections").document["collections"][0]["id"]

        def asked():
            found = server.post(f"/v1/collections/{name}/search", {"examples": [{"id": 0}], "k": 5})
            self.assertEqual(found.status, 200, str(found))
            [collection] = server.get("/v1/collections").document["collections"]
            return ([(each["item"]["id"], each["score"]) for each in found.document["results"]], collection["maps"])

        before = asked()
        self.json("-C", folder, "spaces", "default", "wide")
        self.json("-C", folder, "spaces", "default", "tiny")
        with sqlite3.connect(folder / ".alike/catalog.db") as catalog:
            self.assertEqual(catalog.execute("PRAGMA user_version").fetchone(), (3,))
        catalog.close()
        for _ in range(20):
            self.assertEqual(asked(), before)

    def test_a_newer_format_is_named(self):
        saying = "is of format 4; this alike reads up to 3: install a newer one"
        folder = self.indexed_pictures(2)
        server = self.serve(folder)
        name = server.get("/v1/collections").document["collections"][0]["id"]
        support.cli.make_newer(folder, 4)
        [collection] = server.get("/v1/collections").document["collections"]
        self.assertIn(saying, collection["problem"])
        for answer in (server.post(f"/v1/collections/{name}/search", {"examples": [{"id": 0}], "k": 5}),
                       server.get(f"/v1/collections/{name}/items/0")):
            self.assertEqual((answer.status, answer.code), (415, "unsupported"), str(answer))
            self.assertIn(saying, answer.document["detail"])


if __name__ == "__main__":
    support.main()
