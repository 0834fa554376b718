"""Hostile arrays, .npy and faiss: `import` and `search --vectors` refuse them or take the
numbers that are there, within bounds of memory and processor time.

Crafted files always; random mutants of good ones 6 unless ALIKE_DEPTH is "all", then 2,000. ALIKE_SEED draws
them, ALIKE_MUTANT=N runs one.
"""

import os
import pathlib
import random
import resource
import struct

import support

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "index/golden"
SEED = int(os.environ.get("ALIKE_SEED", "1"))
MUTANTS = 2000 if support.DEEP else 6
MEMORY = 6 << 30
SANITIZED = not (pathlib.Path(support.SAMPLES).parent / "libfailing_malloc.so").exists()
PROCESSOR_SECONDS = 20
MOST = 1 << 62
ONES = b"\xff" * 8

# Where the numbers lie that say how much follows, or how it is divided. All else that is read is rows.
COUNTS = {
    "ivf_by_position": {"lists": 37, "numbers of the quantizer": 90, "positions": 171, "lists kept": 343,
                        "bytes of a row": 351, "sizes": 363, "rows of the first list": 371,
                        "rows of the last list": 387},
    "hnsw": {"chances of levels": 37, "links up to levels": 197, "levels": 285, "begins": 373, "links": 549,
             "numbers of the rows": 1250},
    "pq_8_bits": {"columns": 37, "parts": 45, "bits": 53, "centroids": 61, "codes": 4165},
}
CODES = {"pq_8_bits": 4173}  # from here on any byte is the code of some row


def bounds():
    if not SANITIZED:  # a sanitizer takes terabytes of addresses
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def npy(head, body=bytes(24), version=1, length=None):
    """A .npy with any text as its head."""
    text = head if isinstance(head, bytes) else head.encode()
    size = len(text) if length is None else length
    return (b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", size) + text +
            body)


def head(shape="(2, 3)", descr="'<f4'", order="False"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


def hostile_npy():
    return {
        "rows without end": npy(head(f"({MOST}, 3)")),
        "columns without end": npy(head(f"(2, {MOST})")),
        "a product that wraps to 24 bytes": npy(head("(4611686018427387906, 3)")),
        "a product that wraps to nothing": npy(head("(4294967296, 4294967296)")),
        "more than 64 bits": npy(head("(99999999999999999999999, 3)")),
        "fewer than none": npy(head("(-2, 3)")),
        "no rows but columns without end": npy(head(f"(0, {MOST})"), b""),
        "rows without columns": npy(head(f"({MOST}, 0)"), b""),
        "a thousand axes": npy(head("(" + "1, " * 1000 + ")")),
        "no axes": npy(head("()"), bytes(4)),
        "an object": npy(head(descr="'|O'"), b"cos\nsystem\n(S'touch sentinel'\ntR."),
        "a structured type": npy(head(descr="[('a', '<f4')]")),
        "a nested type": npy(head(descr="[" * 5000)),
        "a call": npy("__import__('os').system('touch sentinel')\n"),
        "a call in the shape": npy(head("(__import__('os').system('touch sentinel'), 3)")),
        "a key twice": npy("{'descr': '<f4', 'descr': '|O', 'shape': (2, 3), }"),
        "brackets without end": npy("(" * 60000),
        "a text without end": npy("{'descr': '" + "x" * 60000),
        "a head longer than the file": npy(head(), length=65535),
        "a head of 4 GB": npy(head(), version=2, length=0xFFFFFFFF),
        "no head": npy("", b""),
        "version 0": npy(head(), version=0),
        "version 255": npy(head(), version=255),
        "a zero in the head": npy(head().replace("descr", "des\0cr")),
        "numbers that overflow": npy(head("(1, 1)", "'<f8'"), struct.pack("<d", 1e300)),
        "numbers that are none": npy(head(), struct.pack("<f", float("nan")) * 6),
        "bytes the other way round": npy(head(descr="'>f4'")),
        "strings": npy(head(descr="'<U4'"), bytes(96)),
    }


def flat(letters=b"IxF2", width=6, rows=20, trained=1, metric=1, count=120, body=bytes(480)):
    return (letters + struct.pack("<iqqqBi", width, rows, 1 << 20, 1 << 20, trained, metric) +
            struct.pack("<Q", count) + body)


def nested(depth):
    return (b"IxM2" + struct.pack("<iqqqBi", 6, 20, 1 << 20, 1 << 20, 1, 1)) * depth + flat()


def hostile_faiss():
    files = {
        "rows without end": flat(rows=MOST),
        "fewer rows than none": flat(rows=-1),
        "no columns": flat(width=0),
        "fewer columns than none": flat(width=-6),
        "columns without end": flat(width=0x7FFFFFFF),
        "a list without end": flat(count=MOST),
        "a list whose bytes wrap": flat(count=(1 << 62) + 120),
        "fewer numbers than rows": flat(count=60, body=bytes(240)),
        "a metric that needs a number": flat(metric=22),
        "maps in maps": nested(4000),
        "an unknown kind": flat(letters=b"IxZZ"),
    }
    for name, counts in COUNTS.items():
        good = (GOLDEN / f"{name}.faiss").read_bytes()
        for what, at in {"rows": 8, **counts}.items():
            files[f"{name} with all ones as its {what}"] = good[:at] + ONES + good[at + 8:]
        files[f"{name} cut in the middle"] = good[:len(good) // 2]
    return files


class HostileArrays(support.TestCase):

    def setUp(self):
        super().setUp()
        (self.folder / "good.npy").write_bytes(support.npy([[float(i)] + [1.0] * 5 for i in range(20)]))
        self.json("import", "good.npy", "--space", "s")

    def give(self, data, name):
        """Both verbs get the file; returns the rows as .npy when it was taken."""
        (self.folder / name).write_bytes(data)
        codes = []
        for words in (["import", name, "--space", "new"],
                      ["search", "--vectors", name, "--space", "s", "-k", "2", "--out", "ids.npy"]):
            result = self.run_raw("--json", *words, cwd=self.folder, preexec_fn=bounds)
            self.assertIn(result.code, (0, 1, 2), str(result))
            if result.code != 0:
                self.assertTrue(result.document["error"]["message"])
            codes.append(result.code)
        self.assertFalse((self.folder / "sentinel").exists())
        spaces = [each["name"] for each in self.json("spaces")]
        self.assertEqual("new" in spaces, codes[0] == 0)
        if codes[0] != 0:
            return None
        self.json("export", "rows.npy", "--space", "new")
        self.json("spaces", "remove", "new")
        return (self.folder / "rows.npy").read_bytes()

    def give_all(self, files, name):
        for what, data in files.items():
            with self.subTest(what):
                self.assertIsNone(self.give(data, name), "it was taken")
        self.assertEqual(self.json("verify")["damage"], [])
        print(f"{len(files)} hostile files like {name}", flush=True)

    def test_npy(self):
        self.give_all(hostile_npy(), "x.npy")

    def test_faiss(self):
        self.give_all(hostile_faiss(), "x.faiss")

    def test_faiss_whose_graph_is_damaged_gives_its_own_rows(self):
        """alike passes over parts that only a search by faiss needs: graphs, quantizers, centroids that no row has.
        Eight bytes of ones there, or anywhere but in a count, cost the file or nothing."""
        taken = tried = 0
        for name in COUNTS:
            good = (GOLDEN / f"{name}.faiss").read_bytes()
            rows = (GOLDEN / f"{name}.npy").read_bytes()
            self.assertEqual(self.give(good, "x.faiss"), rows)
            end = CODES.get(name, len(good)) - len(ONES)
            for at in range(45, end, 4 if support.DEEP else end // 6):
                with self.subTest(f"{name} with ones at {at}"):
                    found = self.give(good[:at] + ONES + good[at + 8:], "x.faiss")
                    self.assertIn(found, (None, rows))
                    taken += found is not None
                    tried += 1
        self.assertGreater(taken, 0)
        print(f"{tried} damaged graphs and rows, {taken} taken, with the rows that faiss gives", flush=True)

    def test_mutants(self):
        good = sorted([*GOLDEN.glob("*.faiss"), *GOLDEN.glob("*.npy")])
        taken = 0
        one = os.environ.get("ALIKE_MUTANT")
        for i in [int(one)] if one else range(MUTANTS):
            draw = random.Random(f"{SEED} {i}")
            file = draw.choice(good)
            data = bytearray(file.read_bytes())
            for _ in range(draw.randrange(1, 5)):
                at = draw.randrange(min(len(data), draw.choice([64, 200, len(data)])))
                odd = draw.choice([b"\0" * 8, b"\xff" * 8, b"\xff\xff\xff\x7f", draw.randbytes(1)])
                data[at:at + len(odd)] = odd
            with self.subTest(f"ALIKE_SEED={SEED} ALIKE_MUTANT={i} {file.name}"):
                taken += self.give(bytes(data), "x" + file.suffix) is not None
        print(f"{MUTANTS} mutants, {taken} taken, seed {SEED}", flush=True)


if __name__ == "__main__":
    support.main()
