"""bill_test.py BUILD: script/sbom names the installed files and the parts compiled into them."""

import json
import re

import installed


class Bill(installed.TestCase):

    def setUp(self):
        folder = self.prefix / "share/doc/alike"
        self.document = json.loads((folder / "alike.spdx.json").read_text())
        self.notices = (folder / "THIRD_PARTY_NOTICES").read_text()
        self.names = {each["name"] for each in self.document["packages"]}

    def test_it_has_the_fields_that_spdx_requires(self):
        document = self.document
        self.assertEqual((document["spdxVersion"], document["dataLicense"], document["SPDXID"]),
                         ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertTrue(document["name"])
        self.assertRegex(document["documentNamespace"], r"^https://[^#\s]+$")
        self.assertRegex(document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(document["creationInfo"]["creators"])
        idents = ["SPDXRef-DOCUMENT"]
        for each in document["packages"]:
            self.assertTrue(each["name"] and each["downloadLocation"] and each["licenseDeclared"], each)
            self.assertFalse(each["filesAnalyzed"])
            idents.append(each["SPDXID"])
        for each in document["files"]:
            self.assertIn("SHA1", [sum["algorithm"] for sum in each["checksums"]])
            idents.append(each["SPDXID"])
        self.assertEqual(len(idents), len(set(idents)))
        for each in idents:
            self.assertRegex(each, r"^SPDXRef-[A-Za-z0-9.-]+$")
        for each in document["relationships"]:
            self.assertIn(each["spdxElementId"], idents)
            self.assertIn(each["relatedSpdxElement"], idents)
        self.assertIn("DESCRIBES", {each["relationshipType"] for each in document["relationships"]})

    def test_each_library_beside_the_program_has_a_package(self):
        files = {each["fileName"].split("/")[-1]: each["SPDXID"] for each in self.document["files"]}
        held = {each["relatedSpdxElement"] for each in self.document["relationships"]
                if each["relationshipType"] == "CONTAINS"}
        self.assertTrue(self.bundled)
        for path in self.bundled:
            self.assertIn(files.get(path.name), held, path.name)

    def test_each_library_of_the_system_has_one(self):
        for library, package in [("libsqlite3", "libsqlite3-0"), ("libpng16", "libpng16-16"), ("libonnx", "libonnx"),
                                 ("libstdc++", "libstdc++6"), ("libc", "libc6")]:
            self.assertTrue(any(name.startswith(package) for name in self.names), (library, self.names))

    def test_licences_of_what_is_inside_are_told(self):
        for name in ["openvino", "oneTBB", "oneDNN", "libcli11-dev", "libeigen3-dev", "libboost1.81-dev"]:
            self.assertIn(name, self.names)
            self.assertRegex(self.notices, rf"(?m)^=+\n{re.escape(name)} .*\n=+\n\s*\S")
        self.assertTrue(any(name.startswith("fonts-dejavu") for name in self.names))
        if "svelte" in self.names:
            for name in ["kdbush", "openapi-fetch", "d3-scale-chromatic", "@tanstack/virtual-core"]:
                self.assertIn(name, self.names)


installed.main()
