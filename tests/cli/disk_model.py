"""A file system as a power cut leaves it: the durable files after each system call of a trace.

Two sets of rules. `posix`: fsync of a file makes its data durable, fsync of a folder its names, and
nothing else does. `ext4`: fsync also carries the names of the synced file, up to the root.
"""

import hashlib
import os
import random
import re

RULES = ("ext4", "posix")
LOSSES = ("lost", "names", "data", "torn")  # of unsynced changes: all, the data, the names, pages
PAGE = 4096
TRACED = ("open,openat,openat2,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,"
          "rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,"
          "copy_file_range,sendfile,fsync,fdatasync,chdir")


class File:

    def __init__(self, data=b""):
        self.now, self.durable = bytearray(data), bytes(data)

    def write(self, offset, data):
        self.now[len(self.now):offset] = bytes(max(0, offset - len(self.now)))
        self.now[offset:offset + len(data)] = data

    def resize(self, size):
        del self.now[size:]
        self.now += bytes(size - len(self.now))

    def content(self, loss, draw):
        """Its bytes after a power cut with this loss."""
        if loss in ("lost", "names"):
            return self.durable
        if loss == "data" or self.now == self.durable:
            return bytes(self.now)
        made = bytearray(self.now)
        old = self.durable.ljust(len(made), b"\0")
        for page in range(0, len(made), PAGE):
            if draw.random() < 0.5:
                made[page:page + PAGE] = old[page:min(page + PAGE, len(made))]
        return bytes(made)


class Folder:

    def __init__(self):
        self.now, self.durable = {}, {}


class Disk:
    """The files below `root`, all of them durable at first."""

    def __init__(self, root, rules):
        self.root, self.rules = os.fspath(root), rules
        self.top = self._load(self.root)
        self.positions = {}  # of files written without an offset

    def _load(self, path):
        if not os.path.isdir(path):
            with open(path, "rb") as file:
                return File(file.read())
        folder = Folder()
        for name in os.listdir(path):
            folder.now[name] = self._load(os.path.join(path, name))
        folder.durable = dict(folder.now)
        return folder

    def steps(self, path):
        """The names that lead to a path from the root; None when it lies elsewhere."""
        path = os.path.normpath(path)
        if path == self.root:
            return []
        return path[len(self.root) + 1:].split("/") if path.startswith(self.root + "/") else None

    def place(self, path):
        """(folder, name) of a path below the root."""
        *above, name = self.steps(path)
        folder = self.top
        for each in above:
            folder = folder.now[each]
        return folder, name

    def node(self, path):
        node = self.top
        for each in self.steps(path):
            node = node.now[each]
        return node

    def sync(self, path):
        node = self.node(path)
        if isinstance(node, File):
            node.durable = bytes(node.now)
        else:
            node.durable = dict(node.now)
        if self.rules == "ext4":
            self._carry_names(path)

    def _carry_names(self, path):
        while self.steps(path):
            folder, name = self.place(path)
            node = folder.now[name]
            for old in [old for old, other in folder.durable.items() if other is node]:
                del folder.durable[old]
            folder.durable[name] = node
            path = os.path.dirname(path)

    def tree(self, loss, seed):
        """{path: bytes, or None for a folder} after a power cut."""
        draw = random.Random(seed)
        found = {}

        def walk(folder, above):
            names = folder.durable if loss in ("lost", "data") else folder.now
            for name, node in sorted(names.items()):
                path = above + name
                if isinstance(node, Folder):
                    found[path] = None
                    walk(node, path + "/")
                else:
                    found[path] = node.content(loss, draw)

        walk(self.top, "")
        return found

    def apply(self, call, words, data, result):
        """One call of the trace; true when it changed something below the root."""
        paths = [word for word in words
                 if self.steps(word) is not None and not word.endswith(" (deleted)")]
        if call in ("open", "openat", "openat2", "creat"):
            return self._open(result, data)
        if not paths:
            return False
        getattr(self, "_" + call)(paths, data)
        return True

    def _open(self, path, flags):
        if self.steps(path) is None or "O_CREAT" not in flags and "O_TRUNC" not in flags:
            return False
        folder, name = self.place(path)
        fresh = name not in folder.now
        self.positions[path] = 0
        if fresh:
            folder.now[name] = File()
        elif "O_TRUNC" in flags:
            folder.now[name].resize(0)
        return fresh or "O_TRUNC" in flags

    def _pwrite64(self, paths, data):
        bytes_, offset = data
        self.node(paths[0]).write(offset, bytes_)

    def _write(self, paths, data):
        at = self.positions.get(paths[0], 0)
        self.node(paths[0]).write(at, data[0])
        self.positions[paths[0]] = at + len(data[0])

    def _ftruncate(self, paths, data):
        self.node(paths[0]).resize(data)

    _truncate = _ftruncate

    def _fallocate(self, paths, mode):
        """Keeps blocks for later; only where that changes neither size nor content."""
        assert mode == "FALLOC_FL_KEEP_SIZE", f"fallocate of {paths[0]} with {mode} is not modelled"

    def _rename(self, paths, _):
        (old, old_name), (new, new_name) = self.place(paths[0]), self.place(paths[1])
        new.now[new_name] = old.now.pop(old_name)

    _renameat = _renameat2 = _rename

    def _unlink(self, paths, _):
        folder, name = self.place(paths[-1])
        del folder.now[name]

    _unlinkat = _rmdir = _unlink

    def _mkdir(self, paths, _):
        folder, name = self.place(paths[-1])
        folder.now[name] = Folder()

    _mkdirat = _mkdir

    def _fsync(self, paths, _):
        self.sync(paths[0])

    _fdatasync = _fsync


def calls_of(log, root):
    """(call, paths, data, path of the result) of every call in the log of strace that succeeded, in
    order: `strace -f -y -xx -s 100000000 -e trace=TRACED`. `data` is flags of an open, (bytes,
    offset) of a write, the new size of a file, the mode of fallocate. ("said", [], bytes, descriptor)
    is an output."""
    begun = {}
    here = os.fspath(root)
    for line in log:
        process, _, text = line.rstrip("\n").partition(" ")
        text = text.lstrip()
        if text.endswith("<unfinished ...>"):
            begun[process] = text[:-len("<unfinished ...>")].rstrip()
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", text)
        if resumed:
            text = begun.pop(process) + text[resumed.end():]
        match = re.match(r"(\w+)\((.*)\)\s+= (\d+)(?:<(.*)>)?$", text)
        if match and match[1] == "chdir":
            here = os.path.join(here, _name(match[2].strip('"')))
        elif match:
            yield from _parsed(match[1], match[2], match[4], here)


def _unhex(text):
    return bytes.fromhex(text.replace("\\x", ""))


def _parsed(call, arguments, result, here):
    words = arguments.split(", ")
    if call in ("write", "pwrite64"):
        descriptor, path = re.match(r"(\d+)<(.*)>", words[0]).groups()
        data = _unhex(re.fullmatch(r'"(.*)"', words[1])[1])
        if call == "write" and descriptor in ("1", "2"):
            yield "said", [], data, descriptor
        else:
            yield call, [_name(path)], (data, int(words[3]) if call == "pwrite64" else None), None
        return
    if call in ("open", "openat", "openat2", "creat"):
        yield call, [], arguments + (" O_CREAT O_TRUNC" if call == "creat" else ""), _name(result)
        return
    paths, above = [], None
    for word in words:
        at = re.match(r"(?:\d+|AT_FDCWD)<(.*)>$", word)
        name = re.fullmatch(r'"(.*)"', word)
        if at:
            above = _name(at[1])
            if not call.endswith(("at", "at2")):
                paths.append(above)
        elif name:
            paths.append(os.path.join(above or here, _name(name[1])))
    changed = None
    if call in ("ftruncate", "truncate", "fallocate"):
        changed = words[1] if call == "fallocate" else int(words[1])
    yield call, paths, changed, None


def _name(text):
    return os.fsdecode(_unhex(text))


def digest(tree, without=()):
    """The common form of two equal trees."""
    found = hashlib.blake2b()
    for path, data in sorted(tree.items()):
        if not path.endswith(without):
            found.update(repr((path, data is None, len(data or b""))).encode() + (data or b""))
    return found.hexdigest()
