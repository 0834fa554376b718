"""Each call of an act that changes a file: killed there, failing there, no room there.

A sample of the calls unless ALIKE_DEPTH is "all"; ALIKE_SEED chooses it. ALIKE_ACT=NAME runs one act,
ALIKE_CALL=CALL:N one call of it.
"""

import collections
import os
import random
import re
import shutil
import signal
import unittest

import acts

CALLS = ("write", "pwrite64", "pwritev", "pwritev2", "copy_file_range", "sendfile", "fsync", "fdatasync",
         "sync_file_range", "ftruncate", "truncate", "fallocate", "rename", "renameat", "renameat2",
         "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "link", "linkat", "symlinkat")
HOW = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
SAMPLE = 1  # calls of each act and way
ONLY = os.environ.get("ALIKE_CALL")


@unittest.skipUnless(acts.support.can_trace(), "strace cannot be used here")
class EveryCall(acts.Stages):

    def calls(self, act):
        """[(call, which one)] of all that an undisturbed run makes below its folder."""
        stage = self.stage(act)
        log = stage.parent / "log"
        result = self.run_act(act, stage, "strace", "-f", "-y", "-qq", "-o", log, "-e",
                              "trace=" + ",".join("?" + call for call in CALLS))
        self.assertEqual(result.code, 0, str(result))
        counts, found = collections.Counter(), set()
        for line in log.read_text(errors="replace").splitlines():
            match = re.match(r"(\d+)\s+(\w+)\(", line)
            if not match:
                continue
            counts[match.groups()] += 1
            if str(stage) in line or re.search(r'\("[^/]', line) or "write(1<" in line:
                found.add((match[2], counts[match.groups()]))
        shutil.rmtree(stage.parent)
        return sorted(found)

    def disturb(self, case):
        act, how, call, which = case
        act = self.acts[act]
        stage = self.stage(act)
        try:
            bpf = [] if how == "kill" else ["--seccomp-bpf"]  # with it, a kill comes too late
            result = self.run_act(act, stage, "strace", "-f", "-qq", *bpf, "-o", stage.parent / "log",
                                  "-e", f"trace={call}", "-e", f"inject={call}:{HOW[how]}:when={which}")
            killed = result.code in (-signal.SIGKILL, 128 + signal.SIGKILL)
            self.assertTrue(killed and how == "kill" or result.code in (0, 1), str(result))
            if result.code == 1 and call != "write":
                self.assertIn(b'"error"', result.out)
            self.reached += killed or b"INJECTED" in (stage.parent / "log").read_bytes()
            self.check_cut(act, stage, result.code == 0)
        finally:
            shutil.rmtree(stage.parent)

    def disturb_all(self, how):
        cases = []
        for name, act in self.acts.items():
            calls = self.calls(act)
            if ONLY:
                calls = [(call, which) for call, which in calls if f"{call}:{which}" == ONLY]
            elif not acts.DEEP:
                calls = random.Random(f"{acts.SEED}{how}{name}").sample(calls, SAMPLE)
            cases += [(name, how, *call) for call in calls]
        self.reached = 0
        _, failed = self.each_at_once(self.disturb, cases)
        print(f"{how}: {len(cases)} calls of {len(self.acts)} acts, {self.reached} reached, "
              f"{len(failed)} bad, seed {acts.SEED}", flush=True)
        self.assertEqual(failed, [], "\n".join(failed))
        if not ONLY:  # a few calls are made in another order, or not at all, when an act is run again
            self.assertGreaterEqual(self.reached, 0.9 * len(cases) - 1, "calls were not reached")

    def test_killed(self):
        self.disturb_all("kill")

    def test_the_disk_fails(self):
        self.disturb_all("EIO")

    def test_the_disk_is_full(self):
        self.disturb_all("ENOSPC")


if __name__ == "__main__":
    acts.support.main()
