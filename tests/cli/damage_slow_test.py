"""Damage all over the files of a collection: flipped bits, pages of zeros, pages that changed places, cuts, more
at the end, an old copy of a file. ALIKE_FLIPS says how many flipped bits, 50 unless set and 200 in full depth;
ALIKE_SEED where. Each page and each byte of a head has its turn in full depth; otherwise a sample does.
ALIKE_DAMAGE=TEXT runs those with this text in their description.
"""

import os
import random
import shutil

import support

SAMPLE = 40
PAGE = 4096
FLIPS = int(os.environ.get("ALIKE_FLIPS") or (200 if support.DEEP else 50))
SEED = int(os.environ.get("ALIKE_SEED", "1"))


class Damage(support.TestCase):

    def setUp(self):
        super().setUp()
        self.draw = random.Random(SEED)
        self.photos = self.pictures(60)
        self.where = ["-C", self.photos]
        self.json("index", self.photos, "--encoder", "tiny")
        self.json("index", self.photos, "--encoder", "tiny", "--pca", "4")
        self.json("index", self.photos, "--encoder", "tiny", "--layer", "relu1", "--pooling", "none",
                  "--index", "coded")
        for path in sorted(self.photos.glob("*.png"))[::7]:
            path.unlink()  # some rows are dead
        (self.photos / "broken.png").write_bytes(b"broken")
        self.json("index", self.photos)
        self.spaces = [each["name"] for each in self.json(*self.where, "spaces")]
        self.collection = self.photos / ".alike"
        self.keep()

    def keep(self):
        """The files that `put_back` puts back."""
        self.saved = self.folder / "saved"
        shutil.rmtree(self.saved, ignore_errors=True)
        shutil.copytree(self.collection, self.saved)
        self.files = sorted(path.relative_to(self.saved) for path in self.saved.rglob("*")
                            if path.is_file() and path.stat().st_size > 0 and
                            path.name != "catalog.db-shm")  # SQLite makes it anew

    def put_back(self):
        """The collection as it was."""
        shutil.rmtree(self.collection)
        shutil.copytree(self.saved, self.collection)

    def flip(self, file, bit):
        with open(self.collection / file, "r+b") as target:
            target.seek(bit // 8)
            byte = target.read(1)[0]
            target.seek(bit // 8)
            target.write(bytes([byte ^ 1 << bit % 8]))

    def places(self):
        """`FLIPS` of them: some in every file, the rest where the bytes are."""
        sizes = {file: (self.saved / file).stat().st_size for file in self.files}
        places = [(file, bit) for file in self.files for bit in (0, 8 * sizes[file] - 1)]
        while len(places) < FLIPS:
            each_file = len(places) < FLIPS // 2
            weights = None if each_file else list(sizes.values())
            file, = self.draw.choices(self.files, weights)
            places.append((file, self.draw.randrange(8 * sizes[file])))
        return places[:FLIPS]

    def answers(self):
        """The answer to each query, or the code of its error."""
        answers = []
        for space in self.spaces:
            for query in ["id:3", "id:40"]:
                result = self.run_raw("--json", *self.where, "search", query, "--space", space, "-k",
                                      "20")
                document = result.document
                if result.code == 0:
                    answers.append([(each["id"], each["path"], each["distance"])
                                    for each in document["results"]])
                else:
                    answers.append(document["error"]["code"])
        return answers

    def test_each_flipped_bit_is_found_named_and_mended(self):
        right = self.answers()
        self.assertNotIn(str, map(type, right))
        served = refused = mended = 0
        for file, bit in self.places():
            with self.subTest(file=str(file), bit=bit):
                self.put_back()
                self.flip(file, bit)

                damage = self.json(*self.where, "verify", code=1)["damage"]
                named = [each for each in damage if each["file"] == str(file)]
                self.assertTrue(named, damage)
                # The block of 4 KiB, or the head, in which it lies.
                self.assertTrue(any(each["offset"] <= bit // 8 < each["offset"] + 8192
                                    for each in named), named)
                for each in damage:
                    self.assertRegex(each["remedy"], "^alike .*repair$")
                    self.assertTrue(each["what"])

                for answer, wanted in zip(self.answers(), right):
                    if answer == "corrupt":
                        refused += 1
                    else:
                        self.assertEqual(answer, wanted)
                        served += 1

                done = self.json(*self.where, "repair")
                self.assertTrue(done["done"])
                mended += done["rows_lost"] == 0
                self.assertEqual(self.json(*self.where, "verify")["damage"], [])
                if done["rows_lost"] > 0:
                    for space in self.spaces:
                        self.json(*self.where, "index", "--space", space)
                self.assertEqual(self.answers(), right)
        print(f"{FLIPS} flips: {FLIPS} found, {mended} mended without loss; searches meanwhile: "
              f"{served} right, {refused} refused, 0 wrong", flush=True)

    def test_larger_damage_is_found_and_after_repair_and_index_all_is_whole(self):
        right = self.answers()
        for _ in range(max(1, FLIPS // 10)):
            file = self.draw.choice(self.files)
            size = (self.saved / file).stat().st_size
            begin = self.draw.randrange(size)
            count = min(size - begin, self.draw.choice([2, 100, 5000]))
            how = self.draw.choice(["overwrite", "zero", "cut"])
            with self.subTest(file=str(file), begin=begin, count=count, how=how):
                self.put_back()
                with open(self.collection / file, "r+b") as target:
                    target.seek(begin)
                    old = target.read(count)
                    target.seek(begin)
                    if how == "cut":
                        target.truncate(begin)
                    else:
                        target.write(bytes(count) if how == "zero" else self.draw.randbytes(count))
                    target.seek(begin)
                    if target.read(count) == old:
                        continue
                damage = self.json(*self.where, "verify", code=1)["damage"]
                self.assertIn(str(file), [each["file"] for each in damage])
                for answer, wanted in zip(self.answers(), right):
                    self.assertIn(answer, ["corrupt", wanted])
                result = self.run_raw("--json", *self.where, "repair")
                if result.code != 0:
                    # Beyond repair: the sentence names a remedy, which works.
                    self.assertEqual(result.document["error"]["code"], "corrupt")
                    self.assertIn("index again", result.document["error"]["message"])
                    continue
                self.assertEqual(self.json(*self.where, "verify")["damage"], [])
                for space in self.spaces:
                    self.json(*self.where, "index", "--space", space)
                self.assertEqual(self.json(*self.where, "verify")["damage"], [])
                again = self.answers()
                self.assertNotIn("corrupt", again)
                status = self.json(*self.where, "status")
                self.assertEqual(status["items"], len(list(self.photos.glob("p*.png"))))
                for space in status["spaces"]:
                    self.assertEqual((space["rows"], space["behind"]), (status["items"], 0))

    def damages(self):
        """(description, file, its bytes then), for every page and the first bytes of every file."""
        for file in self.files:
            data = (self.saved / file).read_bytes()
            for at in range(min(192, len(data))):
                yield f"{file}: byte {at}", file, changed(data, at, bytes([data[at] ^ 1 << at % 8]))
            for page in range(0, len(data), PAGE):
                old = data[page:page + PAGE]
                bit = random.Random(f"{SEED} {file} {page}").randrange(8 * len(old))
                flipped = bytes([old[bit // 8] ^ 1 << bit % 8])
                yield f"{file}: bit {bit} of page {page}", file, changed(data, page + bit // 8, flipped)
                yield f"{file}: zeros in page {page}", file, changed(data, page, bytes(len(old)))
                yield f"{file}: cut at page {page}", file, data[:page]
                after = data[page + PAGE:page + 2 * PAGE]
                if len(after) == PAGE:
                    yield (f"{file}: page {page} and the next one swapped", file,
                           changed(data, page, after + old))
            yield f"{file}: a page more", file, data + bytes(PAGE)
            yield f"{file}: itself once more", file, data + data

    def test_damage_of_every_page_is_found_and_never_answered_with(self):
        self.json(*self.where, "map", "--method", "pca", "--name", "m")
        self.keep()
        cases = [case for case in self.damages() if case[2] != (self.saved / case[1]).read_bytes()]
        if "ALIKE_DAMAGE" in os.environ:
            cases = [case for case in cases if os.environ["ALIKE_DAMAGE"] in case[0]]
        elif not support.DEEP:
            cases = random.Random(SEED).sample(cases, SAMPLE)
        right = self.answers()
        found = served = refused = 0
        for what, file, data in cases:
            with self.subTest(what):
                self.put_back()
                (self.collection / file).write_bytes(data)
                verified = self.run_raw("--json", *self.where, "verify")
                self.assertIn(verified.code, (0, 1), str(verified))
                told = verified.code == 1
                found += told
                answers = self.answers()
                wrong = [each for each in zip(answers, right) if each[0] not in ("corrupt", each[1])]
                self.assertEqual(wrong, [])
                refused += answers.count("corrupt")
                served += len(answers) - answers.count("corrupt")
                # Bytes behind the end that the catalog counts to are unused.
                self.assertTrue(told or "more" in what and "vectors" in what, "it was not found")
        print(f"{len(cases)} damages, {found} found; searches meanwhile: {served} right, {refused} refused, "
              f"0 wrong; seed {SEED}", flush=True)

    def test_an_old_copy_of_a_file_is_found_or_does_no_harm(self):
        """Found by verify, or the answers are right: codes and graphs that are behind are."""
        map_ = [*self.where, "map", "--method", "pca", "--name", "m"]
        self.json(*map_)
        self.keep()
        old = {file: (self.saved / file).read_bytes() for file in self.files}
        self.pictures(30, start=100)
        for space in self.spaces:
            self.json(*self.where, "index", "--space", space)
        self.json(*map_)
        self.keep()
        right = self.answers()
        told = {}
        for file, data in old.items():
            if file in self.files and data != (self.saved / file).read_bytes():
                with self.subTest(str(file)):
                    self.put_back()
                    (self.collection / file).write_bytes(data)
                    told[str(file)] = self.run_raw("--json", *self.where, "verify").code == 1
                    wrong = [each for each in zip(self.answers(), right)
                             if each[0] not in ("corrupt", each[1])]
                    self.assertEqual(wrong, [])
        self.assertTrue(told.get("maps/m.map"), told)
        self.assertTrue(told["catalog.db"] and told["catalog.sum"], told)
        print(f"an old copy put back of {len(told)} files: {sum(told.values())} found, the others harmless",
              flush=True)


def changed(data, at, piece):
    return data[:at] + piece + data[at + len(piece):]


if __name__ == "__main__":
    support.main()
