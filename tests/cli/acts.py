"""Acts of the program that can be cut short, and the state that must hold afterwards.

An act is a command that changes a collection. `Stage.before` is a folder in which it can be done, and
`after` the result when nothing disturbs it; `check_cut` compares a folder in which it was cut
short with both. Only for the `*_deep_test.py`, which cut in different ways.
"""

import concurrent.futures
import dataclasses
import itertools
import os
import pathlib
import random
import shutil
import struct
import subprocess
import tempfile

import support

DEEP = support.DEEP
SEED = int(os.environ.get("ALIKE_SEED", "1"))
WORKERS = int(os.environ.get("ALIKE_WORKERS", "2"))
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
OLDER = (1, 2)  # formats of which tests/cli/versionN is a collection
ROWS = 24  # pictures at the start; rows of s have 64 KiB, so that there is a commit every 16


@dataclasses.dataclass
class Act:
    """One command. `collection` is where it works; `spaces` exist after it."""

    name: str
    words: list
    spaces: list
    collection: str = "photos"
    before: dict = dataclasses.field(default_factory=dict)  # space → {path: row}
    after: dict = dataclasses.field(default_factory=dict)
    files: list = dataclasses.field(default_factory=list)  # of the collection, afterwards
    answer: dict = dataclasses.field(default_factory=dict)


def acts():
    index = ["-C", "photos", "index"]
    return [
        Act("first", [*index, "--encoder", "wide", "--layer", "relu1", "--pooling", "none", "--space",
                      "s"], ["s"]),
        Act("space", [*index, "--encoder", "tiny", "--space", "t"], ["s", "t"]),
        Act("change", index, ["s", "t"]),
        Act("graph", [*index, "--space", "t", "--index", "graph"], ["s", "t"]),
        Act("map", ["-C", "photos", "map", "--space", "t", "--method", "pca", "--name", "m"], ["s", "t"]),
        Act("compact", ["-C", "photos", "compact"], ["s", "t"]),
        Act("snapshot", ["-C", "photos", "snapshot", "../all.snapshot"], ["s", "t"]),
        Act("restore", ["restore", "all.snapshot", "there"], ["s", "t"], "there"),
        Act("repair", ["-C", "photos", "repair"], ["s", "t"]),
        Act("import", ["-C", "photos", "import", "../x.npy", "--paths", "../x.paths", "--space", "i"],
            ["s", "t", "i"]),
        *(Act(f"migrate{version}", ["-C", f"old{version}", "spaces", "default", "wide"], ["tiny", "wide"], f"old{version}")
          for version in OLDER),
    ]


class Stages(support.TestCase):
    """Makes the folder that each act begins in, once. `acts` are those that are tried: all of them where
    ALIKE_DEPTH is "all", otherwise `FEW`; those that ALIKE_ACT names, if it is set."""

    FEW = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_encoder("wide", "open.onnx", "--size", "128")
        cls.memory = pathlib.Path(tempfile.mkdtemp(prefix="alike-acts-", dir=MEMORY))
        cls.addClassCleanup(shutil.rmtree, cls.memory, ignore_errors=True)
        every = acts()
        cls.acts = {act.name: act for act in every if act.name in cls.chosen_names(every)}
        stage = cls.memory / "making"
        (stage / "photos").mkdir(parents=True)
        cls.draw_pictures(stage, 0, ROWS)
        for act in every:
            cls.prepare(act, stage)
            if act.name in cls.acts:
                cls.keep_before(act, stage)
            done = cls.run_act(act, stage)
            assert done.code == 0, str(done)
            if act.name in cls.acts:
                cls.keep_after(act, stage)

    @classmethod
    def chosen_names(cls, every):
        names = [act.name for act in every]
        if "ALIKE_ACT" in os.environ:
            return os.environ["ALIKE_ACT"].split()
        return names if DEEP else random.Random(f"{SEED}{cls.__name__}").sample(names, cls.FEW)

    @staticmethod
    def draw_pictures(stage, begin, end):
        for i in range(begin, end):
            (stage / f"photos/{i:04}.png").write_bytes(support.png(i))

    @classmethod
    def prepare(cls, act, stage):
        """Files needed for this act besides those that earlier acts left."""
        photos = stage / "photos"
        if act.name in ("change", "compact"):
            begin = len(list(photos.glob("*.png")))
            for path in sorted(photos.glob("*.png"))[:5]:
                path.unlink()
            if act.name == "change":
                cls.draw_pictures(stage, 100 + begin, 120 + begin)
            else:  # rows that are dead
                for space in act.spaces:
                    assert cls.run_raw("index", "--space", space, cwd=photos).code == 0
        if act.name == "repair":
            flip(photos / ".alike/spaces/t/graph.seg", 900)
            flip(next((photos / ".alike/spaces/s").glob("vectors-*.seg")), 5000)
        if act.name.startswith("migrate"):
            (stage / act.collection).mkdir()
            old = pathlib.Path(__file__).parent / act.name.replace("migrate", "version")
            shutil.copytree(old / "collection", stage / act.collection / ".alike")
        if act.name == "import":
            names = sorted(path.name for path in photos.glob("*.png"))
            rows = [[float((i + 2) * k % 7) for k in range(64)] for i in range(len(names))]
            (stage / "x.npy").write_bytes(support.npy(rows))
            (stage / "x.paths").write_text("".join(f"{name}\n" for name in names))

    @classmethod
    def keep_before(cls, act, stage):
        shutil.copytree(stage, cls.memory / act.name)
        act.before = cls.rows_of(act, stage)
        if act.name == "repair":
            act.before["s"] = {}  # damaged, so that it cannot be exported

    @classmethod
    def keep_after(cls, act, stage):
        act.after = cls.rows_of(act, stage)
        act.files = files_of(stage / act.collection)
        act.answer = cls.answers(act, stage)

    @classmethod
    def stage(cls, act):
        """A copy of the folder that the act begins in; the caller removes it."""
        copy = pathlib.Path(tempfile.mkdtemp(prefix=act.name, dir=cls.memory)) / "stage"
        shutil.copytree(cls.memory / act.name, copy)
        return copy

    @classmethod
    def command(cls, act):
        return [support.PROGRAM, "--json", "--threads", "1", *act.words]

    @classmethod
    def run_act(cls, act, stage, *before):
        """The act, after the words of another program that runs it."""
        command = [*before, *cls.command(act)]
        done = subprocess.run(command, cwd=stage, env=cls.environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=support.SECONDS)
        return support.Result(command, done.returncode, done.stdout, done.stderr)

    @classmethod
    def rows_of(cls, act, stage):
        """Every row by path, for each space there is; of a damaged one its error."""
        found = {}
        if not (stage / act.collection / ".alike/catalog.db").exists():
            return found
        for space in act.spaces:
            file = stage / "rows.npy"
            result = cls.run_raw("--json", "export", file, "--space", space,
                                 cwd=stage / act.collection)
            if result.code == 0:
                found[space] = rows_in(file)
            elif "has no rows" in result.errors:
                found[space] = {}
            elif result.document["error"]["code"] != "not_found":
                found[space] = result.document["error"]["message"]
            for path in stage.glob("rows.*"):
                path.unlink()
        return found

    @classmethod
    def answers(cls, act, stage):
        """The answer to a search in each space."""
        found = {}
        for space in act.spaces:
            document = cls.run_raw("--json", "search", "id:20", "-k", "1000", "--space", space,
                                   cwd=stage / act.collection).document
            if "error" in document:
                found[space] = document["error"]
                continue
            found[space] = sorted((round(each["distance"], 4), each["path"] or "")
                                  for each in document["results"])
        return found

    def check_cut(self, act, stage, done, clean=True, told=0):
        """Nothing acknowledged is lost, nothing is there that should not be, all can be gone on
        with. `done`: the act had said that it is; `clean`: no damage, not even one that repair
        mends; `told`: rows that had been reported by then."""
        folder = stage / act.collection
        if act.name == "snapshot" and done:
            self.assertTrue((stage / "all.snapshot").exists(), "the snapshot is not there")
        if not (folder / ".alike/catalog.db").exists():
            self.assertFalse(act.before or done or told, "the collection has gone")
        else:
            self.check_whole(act, folder, clean)
            self.check_rows(act, self.rows_of(act, stage), done, told)
        self.check_again(act, stage)

    def check_whole(self, act, folder, clean):
        verified = self.run_raw("--json", "verify", cwd=folder)
        damage = verified.document.get("damage", verified.document)
        if damage == [] or act.name == "repair":
            return
        self.assertFalse(clean, str(verified))
        for words in (["repair"], ["verify"]):
            result = self.run_raw("--json", *words, cwd=folder)
            self.assertEqual(result.code, 0, str(result))

    def check_rows(self, act, found, done, told):
        fresh = [path for space, rows in found.items() for path in rows
                 if isinstance(rows, dict) and path not in act.before.get(space, {})]
        self.assertGreaterEqual(len(fresh), told, "less is there than was reported")
        for space in act.spaces:
            before, after = act.before.get(space, {}), act.after[space]
            rows = found.get(space, {})
            if act.name == "repair" and not done and isinstance(rows, str):
                continue  # damaged it was before
            self.assertNotIsInstance(rows, str, f"space {space} cannot be read")
            both = {path for path in before if path in after and before[path] == after[path]}
            lost = [path for path in (after if done else both) if path not in rows]
            self.assertEqual(lost, [], f"rows of space {space} have gone")
            wrong = [path for path, row in rows.items()
                     if row not in (before.get(path), after.get(path))]
            self.assertEqual(wrong, [], f"rows of space {space} are none of a picture")

    def check_again(self, act, stage):
        """The same command a second time gives the undisturbed result."""
        if act.name == "snapshot":
            if (stage / "all.snapshot").exists():
                self.check_snapshot(act, stage)
                (stage / "all.snapshot").unlink()
        exists = (stage / "there/.alike").exists()
        twice = exists or "i" in self.rows_of(act, stage)
        unsummed = catalog_without_sum(stage / act.collection)
        result = self.run_act(act, stage)
        if not twice or result.code == 0:
            self.assertEqual(result.code, 0, str(result))
        self.assertEqual(self.rows_of(act, stage), act.after)
        self.assertEqual(self.answers(act, stage), act.answer)
        if unsummed and unsummed == catalog_without_sum(stage / act.collection):
            self.check_sum_comes_back(stage / act.collection)
        found, files = files_of(stage / act.collection), act.files
        if result.code != 0:  # all was restored but files made from the rows
            found, files = ([file for file in each if not file.endswith("/graph.seg")]
                            for each in (found, files))
        self.assertEqual(found, files)
        if result.code == 0:
            drafts = [*stage.glob(".alike-draft-*"), *stage.glob("*/.alike-draft-*")]
            self.assertEqual(drafts, [], "a draft has been left behind")
        verified = self.run_raw("--json", "verify", cwd=stage / act.collection)
        self.assertEqual(verified.code, 0, str(verified))
        if act.name == "snapshot":
            self.check_snapshot(act, stage)

    def check_sum_comes_back(self, folder):
        """A checkpoint that failed leaves no catalog.sum (docs/file-formats.md), and a command that finds
        nothing to do does not write one; the next writer does."""
        result = self.run_raw("--json", "repair", cwd=folder)
        self.assertEqual(result.code, 0, str(result))
        self.assertTrue((folder / ".alike/catalog.sum").exists(), "no writer brings catalog.sum back")

    def check_snapshot(self, act, stage):
        """A snapshot that has its name is whole."""
        result = self.run_raw("restore", "all.snapshot", "whole", cwd=stage)
        self.assertEqual(result.code, 0, str(result))
        copy = dataclasses.replace(act, collection="whole")
        self.assertEqual(self.rows_of(copy, stage), act.after)
        shutil.rmtree(stage / "whole")

    def each_at_once(self, work, cases):
        """Calls work(case) for all, some at a time; returns how many there were, and those that failed,
        with why."""
        cases, count, failed = iter(cases), 0, []
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            while batch := list(itertools.islice(cases, 8 * WORKERS)):
                count += len(batch)
                for case, job in [(case, pool.submit(work, case)) for case in batch]:
                    error = job.exception()
                    if error is not None:
                        failed.append(f"{case}: {str(error)[:1500]}")
                        print(failed[-1], flush=True)
        return count, failed


def flip(file, offset):
    """Changes a byte by more than one bit, so that it cannot be mended."""
    with open(file, "r+b") as target:
        target.seek(offset)
        old = target.read(2)
        target.seek(offset)
        target.write(bytes(each ^ 0x3c for each in old))


def rows_in(file):
    """{path, or number where there are none: the bytes of the row} of an exported array."""
    data = file.read_bytes()
    size = 10 + struct.unpack("<H", data[8:10])[0]
    n, width = eval(data[10:size], {"__builtins__": {}})["shape"]
    paths = file.with_suffix(".paths")
    names = paths.read_text().splitlines() if paths.exists() else [str(i) for i in range(n)]
    assert len(set(names)) == len(names), "a picture stands there twice"
    return {name: hash(data[size + 4 * width * i:size + 4 * width * (i + 1)])
            for i, name in enumerate(names)}


def catalog_without_sum(folder):
    """The bytes of a catalog, changes included, that has no catalog.sum; nothing where it has one."""
    catalog = [folder / ".alike/catalog.db", folder / ".alike/catalog.db-wal"]
    if (folder / ".alike/catalog.sum").exists() or not catalog[0].exists():
        return None
    return [file.read_bytes() for file in catalog if file.exists()]


def files_of(folder):
    """The names of the files in a collection, without those that SQLite has while it is open."""
    return sorted(path.relative_to(folder).as_posix() for path in (folder / ".alike").rglob("*")
                  if not path.name.startswith("catalog.db-"))
