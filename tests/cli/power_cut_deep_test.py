"""Power cuts at every system call of an act, replayed from a trace (disk_model.py).

A sample of the states unless ALIKE_DEPTH is "all"; ALIKE_SEED chooses it and which pages are torn.
ALIKE_ACT=NAME runs one act, ALIKE_CUT=RULES:LOSS:N one state of it.
"""

import collections
import os
import pathlib
import pty
import random
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

import acts
import disk_model
import support

ONLY = os.environ.get("ALIKE_CUT")


class Cut:
    """A state of the disk: its origin, its files, and the output before it."""

    def __init__(self, act, rules, loss, number, tree, done, told):
        self.act, self.rules, self.loss, self.number = act, rules, loss, number
        self.tree, self.done, self.told = tree, done, told

    def __str__(self):
        return f"ALIKE_ACT={self.act.name} ALIKE_CUT={self.rules}:{self.loss}:{self.number}"


@unittest.skipUnless(acts.support.can_trace(), "strace cannot be used here")
class PowerCut(acts.Stages):

    FEW = 2

    def trace(self, act):
        """The log of an undisturbed run that reports to a terminal, and the folder it ran in."""
        stage = self.stage(act)
        log = stage.parent / "log"
        terminal, end = pty.openpty()
        reader = threading.Thread(target=self.drain, args=(terminal,))
        reader.start()
        command = ["strace", "-f", "-y", "-xx", "-qq", "--seccomp-bpf", "-s", "100000000", "-o", log, "-e",
                   "trace=" + ",".join("?" + call for call in disk_model.TRACED.split(",")),
                   support.PROGRAM, "--threads", "1", *act.words]
        done = subprocess.run(command, cwd=stage, env=self.environment, stdout=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, stderr=end, timeout=support.SECONDS)
        os.close(end)
        reader.join()
        self.assertEqual(done.returncode, 0, done.stdout)
        return stage, log

    @staticmethod
    def drain(terminal):
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:  # how a terminal says that the other side has gone
            os.close(terminal)

    def cuts(self, act, rules):
        """Every different state of the disk, one after each call that changed it."""
        stage, log = self.trace(act)
        disk = disk_model.Disk(self.memory / act.name, rules)
        disk.root = os.fspath(stage)
        done, told, number, seen = False, 0, 0, set()
        with open(log, encoding="ascii", errors="replace") as lines:
            for call, paths, data, result in disk_model.calls_of(lines, stage):
                if call == "said":
                    done = done or result == "1"
                    counts = re.findall(rb"([\d,]+) of [\d,]+ pictures", data)
                    if act.name in ("first", "space", "change"):  # a graph counts rows that were there
                        told = max([told, *(int(each.replace(b",", b"")) for each in counts)])
                elif disk.apply(call, paths, data, result):
                    number += 1
                else:
                    continue
                for loss in disk_model.LOSSES:
                    tree = disk.tree(loss, f"{acts.SEED}{act.name}{number}")
                    key = (disk_model.digest(tree, (".png", "-shm")), done, told)
                    if key not in seen:
                        seen.add(key)
                        yield Cut(act, rules, loss, number, tree, done, told)
        shutil.rmtree(stage.parent)

    def chosen(self, act, rules):
        if ONLY:
            return [cut for cut in self.cuts(act, rules) if str(cut).endswith("=" + ONLY)]
        if acts.DEEP:
            return self.cuts(act, rules)
        draw = random.Random(f"{acts.SEED}{act.name}{rules}")
        kept, seen = {}, collections.Counter()
        for cut in self.cuts(act, rules):  # one of each loss, all as likely
            seen[cut.loss] += 1
            if draw.random() < 1 / seen[cut.loss]:
                kept[cut.loss] = cut
        return kept.values()

    def check(self, cut):
        stage = pathlib.Path(tempfile.mkdtemp(prefix="cut", dir=self.memory)) / "stage"
        try:
            stage.mkdir()
            for path, data in cut.tree.items():
                place = stage / path
                if data is None:
                    place.mkdir()
                elif path.endswith(".png"):
                    os.link(self.memory / cut.act.name / path, place)
                elif not path.endswith("-shm"):  # SQLite makes it anew
                    place.write_bytes(data)
            self.check_cut(cut.act, stage, cut.done, clean=False, told=cut.told)
        finally:
            shutil.rmtree(stage.parent)

    def check_rules(self, rules):
        counts, failed = {}, []
        for name, act in self.acts.items():
            count, bad = self.each_at_once(self.check, self.chosen(act, rules))
            counts[name] = f"{len(bad)} of {count}"
            failed += bad
        print(f"{rules}: bad of all states: {counts}, seed {acts.SEED}", flush=True)
        self.assertEqual(failed, [], "\n".join(failed))

    def test_where_a_synced_file_carries_its_name(self):
        self.check_rules("ext4")

    def test_where_names_are_durable_only_when_their_folder_is_synced(self):
        self.check_rules("posix")


if __name__ == "__main__":
    acts.support.main()
