"""Each allocation that the program makes fails once: a sentence and exit 1, or the right result.

tests/support/failing_malloc.cpp is preloaded. A sample of the allocations unless ALIKE_DEPTH is "all", when
it is 200 of each act, evenly spread; ALIKE_ALLOCATION=N runs one, ALIKE_ACT=NAME those of one act.
"""

import collections
import os
import pathlib
import random
import shutil
import signal
import unittest

import acts

SHIM = pathlib.Path(acts.support.SAMPLES).parent / "libfailing_malloc.so"
SAMPLE = 2  # of each act
MOST = 200
# OpenVINO's plug-in reads through the null pointer of some of its own allocations while it compiles a network: about
# 1 of 100. The files on disk must be right all the same.
ENCODING = ("first", "space", "change")


@unittest.skipUnless(SHIM.exists(), "not with a sanitizer, which has allocations of its own")
class LackOfMemory(acts.Stages):

    @classmethod
    def chosen_names(cls, every):
        names = super().chosen_names(every)
        return names if acts.DEEP or "ALIKE_ACT" in os.environ else [
            name for name in names if name not in ENCODING] or ["compact"]

    def run_with(self, act, stage, **variables):
        words = [f"{name}={value}" for name, value in variables.items()]
        return self.run_act(act, stage, "env", f"LD_PRELOAD={SHIM}", *words)

    def count(self, act):
        stage = self.stage(act)
        result = self.run_with(act, stage, ALIKE_COUNT_MALLOC=stage.parent / "count")
        self.assertEqual(result.code, 0, str(result))
        made = int((stage.parent / "count").read_text())
        shutil.rmtree(stage.parent)
        return made

    def chosen(self, act):
        if "ALIKE_ALLOCATION" in os.environ:
            return [int(os.environ["ALIKE_ALLOCATION"])]
        made = self.count(act)
        if acts.DEEP:
            return range(1, made + 1, -(-made // MOST))
        return random.Random(f"{acts.SEED}{act.name}").sample(range(1, made), SAMPLE)

    def let_fail(self, case):
        name, number = case
        act = self.acts[name]
        stage = self.stage(act)
        try:
            result = self.run_with(act, stage, ALIKE_FAIL_MALLOC=number)
            self.codes[result.code] += 1
            in_openvino = result.code == -signal.SIGSEGV and name in ENCODING
            self.assertTrue(in_openvino or result.code in (0, 1), str(result))
            if result.code == 1:
                self.assertTrue(result.errors.strip(), "it fails without a word")
            self.check_cut(act, stage, result.code == 0)
        finally:
            shutil.rmtree(stage.parent)

    def test_every_allocation(self):
        self.codes = collections.Counter()
        cases = [(name, number) for name, act in self.acts.items() for number in self.chosen(act)]
        _, failed = self.each_at_once(self.let_fail, cases)
        print(f"{len(cases)} allocations failed, exit codes {dict(self.codes)}, {len(failed)} bad, seed "
              f"{acts.SEED}", flush=True)
        self.assertEqual(failed, [], "\n".join(failed))


if __name__ == "__main__":
    acts.support.main()
