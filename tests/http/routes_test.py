"""Every route of docs/openapi.yaml against its schema, searches against the command line."""

import json
import struct

import served
import support
from support import png


class Routes(served.Served):

    def ask(self, method, path, body=None, query="", status=200, **values):
        """Asks one operation of the description, checks its answer, returns the document."""
        target = path.format(c="my-pictures", **values) + query
        answer = self.server.ask(method, target, body)
        self.assertEqual(answer.status, status, str(answer))
        return self.check_answer(answer, method, path)

    def search(self, *examples, status=200, **more):
        return self.ask("POST", "/v1/collections/{c}/search", {"examples": list(examples), **more},
                        status=status)

    def by_command(self, *words):
        return self.json("-C", self.photos, "search", *words)["results"]

    def same_ranking(self, found, expected):
        self.assertEqual([(each["item"]["id"], each["rank"]) for each in found["results"]],
                         [(each["id"], each["rank"]) for each in expected])
        for one, other in zip(found["results"], expected):
            self.assertAlmostEqual(one["distance"], other["distance"], places=5)

    # Each route once, as it is meant.

    def test_every_operation_is_asked_here(self):
        """Keeps this file complete: a route added to the description needs a line below."""
        asked = {
            ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"), ("get", "/v1/openapi.json"),
            ("get", "/v1/collections"), ("post", "/v1/collections"), ("get", "/v1/collections/{c}"),
            ("get", "/v1/collections/{c}/labels"), ("get", "/v1/collections/{c}/skipped"),
            ("post", "/v1/collections/{c}/jobs"), ("patch", "/v1/collections/{c}/spaces/{s}"),
            ("delete", "/v1/collections/{c}/spaces/{s}"), ("get", "/v1/collections/{c}/items"),
            ("get", "/v1/collections/{c}/random"), ("get", "/v1/collections/{c}/items/{id}"),
            ("get", "/v1/collections/{c}/items/{id}/thumbnail"),
            ("get", "/v1/collections/{c}/items/{id}/image"), ("post", "/v1/collections/{c}/search"),
            ("get", "/v1/collections/{c}/scores"), ("get", "/v1/collections/{c}/maps/{m}"),
            ("get", "/v1/collections/{c}/maps/{m}/columns/{column}"),
            ("post", "/v1/collections/{c}/maps/{m}/place"), ("get", "/v1/jobs"),
            ("get", "/v1/jobs/events"), ("get", "/v1/jobs/{j}"), ("patch", "/v1/jobs/{j}"),
            ("delete", "/v1/jobs/{j}"), ("get", "/v1/encoders"), ("get", "/v1/encoders/{e}/layers")}
        described = {(method, path) for path, item in support.DESCRIPTION["paths"].items()
                     for method in item if method in ("get", "post", "patch", "delete", "put")}
        self.assertEqual(described, asked)

    def test_every_described_route_is_there_and_every_other_method_is_refused(self):
        values = {"c": "my-pictures", "id": "0", "s": "tiny", "m": "none", "column": "xy", "j": "999",
                  "e": "tiny"}
        for path, item in support.DESCRIPTION["paths"].items():
            target = path.format(**values)
            methods = {method.upper() for method in item if method != "parameters"}
            for method in ["GET", "POST", "PATCH", "DELETE", "PUT"]:
                if method in methods:
                    continue
                answer = self.server.ask(method, target, {} if method != "GET" else None)
                self.check_problem(answer, 405, "method_not_allowed")
                self.assertEqual(set(answer.headers["allow"].split(", ")), methods, path)

    def test_health_readiness_and_the_description(self):
        for path, text in [("/healthz", b"ok\n"), ("/readyz", b"ready\n")]:
            answer = self.server.get(path)
            self.check_answer(answer, "GET", path)
            self.assertEqual((answer.status, answer.body), (200, text))
        document = self.ask("GET", "/v1/openapi.json")
        self.assertEqual(document["paths"].keys(), support.DESCRIPTION["paths"].keys())

    def test_metrics_are_prometheus_text(self):
        for _ in range(3):
            self.server.get(self.root + "/items/0")
        text = self.server.get("/metrics").body.decode()
        kinds, samples = {}, {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, kinds)
                kinds[name] = kind
            elif not line.startswith("#"):
                self.assertRegex(line, r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+$')
                name, value = line.rsplit(" ", 1)
                self.assertNotIn(name, samples)
                samples[name] = float(value)
                base = name.split("{")[0]
                self.assertIn(base if base in kinds else base.rsplit("_", 1)[0], kinds)
        route = "/v1/collections/{c}/items/{id}"
        self.assertGreaterEqual(samples[f'alike_requests_total{{route="{route}",status="200"}}'], 3)
        self.assertEqual(samples[f'alike_request_seconds_bucket{{route="{route}",le="+Inf"}}'],
                         samples[f'alike_request_seconds_count{{route="{route}"}}'])
        self.assertGreaterEqual(samples["alike_connections"], 1)

    def test_collections(self):
        found = self.ask("GET", "/v1/collections")
        self.assertTrue(found["may_add"])
        self.assertEqual([each["id"] for each in found["collections"]], ["my-pictures"])
        one = self.ask("GET", "/v1/collections/{c}")
        self.assertEqual(one["name"], "My Pictures")
        self.assertEqual(one["folder"], str(self.photos))
        self.assertEqual((one["items"], one["skipped"]), (26, 1))
        self.assertEqual([(each["name"], each["rows"], each["is_default"]) for each in one["spaces"]],
                         [("tiny", 26, True)])
        self.assertEqual(len(one["maps"]), 1)
        self.check_problem(self.server.get("/v1/collections/other"), 404, "not_found")

    def test_labels_and_skipped(self):
        labels = self.ask("GET", "/v1/collections/{c}/labels")["labels"]
        self.assertEqual({each["label"]: each["count"] for each in labels},
                         {"": 7, "animals": 6, "animals/birds": 6, "things": 7})
        skipped = self.ask("GET", "/v1/collections/{c}/skipped")["skipped"]
        self.assertEqual([each["path"] for each in skipped], ["broken.png"])
        self.assertTrue(skipped[0]["reason"])

    def test_items_come_a_page_at_a_time(self):
        seen, after = [], -1
        while after is not None:
            page = self.ask("GET", "/v1/collections/{c}/items", query=f"?after={after}&limit=7")
            self.assertEqual(page["total"], 26)
            seen += page["items"]
            after = page["next"]
        self.assertEqual(seen, self.items)
        self.assertEqual([each["id"] for each in seen], sorted(self.ids.values()))
        page = self.ask("GET", "/v1/collections/{c}/items", query="?where=width%20%3E%2050&limit=1000")
        self.assertEqual(page["items"], [each for each in self.items if each["width"] > 50])
        self.assertEqual(page["total"], len(page["items"]))
        self.assertEqual(self.ask("GET", "/v1/collections/{c}/items", query="?after=9007199254740991"),
                         {"items": [], "next": None, "total": 26})

    def test_one_item_and_any_item(self):
        item = self.ask("GET", "/v1/collections/{c}/items/{id}", id=self.ids["animals/01.png"])
        self.assertEqual((item["label"], item["width"], item["height"]), ("animals", 100, 30))
        self.assertEqual(item["file"], str(self.photos / "animals/01.png"))
        self.assertEqual(item["size"], (self.photos / "animals/01.png").stat().st_size)
        drawn = {self.ask("GET", "/v1/collections/{c}/random")["id"] for _ in range(40)}
        self.assertGreater(len(drawn), 5)
        where = "?where=label%20%3D%20%27things%27"
        drawn = {self.ask("GET", "/v1/collections/{c}/random", query=where)["label"] for _ in range(9)}
        self.assertEqual(drawn, {"things"})
        self.ask("GET", "/v1/collections/{c}/random", query="?where=width%20%3E%209000", status=404)

    def test_parameters_that_do_not_fit_are_problems(self):
        for target in ["/items?limit=0", "/items?limit=1001", "/items?limit=x", "/items?limit=",
                       "/items?after=-2", "/items?after=99999999999999999999", "/items?limit=1&limit=2",
                       "/items?where=nonsense%20%3E", "/items?where=%27", "/random?where=x%20%3D%201",
                       "/items/0/thumbnail?size=65", "/items/0/thumbnail?size=100000"]:
            self.check_problem(self.server.get(self.root + target), 400, "invalid_argument")
        for target in ["/items/999999", "/items/-1", "/items/x", "/items/99999999999999999999",
                       "/items/0x1",
                       "/items/", "/nothing", "/maps/none", "/maps/none/columns/xy"]:
            self.check_problem(self.server.get(self.root + target), 404, "not_found")

    def test_encoders_and_layers(self):
        encoders = {each["name"]: each for each in self.ask("GET", "/v1/encoders")["encoders"]}
        self.assertTrue(encoders["tiny"]["installed"])
        self.assertFalse(all(each["installed"] for each in encoders.values()))
        found = self.ask("GET", "/v1/encoders/{e}/layers", e="tiny")
        self.assertEqual(found["encoder"], encoders["tiny"])
        self.assertEqual(len([each for each in found["layers"] if each["is_default"]]), 1)
        costs = [each["cost"] for each in found["layers"]]
        self.assertEqual(costs, sorted(costs))
        self.assertGreater(costs[-1], 0)
        self.assertEqual(self.server.get("/v1/encoders/none/layers").status, 404)
        for name in ["..%2Ftiny", "%2Fetc%2Fpasswd", "tiny%00", "."]:
            self.assertEqual(self.server.get(f"/v1/encoders/{name}/layers").status, 400)

    # Searches.

    def test_search_by_item_is_that_of_the_command_line(self):
        found = self.search({"id": self.ids["animals/05.png"]}, k=9)
        self.same_ranking(found, self.by_command(f"id:{self.ids['animals/05.png']}", "-k", "9"))
        self.assertEqual((found["space"], found["metric"], found["complete"]), ("tiny", "cosine", True))
        answer = self.server.post(self.root + "/search", {"examples": [{"id": 0}]})
        self.assertRegex(answer.headers["server-timing"],
                         r"^encode;dur=[0-9.]+, search;dur=[0-9.]+, total;dur=[0-9.]+$")

    def test_search_by_a_picture(self):
        found = self.server.upload(self.root + "/search", {"examples": [{"upload": 0}], "k": 5},
                                   png(7, width=100))
        self.check_answer(found, "POST", "/v1/collections/{c}/search")
        self.same_ranking(found.document, self.by_command(self.photos / "things/07.png", "-k", "5"))
        for kind in ["multipart/form-data; boundary=b0undary; charset=utf-8",
                     'Multipart/Form-Data; Boundary="b0undary"']:
            body = support.multipart({"examples": [{"upload": 0}], "k": 5}, png(7, width=100))[1]
            again = self.server.ask("POST", self.root + "/search", body, {"Content-Type": kind})
            self.assertEqual(again.document["results"], found.document["results"])

    def test_several_examples_wanted_and_not(self):
        found = self.search({"id": 3}, {"id": 4}, {"id": 5, "positive": False}, k=8)
        self.same_ranking(found, self.by_command("id:3", "id:4", "-id:5", "-k", "8"))
        mixed = self.server.upload(self.root + "/search", {
            "examples": [{"upload": 1}, {"id": 4}, {"upload": 0, "positive": False}], "k": 8}, png(5),
            png(3))
        self.assertEqual(mixed.status, 200, str(mixed))

    def test_a_region_is_a_share_of_the_sides(self):
        item = next(each for each in self.items if each["path"] == "animals/05.png")
        expected = self.by_command(f"id:{item['id']}", "--region", "25,6,50,15", "-k", "6")  # of 100 × 30
        found = self.search({"id": item["id"]}, region=[0.25, 0.2, 0.5, 0.5], k=6)
        self.same_ranking(found, expected)
        uploaded = self.server.upload(self.root + "/search", {
            "examples": [{"upload": 0}], "region": [0.25, 0.2, 0.5, 0.5], "k": 6},
            (self.photos / "animals/05.png").read_bytes())
        distances = {each["item"]["id"]: each["distance"] for each in uploaded.document["results"]}
        for each in expected[:3]:
            self.assertAlmostEqual(distances[each["id"]], each["distance"], places=4)

    def test_a_filter_and_k_bound_the_answer(self):
        found = self.search({"id": 0}, where="label = 'things'", k=1000)
        self.assertEqual({each["item"]["label"] for each in found["results"]}, {"things"})
        self.assertEqual(len(self.search({"id": 0}, k=1)["results"]), 1)
        self.assertEqual(len(self.search({"id": 0})["results"]), 25)
        self.assertEqual(self.search({"id": 0}, where="width > 9000")["results"], [])
        self.assertEqual(self.search({"id": 0}, exact=True)["index"], "flat")

    def test_near_duplicates_are_folded(self):
        plain = self.search({"id": self.ids["animals/05.png"]}, k=1000)
        folded = self.search({"id": self.ids["animals/05.png"]}, k=1000, fold=True)
        tiles = {each["item"]["path"]: [one["path"] for one in each["folded"]]
                 for each in folded["results"]}
        same = {"00.png", "things/copy.png"}
        self.assertEqual(len([1 for path, others in tiles.items() if same & {path, *others}]), 1, tiles)
        self.assertEqual(sum(1 + len(each) for each in tiles.values()), len(plain["results"]))

    def test_queries_that_do_not_fit_are_problems(self):
        ok = {"examples": [{"id": 0}]}
        for body in [{}, {"examples": []}, {"examples": [{"id": 0}] * 33}, {"examples": {}},
                     {"examples": [0]}, {"examples": [{}]}, {"examples": [{"id": 0, "upload": 0}]},
                     {"examples": [{"upload": 0}]}, {"examples": [{"id": -1}]}, {"examples": [{"id": 0.5}]},
                     {"examples": [{"id": "0"}]}, {"examples": [{"id": 1 << 60}]},
                     {"examples": [{"id": 0, "positive": 1}]},
                     {"examples": [{"id": 0, "file": "/etc/passwd"}]},
                     {"examples": [{"id": 0, "positive": False}]}, {**ok, "k": 0}, {**ok, "k": 1001},
                     {**ok, "k": "5"}, {**ok, "k": -1}, {**ok, "more": 1}, {**ok, "space": 5},
                     {**ok, "where": "nonsense >"}, {**ok, "where": "x" * 4001},
                     {**ok, "region": [0, 0, 1]},
                     {**ok, "region": [0, 0, 0, 0]}, {**ok, "region": [0, 0, 2, 1]},
                     {**ok, "region": [-0.5, 0, 1, 1]}, {**ok, "region": ["a", 0, 1, 1]},
                     {**ok, "region": [1, 0, 0.0000001, 1]}, {**ok, "region": None}, {**ok, "fold": "yes"},
                     {**ok, "exact": None}, [], "text", None, 5]:
            answer = self.server.ask("POST", self.root + "/search", json.dumps(body).encode(),
                                     {"Content-Type": "application/json"})
            self.check_problem(answer, 400, "invalid_argument")
        for text in [b"", b"{", b"\xff\xfe", b"nonsense", b"[" * 100_000, b'{"examples": [{"id": 1e400}]}',
                     b'{"examples":' * 1000, b'{"examples": [{"id": NaN}]}',
                     b'{"examples": [{"id": 0}]} more',
                     b"\0" * 1000]:
            answer = self.server.ask("POST", self.root + "/search", text,
                                     {"Content-Type": "application/json"})
            self.check_problem(answer, 400, "invalid_argument")
        self.search({"id": 999999}, status=404)
        self.search({"id": 0}, space="none", status=404)

    # Maps.

    def test_a_map_its_columns_and_a_place(self):
        name = self.server.get(self.root).document["maps"][0]["name"]
        about = self.ask("GET", "/v1/collections/{c}/maps/{m}", m=name)
        count = about["count"]
        self.assertEqual((count, about["stale"], about["method"]), (26, 0, "umap"))
        self.assertEqual(sum(each["count"] for each in about["labels"]), count)
        columns = {}
        for column, size in [("id", count), ("xy", 4 * count), ("label", 2 * count), ("cluster", 2 * count),
                             ("trust", count), ("added", 8 * count)]:
            answer = self.server.get(f"{self.root}/maps/{name}/columns/{column}")
            self.assertEqual((answer.status, answer.headers["content-type"]),
                             (200, "application/octet-stream"))
            self.assertEqual(len(answer.body), size)
            columns[column] = answer.body
            again = self.server.get(f"{self.root}/maps/{name}/columns/{column}",
                                    If_None_Match=answer.headers["etag"])
            self.assertEqual((again.status, again.body), (304, b""))
        ids, last = [], -1
        for step in columns["id"]:  # all small
            last += step + 1
            ids.append(last)
        self.assertEqual(ids, sorted(self.ids.values()))
        places = struct.unpack(f"<{2 * count}H", columns["xy"])
        self.assertTrue({0, 65535} <= set(places))
        by_id = {item["id"]: item for item in self.items}
        labels = [about["labels"][i]["label"] for i in struct.unpack(f"<{count}H", columns["label"])]
        self.assertEqual(labels, [by_id[i]["label"] for i in ids])
        self.assertEqual(list(struct.unpack(f"<{count}d", columns["added"])),
                         [by_id[i]["added"] for i in ids])
        self.check_problem(self.server.get(f"{self.root}/maps/{name}/columns/none"), 404)
        place = self.ask("POST", "/v1/collections/{c}/maps/{m}/place", {"examples": [{"id": 3}]}, m=name)
        x0, y0, x1, y1 = about["box"]
        self.assertTrue(x0 <= place["x"] <= x1 and y0 <= place["y"] <= y1, place)
        self.assertLessEqual(set(place["neighbors"]), set(ids))
        uploaded = self.server.upload(f"{self.root}/maps/{name}/place", {"examples": [{"upload": 0}]},
                                      png(3, width=100))
        self.check_answer(uploaded, "POST", "/v1/collections/{c}/maps/{m}/place")

    def test_nothing_was_compared_yet(self):
        self.ask("GET", "/v1/collections/{c}/scores", status=404)


if __name__ == "__main__":
    support.main()
