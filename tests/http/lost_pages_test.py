"""A segment that is cut short under a running server, as a failing disk would have it: an error with
a remedy, not the end of the server."""

import os
import shutil

import support


class LostPages(support.TestCase):

    def test_the_server_goes_on_and_says_what_is_wrong(self):
        photos = self.indexed(6)
        segment, = photos.glob(".alike/spaces/*/vectors-0000.seg")
        server = self.serve(photos)
        root = "/v1/collections/" + server.get("/v1/collections").document["collections"][0]["id"]
        search = lambda: server.post(root + "/search", {"examples": [{"id": 0}]})
        self.assertEqual(search().status, 200)
        whole = segment.read_bytes()
        os.truncate(segment, 0)
        for _ in range(3):
            problem = self.check_problem(search(), 500, "corrupt")
            self.assertIn(str(segment), problem["detail"])
            self.assertEqual(problem["remedy"]["verb"], "repair")
        self.assertEqual(server.get("/healthz").status, 200)
        self.assertIsNone(server.process.poll())
        segment.write_bytes(whole)
        again = self.folder / "again"
        shutil.copytree(photos, again)
        self.assertEqual(len(self.json("-C", again, "search", "id:0")["results"]), 5)


if __name__ == "__main__":
    support.main()
