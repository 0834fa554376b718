"""Readers of all kinds beside a writer that never rests: none of them may see damage."""

import json
import shutil
import threading
import time

import support

PICTURES = 60
STAYING = range(20, PICTURES)  # by place in the folder; the others come and go


class Beside(support.TestCase):
    """Runs `clients` readers for `seconds` while index, compact and repair go on."""

    def readers_and_a_writer(self, clients, seconds):
        folder = self.pictures(PICTURES, width=8, height=8)
        for i in STAYING:  # work for fold
            if i % 4:
                shutil.copy(folder / f"p{i - i % 4:04}.png", folder / f"p{i:04}.png")
        self.json("index", folder, "--encoder", "tiny")
        server = self.serve(folder, "--limit", "search-wait-ms=60000")
        collection = server.get("/v1/collections").document["collections"][0]["id"]
        listed = server.get(f"/v1/collections/{collection}/items?limit=1000").document["items"]
        ids = sorted(each["id"] for each in listed if int(each["path"][1:5]) in STAYING)
        self.assertEqual(len(ids), len(STAYING))
        over, errors, answers = threading.Event(), [], []

        def search(number):
            target = f"/v1/collections/{collection}/search"
            for i in range(10**9):
                if over.is_set():
                    return i
                body = {"examples": [{"id": ids[(i + number) % len(ids)]}], "k": 50, "fold": True}
                found = server.post(target, body)
                if found.status != 200:
                    errors.append(found.document["detail"])
                    continue
                folded = sum(1 + len(each["folded"]) for each in found.document["results"])
                if folded < len(ids) - 1:
                    errors.append(f"only {folded} results")

        def program(number, *words):
            for i in range(10**9):
                if over.is_set():
                    return i
                done = self.run_raw("-C", folder, "--json", *words,
                                    *([f"id:{ids[(i + number) % len(ids)]}"] if not i % 2 else
                                      [f"id:{ids[-1]}"]) if words == ("search",) else ())
                if done.code != 0:
                    errors.append(" ".join(words) + ": " + done.out.decode())

        kinds = [(search,), (program, "search"), (search,), (program, "verify")]

        def read(number):
            run, *words = kinds[number % len(kinds)]
            answers.append((run.__name__, words, run(number, *words)))

        threads = [threading.Thread(target=read, args=(i,)) for i in range(clients)]
        for each in threads:
            each.start()
        until, rounds = time.monotonic() + seconds, 0
        while time.monotonic() < until and len(errors) < 20:
            for i in range(5):
                (folder / f"p{(rounds + i) % 20:04}.png").unlink(missing_ok=True)
            for words in (("index",), ("compact",), ("repair",)):
                done = self.run_raw("-C", folder, "--json", *words)
                if done.code != 0:
                    errors.append(" ".join(words) + ": " + done.out.decode())
            for i in range(5):
                path = folder / f"p{(rounds + i) % 20:04}.png"
                path.write_bytes(support.png((rounds + i) % 20, width=8, height=8))
            rounds += 1
        over.set()
        for each in threads:
            each.join()
        print(f"{rounds} rounds of the writer, answers: {answers}, false errors: {len(errors)}")
        self.assertEqual(errors[:5], [])
        self.assertGreater(rounds, 0)
        self.assertTrue(all(count > 0 for _, _, count in answers), answers)
