"""index, status, spaces: pictures taken, kept up to date, and progress shown."""

import json
import os
import pty
import shutil
import signal
import time

import support


class Index(support.TestCase):

    def index(self, *words, **options):
        return self.json("-C", self.folder / "pictures", "index", *words, **options)

    def test_the_document_is_as_promised(self):
        folder = self.pictures(4)
        (folder / "notes.txt").write_text("not a picture")
        (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
        done = self.json("index", folder, "--encoder", "tiny")
        self.assertEqual({key: done[key] for key in ("added", "updated", "removed", "unchanged")},
                         {"added": 4, "updated": 0, "removed": 0, "unchanged": 0})
        self.assertEqual([each["path"] for each in done["skipped"]], ["broken.jpg"])
        self.assertTrue(done["skipped"][0]["reason"])
        self.assertEqual(done["space"], "tiny")
        self.assertEqual(done["ignored"], 1)
        self.assertGreater(done["seconds"], 0)
        self.assertGreater(done["images_per_second"], 0)
        self.assertEqual(done["collection"], str(folder / ".alike"))

    def test_a_second_run_finds_what_changed(self):
        folder = self.indexed(6)
        self.assertEqual(self.index()["unchanged"], 6)
        (folder / "p0000.png").unlink()
        (folder / "p0001.png").write_bytes(support.png(100))
        (folder / "new.png").write_bytes(support.png(101))
        (folder / "sub").mkdir()
        (folder / "p0002.png").rename(folder / "sub" / "moved.png")
        os.utime(folder / "p0003.png")
        before = self.ids()
        done = self.index()
        self.assertEqual([done[key] for key in ("added", "updated", "removed", "unchanged")],
                         [1, 2, 1, 3])
        after = self.ids()
        self.assertEqual(set(after), {"p0001.png", "new.png", "sub/moved.png", "p0003.png",
                                      "p0004.png", "p0005.png"})
        self.assertEqual(after["sub/moved.png"], before["p0002.png"])
        for path in ["p0001.png", "p0003.png", "p0004.png", "p0005.png"]:
            self.assertEqual(after[path], before[path])
        self.assertGreater(after["new.png"], max(before.values()))

    def ids(self, where="pictures"):
        found = self.json("-C", self.folder / where, "search", self.samples / "picture.jpg", "-k",
                          "1000")
        return {each["path"]: each["id"] for each in found["results"]}

    def test_an_empty_folder_is_a_collection_without_pictures(self):
        folder = self.pictures(0)
        done = self.json("index", folder, "--encoder", "tiny")
        self.assertEqual((done["added"], done["skipped"]), (0, []))
        self.assertIn("no pictures", self.alike("index", folder, "--encoder", "tiny").text)
        self.assertEqual(self.json("-C", folder, "status")["items"], 0)

    def test_a_folder_without_its_pictures_drops_them_only_when_told_to(self):
        folder = self.indexed(3)
        for path in folder.glob("*.png"):
            path.rename(self.folder / path.name)
        (folder / "notes.txt").write_text("words")
        for words in [["index"], ["index", "--watch"]]:
            self.refused("-C", folder, *words, code=1,
                         saying=[str(folder), "other files: 1", "has 3", "mounted",
                                 f"alike -C {folder} index --allow-empty"])
        self.assertEqual(self.json("-C", folder, "status")["items"], 3)
        done = self.json("-C", folder, "index", "--allow-empty")
        self.assertEqual(done["removed"], 3)
        self.assertEqual(self.index()["removed"], 0)

    def test_the_folder_is_found_by_c_and_from_below(self):
        folder = self.indexed(3)
        (folder / "sub").mkdir()
        (folder / "sub" / "deep.png").write_bytes(support.png(50))
        done = self.json("-C", folder / "sub", "index")
        self.assertEqual((done["added"], done["unchanged"]), (1, 3))
        self.assertFalse((folder / "sub" / ".alike").exists())

    def test_a_collection_may_lie_elsewhere(self):
        folder = self.pictures(3)
        away = self.folder / "away"
        done = self.json("--collection", away, "index", folder, "--encoder", "tiny")
        self.assertEqual((done["added"], done["collection"]), (3, str(away)))
        self.assertFalse((folder / ".alike").exists())
        self.assertEqual(self.json("--collection", away, "index", "--encoder", "tiny")["unchanged"], 3)
        paths = self.alike("--collection", away, "search", folder / "p0000.png", "--paths").text
        self.assertIn(str(folder / "p0000.png"), paths.splitlines())
        other = self.pictures(1, where="other")
        self.refused("--collection", away, "index", other, code=2, saying=["other", "--collection"])

    def test_the_collection_of_a_folder_may_be_named_by_the_folder(self):
        folder = self.indexed(2)
        done = self.json("--collection", folder, "index")
        self.assertEqual((done["unchanged"], done["collection"]), (2, str(folder / ".alike")))
        self.assertEqual(sorted(os.listdir(folder)), [".alike", "p0000.png", "p0001.png"])

    def test_status_tells_what_is_there(self):
        folder = self.indexed(3)
        (folder / "broken.png").write_bytes(b"")
        self.index()
        status = self.json("-C", folder, "status", "--skipped")
        self.assertEqual((status["items"], status["skipped"], status["writer"]), (3, 1, None))
        self.assertEqual([each["path"] for each in status["skipped_files"]], ["broken.png"])
        self.assertEqual(status["pictures"], str(folder))
        self.assertGreater(status["bytes"], 0)
        space, = status["spaces"]
        self.assertEqual(
            {key: space[key] for key in ("name", "default", "encoder", "layer", "pooling", "width",
                                         "rows", "behind", "filling", "metric", "pca")},
            {"name": "tiny", "default": True, "encoder": "tiny", "layer": "embedding",
             "pooling": "avg", "width": 8, "rows": 3, "behind": 0, "filling": False,
             "metric": "cosine", "pca": None})
        self.assertIn("broken.png", self.alike("-C", folder, "status", "--skipped").text)

    def test_a_picture_without_its_end_mark_is_taken_and_noted(self):
        folder = self.pictures(2)
        whole = support.png(7)
        (folder / "no_end.png").write_bytes(whole[:-12])
        (folder / "no_rows.png").write_bytes(whole[:-60])
        for isolate in [(), ("--isolate",)]:
            with self.subTest(isolate):
                shutil.rmtree(folder / ".alike", ignore_errors=True)
                done = self.json("index", folder, "--encoder", "tiny", *isolate)
                self.assertEqual(done["added"], 3)
                self.assertEqual([each["path"] for each in done["noted"]], ["no_end.png"])
                self.assertIn("end mark", done["noted"][0]["reason"])
                self.assertEqual([each["path"] for each in done["skipped"]], ["no_rows.png"])
        (folder / "whole.png").write_bytes(whole)
        self.assertEqual(self.index()["noted"], [])
        best = self.json("-C", folder, "search", "whole.png", "-k", "2")["results"]
        self.assertEqual({each["path"] for each in best}, {"no_end.png", "whole.png"})
        os.utime(folder / "no_end.png", (1, 1))
        (folder / "no_end.png").write_bytes(support.png(8)[:-5])
        self.assertIn("no_end.png: its end mark is missing", self.alike("-C", folder, "index").text)

    def test_pictures_are_read_up_to_max_pixels(self):
        folder = self.pictures(1)
        (folder / "large.png").write_bytes(support.png(7, width=50, height=40))
        for isolate in [(), ("--isolate",)]:
            with self.subTest(isolate):
                shutil.rmtree(folder / ".alike", ignore_errors=True)
                done = self.json("--max-pixels", "1999", "index", folder, "--encoder", "tiny", *isolate)
                self.assertEqual([each["path"] for each in done["skipped"]], ["large.png"])
                reason = done["skipped"][0]["reason"]
                self.assertIn("50 × 40 pixels; the limit max-pixels is 1999", reason)
                self.assertEqual(self.index("--max-pixels", "2000", *isolate)["added"], 1)

    def test_several_spaces_live_side_by_side(self):
        folder = self.indexed(5)
        self.add_encoder("other", "other.onnx")
        self.assertEqual(self.index("--encoder", "other")["embedded"], 5)
        self.assertEqual(self.index("--layer", "relu1", "--pooling", "none")["space"],
                         "tiny-stage1-none")
        self.assertEqual(self.index("--layer", "relu1", "--pooling", "gem", "--space", "early")["space"],
                         "early")
        self.assertEqual(self.index("--pca", "3", "--whiten")["space"], "tiny-pca3w")
        spaces = {each["name"]: each for each in self.json("-C", folder, "spaces")}
        self.assertEqual({name: each["width"] for name, each in spaces.items()},
                         {"tiny": 8, "other": 8, "tiny-stage1-none": 256, "early": 4, "tiny-pca3w": 3})
        self.assertEqual([name for name, each in spaces.items() if each["default"]], ["tiny"])
        for name in spaces:
            found = self.json("-C", folder, "search", "p0000.png", "--space", name, "-k", "1")
            self.assertEqual((found["space"], found["results"][0]["path"]), (name, "p0000.png"))
        after = self.json("-C", folder, "spaces", "default", "other")
        self.assertEqual([each["name"] for each in after if each["default"]], ["other"])
        self.assertEqual(self.json("-C", folder, "search", "p0000.png")["space"], "other")
        self.refused("-C", folder, "spaces", "remove", "other", code=2, saying="default")
        after = self.json("-C", folder, "spaces", "remove", "early")
        self.assertNotIn("early", [each["name"] for each in after])
        self.assertFalse((folder / ".alike" / "spaces" / "early").exists())
        self.refused("-C", folder, "spaces", "default", "tinny", code=1, saying="'tiny'")

    def test_a_new_picture_is_behind_in_the_other_spaces(self):
        folder = self.indexed(3)
        self.index("--space", "second", "--layer", "relu2", "--pooling", "max")
        (folder / "new.png").write_bytes(support.png(60))
        self.index()
        behind = {each["name"]: each["behind"] for each in self.json("-C", folder, "spaces")}
        self.assertEqual(behind, {"tiny": 0, "second": 1})
        self.assertEqual(self.missing("tiny"), (True, ""))
        complete, errors = self.missing("second")
        self.assertFalse(complete)
        self.assertIn(f"1 picture cannot be found in it yet: alike -C {folder} index --space second",
                      errors)
        self.assertEqual(self.index("--space", "second")["embedded"], 1)

    def missing(self, space):
        """Whether a search says that all can be found, and its sentence for people."""
        found = self.alike("--json", "-C", self.folder / "pictures", "search", "p0000.png", "--space",
                           space)
        return found.document["complete"], found.errors

    def test_what_became_of_the_index_is_said(self):
        folder = self.pictures(0)
        where = ["index", folder, "--encoder", "tiny"]
        self.assertIn("no space yet", self.alike(*where, "--index", "coded").text)
        self.pictures(3)
        self.assertNotIn("index ", self.alike(*where).text)
        for kind, made, linked, removed, said in [
                ("auto", 0, 0, 0, "nothing to do; flat answers"),
                ("coded", 3, 0, 0, "codes of 3 rows made; coded answers"),
                ("coded", 0, 0, 0, "nothing to do; coded answers"),
                ("coded4", 3, 0, 0, "codes of 3 rows made; coded4 answers"),
                ("coded8", 3, 0, 0, "codes of 3 rows made; coded8 answers"),
                ("graph", 0, 3, 1, "3 rows linked; graph answers"),
                ("graph", 0, 0, 0, "nothing to do; graph answers"),
                ("flat", 0, 0, 1, "1 file removed; flat answers")]:
            with self.subTest(kind=kind, made=made):
                text = self.alike(*where, "--index", kind).text
                self.assertIn(f"index {kind}: ", text)
                self.assertIn(said, text)
                done = self.json("--collection", "away", *where, "--index", kind)
                self.assertEqual(done["index"], {"coded": made, "linked": linked, "removed": removed})

    def test_a_chain_is_a_reduced_space_and_its_index(self):
        folder = self.pictures(6)
        done = self.json("index", folder, "--encoder", "tiny", "--index", "pca2,graph")
        self.assertEqual((done["space"], done["index"]["linked"]), ("tiny-pca2", 6))
        (space,) = self.json("-C", folder, "spaces")
        self.assertEqual((space["width"], space["index"]), (2, "graph"))
        text = self.alike("-C", folder, "index", "--index", "pca2,coded").text
        self.assertIn("index pca2,coded: codes of 6 rows made; coded answers", text)
        text = self.alike("-C", folder, "index", "--index", "pca2,coded4").text
        self.assertIn("index pca2,coded4: codes of 6 rows made; coded4 answers", text)
        self.assertEqual(self.json("-C", folder, "index", "--index", "pca2")["unchanged"], 6)
        for bad in ["tree", "pca", "pca0,graph", "pca2,tree", "graph,pca2", "pca2,graph,flat", ",", "pca2x,flat"]:
            with self.subTest(bad=bad):
                self.refused("-C", folder, "index", "--index", bad, code=2,
                             saying=[f"'{bad}' is not an index", "coded8 or graph", "pcaN"])
        self.refused("-C", folder, "index", "--index", "pca2,flat", "--pca", "3", code=2, saying="leave one")

    def test_a_space_does_not_change_what_it_is(self):
        self.indexed(2)
        self.add_encoder("another", "other.onnx")
        folder = self.folder / "pictures"
        self.refused("-C", folder, "index", "--space", "tiny", "--encoder", "another", code=2,
                     saying=["tiny", "another"])
        self.refused("-C", folder, "index", "--space", "tiny", "--pca", "3", code=2,
                     saying="no PCA")
        self.refused("-C", folder, "index", "--space", "../x", code=2, saying="name of a space")
        self.refused("-C", folder, "index", "--whiten", code=2, saying="--pca")

    def test_unknown_encoder_and_layer_get_the_nearest_names(self):
        folder = self.indexed(2)
        self.refused("-C", folder, "index", "--encoder", "tiyn", code=1, saying="'tiny'")
        self.refused("-C", folder, "index", "--encoder", "efficientnet-light0", code=1,
                     saying="'efficientnet-lite0'")
        self.refused("-C", folder, "index", "--layer", "rleu1", code=1, saying="'relu1'")
        # Nothing of it stays.
        self.assertEqual([each["name"] for each in self.json("-C", folder, "spaces")], ["tiny"])

    def test_progress_is_for_people_only(self):
        folder = self.pictures(3)
        done = self.alike("--quiet", "index", folder, "--encoder", "tiny")
        self.assertEqual(done.err, b"")
        self.assertRegex(done.text, r"^3 pictures in space tiny: 3 added, ")
        self.assertEqual(self.alike("index", folder).err, b"")  # no bar where there is no terminal

    def test_a_terminal_gets_a_bar_with_rate(self):
        self.slow_pictures(10, where="pictures")
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        process = self.start("index", "pictures", "--encoder", "tiny", stderr=end)
        os.close(end)
        text = b""
        while True:
            try:
                text += os.read(terminal, 4096)
            except OSError:  # how a terminal says that the other side has gone
                break
        self.assertEqual(process.wait(), 0)
        self.assertRegex(text.decode(), r"\[#+\.*\] 10 of 10 pictures, \d+/s")

    def slow_pictures(self, count, where):
        """Links to one picture that takes long to decode."""
        folder = self.folder / where
        folder.mkdir()
        large = self.base / "large.png"
        if not large.exists():
            large.write_bytes(support.png(1, width=6000, height=4000))
        for i in range(count):
            (folder / f"p{i:04}.png").symlink_to(large)
        return folder

    def wait_for(self, what, process):
        """Until `what()` gives a result, as long as the process runs."""
        while process.poll() is None:
            found = what()
            if found:
                return found
            time.sleep(0.05)
        self.fail(f"the program ended first: {process.communicate()}")

    def rows_of(self, folder, space):
        result = self.run_raw("--json", "-C", folder, "spaces")
        if result.code != 0:
            return 0
        return next((each["rows"] for each in result.document if each["name"] == space), 0)

    def test_what_is_done_can_be_searched_is_kept_on_ctrl_c_and_gone_on_from(self):
        count = 300
        folder = self.slow_pictures(count, where="pictures")
        process = self.start("--json", "--threads", "1", "index", folder, "--encoder", "tiny")
        self.wait_for(lambda: self.rows_of(folder, "tiny"), process)

        # Others read meanwhile, but none writes.
        found = self.json("-C", folder, "search", folder / "p0000.png", "-k", "1")
        self.assertEqual(found["results"][0]["path"], "p0000.png")
        self.assertEqual(self.json("-C", folder, "status")["writer"], process.pid)
        self.json("-C", folder, "verify")
        for words in [["index"], ["compact"], ["repair"], ["spaces", "default", "tiny"]]:
            self.refused("-C", folder, *words, code=1, saying=f"process {process.pid} is writing")

        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual(json.loads(out)["error"]["code"], "interrupted")
        kept = self.rows_of(folder, "tiny")
        self.assertTrue(0 < kept < count, kept)
        self.assertEqual(self.json("-C", folder, "verify")["damage"], [])
        self.assertEqual(len(self.json("-C", folder, "search", "p0000.png", "-k", "9999")["results"]),
                         kept)

        for path in sorted(folder.glob("*.png"))[kept + 5:]:
            path.unlink()  # so that the rest does not take as long
        done = self.json("-C", folder, "index")
        self.assertEqual((done["unchanged"], done["added"]), (kept, 5))

    def test_a_new_space_is_filled_while_the_old_one_answers(self):
        folder = self.pictures(1)
        self.alike("index", folder, "--encoder", "tiny")
        self.slow_pictures(300, where="pictures/slow")
        self.add_encoder("fresh", "other.onnx")
        process = self.start("--threads", "1", "-C", folder, "index", "--encoder", "fresh")
        self.wait_for(lambda: self.rows_of(folder, "fresh"), process)
        self.assertEqual(self.json("-C", folder, "search", "p0000.png")["space"], "tiny")
        spaces = {each["name"]: each for each in self.json("-C", folder, "spaces")}
        self.assertTrue(spaces["fresh"]["filling"])
        self.assertFalse(spaces["fresh"]["default"])
        self.assertEqual(spaces["tiny"]["rows"], 1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.refused("-C", folder, "spaces", "default", "fresh", code=2, saying="not complete")
        complete, errors = self.missing("fresh")
        self.assertFalse(complete)
        self.assertIn("index --space fresh", errors)

        for path in sorted((folder / "slow").glob("*.png"))[5:]:
            path.unlink()
        self.index("--encoder", "fresh")
        spaces = {each["name"]: each for each in self.json("-C", folder, "spaces")}
        self.assertFalse(spaces["fresh"]["filling"])
        self.assertEqual((spaces["fresh"]["rows"], spaces["fresh"]["behind"]), (6, 0))
        self.alike("-C", folder, "spaces", "default", "fresh")
        self.assertEqual(self.json("-C", folder, "search", "p0000.png")["space"], "fresh")

    def test_watching_ends_with_a_sentence_when_its_folder_is_moved(self):
        for anew in [False, True]:
            folder = self.pictures(2, where=f"watched{anew}/pictures")
            process = self.start("index", folder, "--encoder", "tiny", "--watch")
            self.assertIn(b"2 added", process.stdout.readline())
            folder.rename(folder.with_name("moved"))
            if anew:
                self.pictures(3, where=f"watched{anew}/pictures")
            _, errors = process.communicate(timeout=support.SECONDS)
            self.assertEqual(process.returncode, 1, errors)
            self.assertRegex(errors, rb"is gone|was moved away" if anew else rb"is gone")
            self.assertIn(b"--watch", errors)

    def test_watching_picks_up_what_comes_and_goes(self):
        folder = self.pictures(2)
        process = self.start("index", folder, "--encoder", "tiny", "--watch")
        self.assertIn(b"2 added", process.stdout.readline())
        (folder / "new.png").write_bytes(support.png(70))
        self.assertIn(b"1 added, 0 updated, 0 removed, 2 unchanged", process.stdout.readline())
        (folder / "p0000.png").unlink()
        self.assertIn(b"0 added, 0 updated, 1 removed, 2 unchanged", process.stdout.readline())
        (folder / "sub").mkdir()
        (folder / "sub" / "deep.png").write_bytes(support.png(71))
        self.assertIn(b"1 added", process.stdout.readline())
        self.assertEqual(set(self.ids()), {"p0001.png", "new.png", "sub/deep.png"})
        self.assertEqual(self.json("-C", folder, "status")["writer"], None)  # others may write
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 130)


if __name__ == "__main__":
    support.main()
