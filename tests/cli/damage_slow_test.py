"""One flipped bit, again and again, over all files of a collection. ALIKE_FLIPS says how often, 50
unless set, 200 in full depth; ALIKE_SEED where."""

import os
import random
import shutil

import support

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
        self.saved = self.folder / "saved"
        shutil.copytree(self.collection, self.saved)
        self.files = sorted(path.relative_to(self.saved) for path in self.saved.rglob("*")
                            if path.is_file() and path.stat().st_size > 0)

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
        """What each query answers, or the code of its error."""
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
                    # Beyond repair: the sentence says what helps, and that does.
                    self.assertEqual(result.document["error"]["code"], "corrupt")
                    self.assertRegex(result.document["error"]["message"], "alike .*index")
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


if __name__ == "__main__":
    support.main()
