"""A second writer, again and again: refused with the name of the first; after kill -9 of the first it works.

5 rounds, 100 where ALIKE_DEPTH is "all".
"""

import os
import random
import signal
import time

import support

ROUNDS = 100 if support.DEEP else 5
SEED = int(os.environ.get("ALIKE_SEED", "1"))


class TwoWriters(support.TestCase):

    def hold(self, folder):
        """A writer that is stopped while it holds the collection."""
        lock = folder / ".alike/lock"
        while True:
            holder = self.start("index", folder)
            while holder.poll() is None:
                if lock.read_bytes() == f"{holder.pid}\n".encode():
                    holder.send_signal(signal.SIGSTOP)
                    os.waitid(os.P_PID, holder.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
                    break
                time.sleep(0.0005)
            if holder.poll() is None and lock.read_bytes():
                return holder
            holder.wait()  # it was faster

    def test_the_second_is_refused_by_name_and_follows_a_killed_first(self):
        draw = random.Random(SEED)
        folder = self.indexed(3)
        made, slowest = 3, 0
        for _ in range(ROUNDS):
            more = draw.randrange(1, 4)
            self.pictures(more, start=made)
            made += more
            holder = self.hold(folder)
            begun = time.monotonic()
            error = self.json("index", folder, code=1)["error"]
            slowest = max(slowest, time.monotonic() - begun)
            self.assertEqual(error["code"], "busy")
            self.assertIn(f"process {holder.pid} ", error["message"])
            holder.kill()
            holder.wait()
            done = self.json("index", folder)
            self.assertEqual((done["added"] + done["unchanged"], done["skipped"]), (made, []))
            verified = self.json("--collection", folder, "verify")
            self.assertEqual((verified["items"], verified["rows"], verified["damage"]), (made, made, []))
        print(f"{ROUNDS} of {ROUNDS} refused by name, the slowest after {slowest:.2f} s; {ROUNDS} of {ROUNDS} "
              f"opened again, seed {SEED}", flush=True)


if __name__ == "__main__":
    support.main()
