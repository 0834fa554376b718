"""search: queries and their answers, against rankings computed here from embeddings."""

import math
import os
import shutil
import struct
import zlib

import support


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def unit(a):
    length = math.sqrt(dot(a, a))
    return [x / length for x in a]


class Search(support.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photos = cls.base / "photos"
        for label in ["", "animals", "animals/birds", "things"]:
            (cls.photos / label).mkdir(parents=True, exist_ok=True)
        for i in range(24):
            label = ["", "animals", "animals/birds", "things"][i % 4]
            width = 100 if i % 2 else 40
            (cls.photos / label / f"{i:02}.png").write_bytes(support.png(i, width=width))
        shutil.copy(cls.photos / "00.png", cls.photos / "things" / "copy.png")
        shutil.copy(cls.photos / "00.png", cls.photos / "animals" / "copy.png")
        done = cls.run_raw("--json", "index", cls.photos, "--encoder", "tiny")
        assert done.code == 0, done
        cls.rows, cls.ids = cls.embeddings()

    @classmethod
    def embeddings(cls):
        """path → row, and path → id."""
        out = cls.base / "rows.npy"
        done = cls.run_raw("--json", "embed", cls.photos, "--encoder", "tiny", "--out", out)
        assert done.code == 0, done
        paths = (cls.base / "rows.paths").read_text().splitlines()
        names = [os.path.relpath(path, cls.photos) for path in paths]
        rows = dict(zip(names, support.read_npy(out)[0]))
        done = cls.run_raw("--json", "-C", cls.photos, "search", cls.photos / "00.png", "-k", "1000")
        ids = {each["path"]: each["id"] for each in done.document["results"]}
        assert set(ids) == set(rows), done
        return rows, ids

    def search(self, *words, **options):
        return self.json("-C", self.photos, "search", *words, **options)

    def expected(self, row, without=()):
        """(path, distance) of all items, nearest first, ties by id."""
        found = [(1 - dot(row, each), self.ids[path], path)
                 for path, each in self.rows.items() if path not in without]
        return [(path, distance) for distance, _, path in sorted(found)]

    def check_ranking(self, found, row, without=(), count=10):
        expected = self.expected(row, without)[:count]
        self.assertEqual(len(found["results"]), len(expected))
        for rank, (result, (path, distance)) in enumerate(zip(found["results"], expected), 1):
            self.assertEqual(result["rank"], rank)
            self.assertEqual(result["id"], self.ids[result["path"]])
            self.assertAlmostEqual(result["distance"], distance, places=5)
            self.assertAlmostEqual(result["score"], 1 - distance, places=5)
            # Equal but for rounding may stand in either order here; exact ties have their own test.
            self.assertAlmostEqual(1 - dot(row, self.rows[result["path"]]), distance, places=5)
            self.assertEqual(result["label"], os.path.dirname(result["path"]))

    def test_the_document_is_as_promised(self):
        found = self.search("04.png")
        self.assertEqual(found["query"], ["04.png"])
        self.assertEqual(found["space"], "tiny")
        self.assertEqual(found["metric"], "cosine")
        self.assertIs(found["complete"], True)
        self.assertEqual([found[key] for key in ("index", "rows_read", "codes_read")], ["flat", 26, 0])
        self.assertEqual(set(found["timings_ms"]), {"encode", "search", "total"})
        self.assertIsInstance(found["relevant"], int)
        self.assertEqual(set(found["results"][0]),
                         {"rank", "id", "path", "score", "distance", "label", "relevant"})
        self.check_ranking(found, self.rows["04.png"])

    def test_an_item_is_not_its_own_neighbour_but_a_file_is(self):
        path = "animals/05.png"
        found = self.search(f"id:{self.ids[path]}")
        self.check_ranking(found, self.rows[path], without=[path])
        found = self.search(path, "-k", "3")
        self.assertEqual(found["results"][0]["path"], path)
        self.check_ranking(found, self.rows[path], count=3)

    def test_k_bounds_the_answer(self):
        self.assertEqual(len(self.search("04.png")["results"]), 10)
        self.assertEqual(len(self.search("04.png", "-k", "1")["results"]), 1)
        self.assertEqual(len(self.search("04.png", "-k", "1000000")["results"]), 26)

    def test_ties_are_in_the_order_of_ids(self):
        same = sorted(["00.png", "things/copy.png", "animals/copy.png"], key=self.ids.get)
        found = self.search("00.png", "-k", "3")["results"]
        self.assertEqual([each["path"] for each in found], same)
        self.assertEqual(len({each["distance"] for each in found}), 1)

    def test_several_examples_wanted_and_not(self):
        a, b = "04.png", "things/07.png"
        both = unit([x + y for x, y in zip(self.rows[a], self.rows[b])])
        self.check_ranking(self.search("+" + a, "+" + b), both)
        self.check_ranking(self.search(a, b), both)
        less = unit([x - 0.3 * y for x, y in zip(self.rows[a], self.rows[b])])
        found = self.search("+" + a, "-" + b)
        self.assertEqual(found["query"], ["+" + a, "-" + b])
        self.check_ranking(found, less)
        ids = [f"+id:{self.ids[a]}", f"-id:{self.ids[b]}"]
        self.check_ranking(self.search(*ids), less, without=[a, b])

    def test_only_unwanted_examples_are_no_query(self):
        self.refused("-C", self.photos, "search", "-04.png", code=2, saying="against only")
        self.refused("-C", self.photos, "search", "+04.png", "-04.png", code=2, saying="cancel out")

    def test_a_region_is_searched_instead_of_the_whole(self):
        left, right = support.png(4), support.png(8)
        rows = [zlib.decompress(each[41:-16]) for each in (left, right)]
        joined = b"".join(b"\0" + rows[0][y * 121 + 1:(y + 1) * 121] +
                          rows[1][y * 121 + 1:(y + 1) * 121] for y in range(30))
        (self.folder / "both.png").write_bytes(
            support.png_head(80, 30) + support.chunk(b"IDAT", zlib.compress(joined)) +
            support.chunk(b"IEND", b""))
        both = self.folder / "both.png"
        for x, path in [(5, "04.png"), (45, "08.png")]:  # the squares that the whole pictures give
            found = self.search(both, "--region", f"{x},0,30,30", "-k", "1")["results"][0]
            self.assertEqual(found["path"], path)
            self.assertGreater(found["score"], 0.999)
        for region in ["1,2,3", "a,b,c,d", "0,0,0,5", "-1,0,5,5", "0,0,nan,4"]:
            self.refused("-C", self.photos, "search", both, "--region", region, code=2,
                         saying="region")
        result = self.alike("-C", self.photos, "search", both, "--region", "500,500,5,5", code=2)
        self.assertIn("region", result.errors.lower())

    def test_where_leaves_items_out(self):
        for where, wanted in [('label = "animals"', lambda path: path.startswith("animals/")),
                              ('label == "animals"', lambda path: os.path.dirname(path) == "animals"),
                              ("width > 50", lambda path: path[-6:-4].isdigit()
                               and int(path[-6:-4]) % 2 == 1),
                              ('path like "things/%" and not width > 50',
                               lambda path: path == "things/copy.png"),
                              (f"id in ({self.ids['04.png']})", lambda path: path == "04.png"),
                              ("width > 9000", lambda path: False)]:
            found = self.search("00.png", "--where", where, "-k", "100")["results"]
            self.assertEqual({each["path"] for each in found}, set(filter(wanted, self.rows)), where)

    def test_a_wrong_where_says_at_which_character(self):
        self.refused("-C", self.photos, "search", "00.png", "--where", "widht > 5", code=2,
                     saying=["character 1", "width"])
        self.refused("-C", self.photos, "search", "00.png", "--where", "width >", code=2,
                     saying="character")

    def test_paths_are_for_pipes(self):
        found = self.search("00.png", "-k", "4")["results"]
        paths = [str(self.photos / each["path"]) for each in found]
        words = ["-C", self.photos, "search", "00.png", "-k", "4"]
        self.assertEqual(self.alike(*words, "--paths").text.split("\n"), paths + [""])
        self.assertEqual(self.alike(*words, "-0").text.split("\0"), paths + [""])

    def test_a_line_break_in_a_path_is_told_of(self):
        folder = self.indexed(2)
        self.assertNotIn("-0", self.alike("-C", folder, "search", "id:0", "--paths").errors)
        (folder / "two\nlines.png").write_bytes(support.png(9))
        self.json("-C", folder, "index")
        where = ["-C", folder, "search", "id:0"]
        self.assertIn("-0", self.alike(*where, "--paths").errors)
        safe = self.alike(*where, "-0")
        self.assertNotIn("-0", safe.errors)
        self.assertIn(str(folder / "two\nlines.png"), safe.text.split("\0"))

    def test_people_get_a_table_that_names_the_score(self):
        text = self.alike("-C", self.photos, "search", "04.png", "-k", "2").text
        self.assertRegex(text, r"cosine +distance +id +path\n")
        self.assertRegex(text, r"(?m)^1 +1\.000 +0\.000 +\d+ +04\.png$")

    def test_examples_against_may_not_be_there_and_values_may_begin_with_a_dash(self):
        for word in ["-horse.jpg", "-Cat.jpg", "-kitten.jpg", "-k/x.png"]:
            self.refused("-C", self.photos, "search", "04.png", word, code=1,
                         saying=f"'{word[1:]}' is not a file")
        result = self.alike("-C", self.photos, "search", "04.png", "--region", "-1.5,0,5,5", code=2)
        self.assertNotIn(b"\x01", result.err)

    def test_a_filter_that_nothing_fits_is_named(self):
        words = ["-C", self.photos, "search", "04.png", "--where", "width > 9000"]
        self.assertEqual(self.alike(*words).text, "No picture fits --where 'width > 9000'.\n")
        self.assertIn("No picture fits", self.alike(*words, "--paths").errors)

    def test_options_that_would_be_ignored_are_refused(self):
        search = ["-C", self.photos, "search"]
        self.refused(*search, "04.png", "--out", "x.npy", code=2, saying="--vectors")
        self.refused(*search, "04.png", "--sheet", "x.jpg", code=2, saying=".png")

    def test_a_contact_sheet_is_written(self):
        sheet = self.folder / "sheet.png"
        self.alike("-C", self.photos, "search", "00.png", "things/07.png", "-k", "7", "--sheet", sheet)
        data = sheet.read_bytes()
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", data[16:24])
        self.assertGreater(width, 5 * 176)
        self.assertGreater(height, 3 * 176)
        # It is a picture like any other.
        self.json("embed", sheet, "--encoder", "tiny", "--out", "sheet.npy")

    def test_a_sheet_shows_that_a_picture_has_gone(self):
        shutil.copytree(self.photos, self.folder / "copy")
        for path in (self.folder / "copy").glob("*.png"):
            path.unlink()
        self.alike("-C", "copy", "search", "things/07.png", "--sheet", self.folder / "sheet.png")
        self.assertGreater((self.folder / "sheet.png").stat().st_size, 1000)

    def test_a_preview_is_drawn_in_half_blocks(self):
        text = self.alike("-C", self.photos, "search", "00.png", "-k", "2", "--preview").text
        self.assertIn("▀", text)
        self.assertIn("\033[38;5;", text)
        self.assertIn("cosine", text)
        self.environment["COLORTERM"] = "truecolor"
        self.addCleanup(self.environment.pop, "COLORTERM")
        text = self.alike("-C", self.photos, "search", "00.png", "-k", "2", "--preview").text
        self.assertIn("\033[38;2;", text)

    def test_what_is_not_there_is_said(self):
        photos = ["-C", self.photos, "search"]
        self.refused(*photos, "id:999999", code=1, saying=["id:999999", "not in the collection"])
        self.refused(*photos, "id:-4", code=2, saying="id:7")
        self.refused(*photos, "id:x", code=2, saying="id:7")
        self.refused(*photos, "none.jpg", code=1, saying=["none.jpg", "id:N"])
        self.refused(*photos, "animals", code=1, saying="animals")
        self.refused(*photos, code=2, saying="id:N")
        self.refused(*photos, "00.png", "--space", "tinny", code=1, saying=["tinny", "'tiny'"])

    def test_k_that_cannot_be_is_usage(self):
        for k in ["0", "-3", "1000001", "99999999999999999999", "many", "2.5", ""]:
            result = self.alike("-C", self.photos, "search", "id:1", "-k", k, code=2)
            self.assertEqual(result.out, b"")
            self.assertIn("-k", result.errors)

    def test_a_picture_that_cannot_be_read_ends_the_search(self):
        (self.folder / "text.jpg").write_bytes(b"this is no picture")
        self.refused("-C", self.photos, "search", self.folder / "text.jpg", code=1, saying="text.jpg")

    def test_the_collection_is_found_from_below_and_by_name(self):
        for words in [["-C", self.photos / "animals" / "birds"], ["--collection", self.photos],
                      ["--collection", self.photos / ".alike"]]:
            found = self.json(*words, "search", self.photos / "00.png", "-k", "1")
            self.assertEqual(found["results"][0]["distance"], 0)

    def test_answers_do_not_depend_on_threads(self):
        words = ["00.png", "-things/07.png", "-k", "100"]
        one, two = (self.search("--threads", n, *words) for n in ["1", "2"])
        self.assertEqual(one["results"], two["results"])

    def test_jpeg_and_webp_are_pictures_too(self):
        (self.folder / "pixel.webp").write_bytes(support.WEBP)
        for picture in [self.samples / "picture.jpg", self.folder / "pixel.webp"]:
            self.assertEqual(len(self.search(picture)["results"]), 10)


if __name__ == "__main__":
    support.main()
