"""Hostile collections: each kind would make a careless program change or
remove files outside, hang, or crash.

A kind is a function that is given a sound collection (its `.alike`), which it changes, and a folder
outside, whose files must stay as they are; `KINDS` has them by name. `OUTSIDE` names those files.
A kind that cannot be made here, such as a device without being root, raises `Impossible`.
"""

import os
import pathlib
import shutil
import socket
import stat

KINDS = {}


class Impossible(Exception):
    pass


def kind(name):
    def add(plant):
        assert name not in KINDS, name
        KINDS[name] = plant
        return plant
    return add


def make_outside(outside, collection):
    """The files that must stay as they are: a text, and a whole copy of the collection, so that what
    leads there is not refused for its content alone."""
    outside.mkdir()
    (outside / "thesis.txt").write_text("precious\n")
    shutil.copytree(collection, outside / "copy")
    (outside / "copy" / "diary.txt").write_text("precious\n")


def space_of(collection):
    """The folder of the first space, such as "spaces/tiny"."""
    return sorted(each for each in (collection / "spaces").iterdir())[0].relative_to(collection)


def clear(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)


# The names that alike opens, makes or removes below `.alike`; SPACE stands for the first space.
FILES = ["lock", "catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.sum", "catalog.sum.new",
         "scores.json", "SPACE/vectors-0000.seg", "SPACE/vectors-0001.seg", "SPACE/codes-0000.seg",
         "SPACE/codes-0000.seg.new", "SPACE/graph.seg", "SPACE/graph.seg.new", "maps/hostile.map",
         "SPACE/vectors-9999.seg"]
FOLDERS = ["spaces", "SPACE", "maps", "salvage", "spaces/unknown"]


def place(collection, name):
    return collection / name.replace("SPACE", str(space_of(collection)))


def twin(collection, outside, name):
    """The file of the copy outside that has the same name, made when it is not there."""
    path = place(outside / "copy", name)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text("precious\n")
    return path


def link_to_text(name):
    def plant(collection, outside):
        path = place(collection, name)
        clear(path)
        path.symlink_to(outside / "thesis.txt")
    return plant


def link_to_twin(name):
    def plant(collection, outside):
        path, victim = place(collection, name), twin(collection, outside, name)
        clear(path)
        path.symlink_to(os.path.relpath(victim, path.parent))
    return plant


def hard_link(name):
    def plant(collection, outside):
        path, victim = place(collection, name), twin(collection, outside, name)
        clear(path)
        path.hardlink_to(victim)
    return plant


def pipe(name):
    def plant(collection, outside):
        clear(place(collection, name))
        os.mkfifo(place(collection, name))
    return plant


def unix_socket(name):
    def plant(collection, outside):
        clear(place(collection, name))
        here = os.getcwd()
        os.chdir(place(collection, name).parent)  # a path of a socket is short
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(place(collection, name).name)
        finally:
            os.chdir(here)
    return plant


def device(name):
    """/dev/zero, which never ends."""
    def plant(collection, outside):
        clear(place(collection, name))
        try:
            os.mknod(place(collection, name), stat.S_IFCHR | 0o666, os.makedev(1, 5))
        except PermissionError as error:
            raise Impossible(str(error))
    return plant


def folder_instead(name):
    def plant(collection, outside):
        clear(place(collection, name))
        place(collection, name).mkdir()
        (place(collection, name) / "file").write_text("x")
    return plant


def huge(name):
    """A terabyte that takes no room."""
    def plant(collection, outside):
        path = place(collection, name)
        with open(path, "ab") as file:
            try:
                file.truncate(1 << 40)
            except OSError as error:
                raise Impossible(str(error))
    return plant


def head_of_millions(name):
    """The head of the first group says 2^24 rows of 2^24 numbers."""
    def plant(collection, outside):
        with open(place(collection, name), "r+b") as file:
            file.seek(16)
            file.write((1 << 24).to_bytes(4, "little") * 2)
    return plant


for make, names in [(link_to_text, FILES), (link_to_twin, FILES), (hard_link, FILES),
                    (pipe, FILES[:-1]), (unix_socket, FILES[:6:2] + FILES[7:13:2]),
                    (device, FILES[:-1]), (folder_instead, FILES[:-1]),
                    (huge, ["lock", "catalog.db", "catalog.db-wal", "catalog.sum",
                            "SPACE/vectors-0000.seg", "SPACE/codes-0000.seg", "maps/hostile.map"]),
                    (head_of_millions, ["SPACE/vectors-0000.seg", "SPACE/codes-0000.seg"])]:
    for each in names:
        kind(f"{make.__name__}:{each}")(make(each))


def folder_link(name):
    def plant(collection, outside):
        path = place(collection, name)
        victim = place(outside / "copy", name)
        victim.mkdir(exist_ok=True)
        (victim / "vectors-0000.txt").write_text("precious\n")
        clear(path)
        path.symlink_to(victim)
    return plant


for each in FOLDERS:
    kind(f"folder_link:{each}")(folder_link(each))


@kind("link_to_itself")
def link_to_itself(collection, outside):
    clear(collection / "lock")
    (collection / "lock").symlink_to("lock")


@kind("the_collection_is_a_link")
def the_collection_is_a_link(collection, outside):
    shutil.rmtree(collection)
    collection.symlink_to(outside / "copy")


@kind("nested_too_deep")
def nested_too_deep(collection, outside):
    here = os.open(collection / "spaces", os.O_RDONLY)
    for i in range(3000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


@kind("journal_that_names_a_file")
def journal_that_names_a_file(collection, outside):
    """SQLite plays back a journal that it finds, and then removes the file that it names as its
    super-journal. Format: sqlite.org/fileformat2.html, "The Rollback Journal"."""
    database = collection / "catalog.db"
    pages = database.stat().st_size // 4096
    head = bytes.fromhex("d9d505f920a163d7") + b"".join(
        each.to_bytes(4, "big") for each in (0, 7, pages, 512, 4096))
    victim = os.fsencode(outside / "thesis.txt")
    end = (victim_page := (1 << 30) // 4096 + 1).to_bytes(4, "big") + victim
    end += len(victim).to_bytes(4, "big") + sum(map(int, victim)).to_bytes(4, "big")
    (collection / "catalog.db-journal").write_bytes(
        head.ljust(512, b"\0") + end + bytes.fromhex("d9d505f920a163d7"))
    for name in ("catalog.db-wal", "catalog.db-shm"):
        (collection / name).unlink(missing_ok=True)


@kind("hundred_thousand_files")
def hundred_thousand_files(collection, outside):
    folder = collection / "spaces" / "unknown"
    folder.mkdir()
    for i in range(20_000):
        (folder / f"vectors-{i:05}.seg").touch()


def remove(path):
    """As shutil.rmtree, also of folders nested deeper than Python calls itself."""
    os.system("rm -rf -- '" + str(path).replace("'", "'\\''") + "'")
