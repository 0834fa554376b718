"""Nothing is forgotten because it could not be looked at: disks that are away or fail, files half copied, folders that
were moved or restored from elsewhere."""

import json
import os
import shutil
import subprocess
import unittest

import support
from support import png


class Kept(support.TestCase):

    def index(self, folder, *words):
        return self.json("index", folder, *words)

    def ids(self, folder):
        """Ids by path of all pictures that a search like the first one finds."""
        found = self.json("-C", folder, "search", "id:0", "-k", "100")["results"]
        return {each["path"]: each["id"] for each in found}

    def index_failing(self, call, error, path, folder):
        """Indexes while `call` on `path` fails."""
        traced = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", path, "-e", f"trace={call}", "-e",
             f"inject={call}:error={error}", support.PROGRAM, "index", folder, "--json"],
            env=self.environment, capture_output=True, timeout=support.SECONDS)
        return support.Result(["index"], traced.returncode, traced.stdout, traced.stderr)

    @unittest.skipUnless(support.can_trace(), "strace is not here, or may not trace")
    def test_a_file_or_folder_that_fails_to_be_looked_at_keeps_its_pictures(self):
        folder = self.pictures(3)
        (folder / "below").mkdir()
        for i in range(3):
            (folder / f"below/{i}.png").write_bytes(png(50 + i))
        self.index(folder, "--encoder", "tiny")
        before = self.ids(folder)
        for path, call in ((folder / "p0001.png", "newfstatat"), (folder / "below", "newfstatat"),
                           (folder / "below", "openat")):
            for error in ("EIO", "ESTALE", "EACCES"):
                with self.subTest(path=path.name, call=call, error=error):
                    done = self.index_failing(call, error, path, folder)
                    self.assertEqual(done.code, 0, done)
                    self.assertEqual(done.document["removed"], 0, done)
                    skipped = done.document["skipped"]
                    self.assertEqual([each["path"] for each in skipped], [path.name])
                    self.assertIn(os.strerror(getattr(__import__("errno"), error)), skipped[0]["reason"])
                    self.assertEqual(self.ids(folder), before)
        self.assertEqual(self.index(folder)["skipped"], [])

    def test_a_disk_that_is_away(self):
        disk = self.small_disk("4m")
        for i in range(2):
            (disk / f"{i}.png").write_bytes(png(i))
        folder = self.folder
        for i in range(5):
            (folder / f"here{i}.png").write_bytes(png(50 + i))
        self.index(folder, "--encoder", "tiny")
        before = self.ids(folder)
        subprocess.run(["umount", "-l", disk], check=True)
        for _ in range(2):
            done = self.index(folder)
            self.assertEqual((done["removed"], done["away"], done["unchanged"]), (0, 2, 5))
            self.assertIn("another disk was mounted here", done["skipped"][0]["reason"])
        self.assertEqual(self.ids(folder), before)
        self.assertIn("--allow-empty", self.alike("index", folder).text)
        self.assertEqual(self.index(folder, "--allow-empty")["removed"], 2)

    @unittest.skipUnless(support.can_trace(), "strace is not here, or may not trace")
    def test_files_that_go_while_they_are_read(self):
        folder = self.indexed(4)
        paths = [word for i in range(4) for word in ("-P", folder / f"p{i:04}.png")]
        traced = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", *paths, "-e", "inject=openat:error=ENOENT", support.PROGRAM, "index",
             folder, "--reread", "--json"], env=self.environment, capture_output=True, timeout=support.SECONDS, check=True)
        done = json.loads(traced.stdout)
        self.assertEqual((done["removed"], len(done["skipped"])), (0, 4))
        self.assertEqual(len(self.ids(folder)), 3)

    def test_another_disk_in_the_place_of_one(self):
        disk = self.small_disk("4m")
        for i in range(2):
            (disk / f"{i}.png").write_bytes(png(i))
        for i in range(3):
            (self.folder / f"here{i}.png").write_bytes(png(50 + i))
        self.index(self.folder, "--encoder", "tiny")
        subprocess.run(["umount", "-l", disk], check=True)
        (disk / "stray.png").write_bytes(png(9))
        self.assertEqual(self.index(self.folder)["away"], 2)
        subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=True)
        done = self.index(self.folder)
        self.assertEqual((done["away"], done["removed"]), (3, 0), "the stray one too")

    def test_links_to_a_disk_that_is_away(self):
        folder = self.pictures(3)
        away = self.pictures(3, start=60, where="elsewhere")
        for path in away.iterdir():
            (folder / f"link{path.name}").symlink_to(path)
        self.index(folder, "--encoder", "tiny")
        away.rename(self.folder / "unmounted")
        done = self.index(folder)
        self.assertEqual((done["removed"], len(done["skipped"])), (0, 3))

    def test_a_copy_of_a_part_is_not_the_folder(self):
        old = self.pictures(20)
        kept = self.folder / "kept"
        self.json("--collection", kept, "index", old, "--encoder", "tiny")
        part = self.folder / "part"
        shutil.copytree(old, part)
        old.rename(self.folder / "unplugged")
        (part / "p0003.png").unlink()
        first = self.json("--collection", kept, "index", part)
        self.assertEqual((first["removed"], first["missing"]), (0, 1))
        self.assertEqual(self.json("--collection", kept, "index", part)["removed"], 1)
        half = self.folder / "half"
        shutil.copytree(part, half)
        for i in range(4, 13):
            (half / f"p{i:04}.png").unlink()
        part.rename(self.folder / "unplugged too")
        self.refused("--collection", kept, "index", half, code=2, saying=["gone", "only 10"])

    def test_more_than_half_gone_at_once(self):
        folder = self.indexed(9)
        for path in sorted(folder.glob("*.png"))[:5]:
            path.unlink()
        said = self.alike("index", folder).text
        self.assertIn("5 pictures are not in the folder any more", said)
        self.assertIn("once more", said)
        self.assertEqual(len(self.ids(folder)), 8)
        self.assertEqual(self.index(folder)["removed"], 5)

    def test_another_content_of_the_same_size_and_time(self):
        folder = self.indexed(3)
        a, b = folder / "p0000.png", self.folder / "other.png"
        b.write_bytes(a.read_bytes()[:-1] + b"\x83")  # of the same length, one byte another
        shutil.copystat(a, b)
        os.replace(b, a)
        self.assertEqual(self.json("-C", folder, "verify")["damage"], [])
        report = self.json("-C", folder, "verify", "--pictures", code=1)
        self.assertEqual([each["path"] for each in report["pictures"]["differing"]], ["p0000.png"])
        self.assertIn("--reread", self.alike("-C", folder, "verify", "--pictures", code=1).text)
        done = self.index(folder)
        self.assertEqual((done["updated"], done["unchanged"]), (0, 2), "one that is broken is not taken")
        self.assertEqual([each["path"] for each in done["skipped"]], ["p0000.png"])
        (folder / "p0000.png").write_bytes(png(77))
        self.assertEqual(self.index(folder, "--reread")["updated"], 1)
        self.assertEqual(self.json("-C", folder, "verify", "--pictures")["pictures"]["differing"], [])
        (folder / "p0001.png").unlink()
        differing = self.json("-C", folder, "verify", "--pictures", code=1)["pictures"]["differing"]
        self.assertIn("No such file", differing[0]["reason"])

    def test_a_folder_that_moved_while_its_collection_lies_elsewhere(self):
        old = self.pictures(8)
        kept = self.folder / "kept"
        self.json("--collection", kept, "index", old, "--encoder", "tiny")
        search = ("--collection", kept, "search", "id:0", "-k", "100")
        before = {each["path"]: each["id"] for each in self.json(*search)["results"]}
        copy = self.folder / "copy"
        shutil.copytree(old, copy)
        self.refused("--collection", kept, "index", copy, code=2, saying=["--collection", str(old)])
        shutil.rmtree(copy)
        new = self.folder / "new"
        old.rename(new)
        self.refused("--collection", kept, "index", code=1, saying=["index", "NEWDIR"])
        other = self.pictures(8, start=100, where="other")
        self.refused("--collection", kept, "index", other, code=2, saying=["gone", "of 8 of its pictures only 0"])
        done = self.json("--collection", kept, "index", new)
        self.assertEqual((done["unchanged"], done["removed"], done["embedded"]), (8, 0, 0))
        self.assertEqual({each["path"]: each["id"] for each in self.json(*search)["results"]}, before)

    def test_what_alike_drew_is_no_picture_of_the_folder(self):
        folder = self.pictures(5)
        self.index(folder, "--encoder", "tiny")
        self.json("-C", folder, "search", "id:0", "--sheet", folder / "sheet.png")
        self.json("-C", folder, "map", "--method", "pca", "--out", folder / "map.png")
        done = self.index(folder)
        self.assertEqual((done["added"], done["unchanged"]), (0, 5))
        self.assertEqual(sorted(each["path"] for each in done["skipped"]), ["map.png", "sheet.png"])
        for each in done["skipped"]:
            self.assertIn("alike drew it", each["reason"])

    def test_what_is_left_out(self):
        folder = self.pictures(3)
        for name in ("@eaDir/thumb.png", "a.png_original", "b.png~", "c.part", "__MACOSX/c.png", "lost+found/d.png"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(png(9))
        self.assertEqual(self.index(folder, "--encoder", "tiny")["added"], 3)
        self.assertIn("@eaDir", self.json("-C", folder, "status")["excludes"])
        done = self.index(folder, "--exclude", "p0001.*", "--include", "*~")
        self.assertEqual((done["added"], done["removed"]), (1, 1))
        self.assertEqual(set(self.ids(folder)), {"p0002.png", "b.png~"})
        for glob in ("**", "?*", "*.*"):
            self.refused("index", folder, "--exclude", glob, code=2, saying=[glob, "leaves out every file"])
        self.assertGreater(done["left_out"], 4)


if __name__ == "__main__":
    support.main()
