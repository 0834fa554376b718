"""A served collection of 24 pictures in four folders, with a copy, a JPEG, a broken file and a map."""

import support
from support import png


class Served(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "My Pictures"
        labels = ["", "animals", "animals/birds", "things"]
        for i in range(24):
            folder = cls.photos / labels[i % 4]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{i:02}.png").write_bytes(png(i, width=100 if i % 2 else 40))
        (cls.photos / "things/copy.png").write_bytes(png(0))
        (cls.photos / "photo.jpg").write_bytes((cls.samples / "picture.jpg").read_bytes())
        (cls.photos / "broken.png").write_bytes(png(1)[:60])
        for command in [["index", cls.photos, "--encoder", "tiny"],
                        ["-C", cls.photos, "map", "--method", "umap"]]:
            done = cls.run_raw("--json", *command)
            assert done.code == 0, done
        cls.map = done.document
        cls.server = cls.serve_for_class(cls.photos)
        cls.root = "/v1/collections/my-pictures"
        cls.items = cls.server.get(cls.root + "/items?limit=1000").document["items"]
        cls.ids = {item["path"]: item["id"] for item in cls.items}
