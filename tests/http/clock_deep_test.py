"""A clock that is wrong, and one that jumps by decades each second (tests/support/shifted_clock.cpp): nothing
depends on the time of day. 3 seconds of jumps, 60 where ALIKE_DEPTH is "all"."""

import os
import pathlib
import sqlite3
import time
import unittest

import support
from support import png

SHIM = pathlib.Path(support.cli.SAMPLES).parent / "libshifted_clock.so"
SECONDS = 60 if support.DEEP else 3
ROOT = "/v1/collections/pictures"
HOUR = 3600
# The last: the nanoseconds of a system clock end in 2262, and a test must not run into their end.
MOMENTS = {"1970": 1, "2038": (1 << 31) + 10, "2106": (1 << 32) + 10, "2262": 9223372036 - HOUR}
DATES = [-2177452800, 0, (1 << 31) + 1, 13569465600]  # 1901, 1970, 2038, 2400


@unittest.skipUnless(SHIM.exists(), "not with a sanitizer, which must be loaded first")
class Clock(support.TestCase):

    def at(self, **variables):
        """The environment in which the clock is wrong."""
        return self.environment | {"LD_PRELOAD": str(SHIM)} | variables

    def test_pictures_are_indexed_at_any_time_and_of_any_time(self):
        folder = self.folder / "pictures"
        folder.mkdir()
        for round_, (name, moment) in enumerate(MOMENTS.items()):
            for i, date in enumerate(DATES):
                path = folder / f"{name}-{i}.png"
                path.write_bytes(png(10 * round_ + i))
                os.utime(path, (date, date))
            with self.subTest(name):
                shift = moment - int(time.time())
                mine = self.at(ALIKE_CLOCK_SHIFT=str(shift))
                done = self.run_as(mine, "index", folder, "--encoder", "tiny")
                self.assertEqual((done["added"], done["unchanged"], done["skipped"]),
                                 (len(DATES), round_ * len(DATES), []))
                self.assertEqual(self.run_as(mine, "-C", folder, "verify")["damage"], [])
                self.assertLess(abs(self.newest(folder) - moment), HOUR, "the clock was not wrong")

    @staticmethod
    def newest(folder):
        """When the last item was added, in seconds since 1970."""
        catalog = sqlite3.connect(folder / ".alike/catalog.db")
        try:
            return catalog.execute("SELECT added_ms FROM items ORDER BY id DESC").fetchone()[0] / 1000
        finally:
            catalog.close()

    def run_as(self, environment, *words):
        usual, type(self).environment = self.environment, environment
        try:
            return self.json(*words)
        finally:
            type(self).environment = usual

    def test_a_server_answers_while_the_clock_jumps(self):
        folder = self.folder / "pictures"
        folder.mkdir()
        for i in range(30):
            (folder / f"{i}.png").write_bytes(png(i))
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder, environment=self.at(ALIKE_CLOCK_JUMPS="1"))
        answers = jobs = 0
        until = time.monotonic() + SECONDS
        while time.monotonic() < until or jobs == 0:
            self.assertEqual(server.post(ROOT + "/search", {"examples": [{"id": answers % 30}], "k": 5}).status,
                             200)
            query = {"examples": [{"upload": 0}], "k": 5}
            self.assertEqual(server.upload(ROOT + "/search", query, png(answers)).status, 200)
            answers += 2
            if answers % 20 == 10:
                (folder / f"more{jobs}.png").write_bytes(png(1000 + jobs))
                started = server.post(ROOT + "/jobs", {"kind": "index"})
                self.assertEqual(started.status, 202, str(started))
                self.assertEqual(server.wait_for_job(started.document["id"])["state"], "done")
                jobs += 1
        print(f"{answers} answers right, {jobs} jobs done in {SECONDS} s of jumps", flush=True)
        self.assertEqual(self.json("--collection", folder / ".alike", "status")["items"], 30 + jobs)
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    support.main()
