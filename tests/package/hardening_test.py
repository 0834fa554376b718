"""hardening_test.py BUILD: installed programs are built so that a mistake in memory ends them
(cmake/Hardening.cmake), and looks for libraries beside itself only."""

import os
import re

import installed
from installed import output


class Hardening(installed.TestCase):

    def test_addresses_of_functions_are_read_only_after_the_start(self):
        for file in [self.program, self.library]:
            with self.subTest(file=file.name):
                self.assertIn("GNU_RELRO", output("readelf", "-lW", file))
                dynamic = output("readelf", "-dW", file)
                self.assertRegex(dynamic, r"\(FLAGS\) +BIND_NOW|\(BIND_NOW\)")
                self.assertRegex(dynamic, r"\(FLAGS_1\) +Flags:.*\bNOW\b")

    def test_the_program_loads_anywhere(self):
        self.assertIn("DYN (Position-Independent Executable", output("readelf", "-hW", self.program))
        self.assertRegex(output("readelf", "-dW", self.program), r"\(FLAGS_1\) +Flags:.*\bPIE\b")

    def test_no_page_is_written_and_run(self):
        for file in [self.program, self.library]:
            with self.subTest(file=file.name):
                segments = re.findall(r"^ +(\w+) +(?:0x\w+ +){5}([RWE ]{3}) +0x", output("readelf", "-lW", file), re.M)
                self.assertIn(("GNU_STACK", "RW "), segments)
                for kind, flags in segments:
                    self.assertFalse("W" in flags and "E" in flags, (kind, flags))
                # Code has pages of its own: none starts with the headers or holds constants.
                self.assertEqual([flags for kind, flags in segments if kind == "LOAD"][:2], ["R  ", "R E"])

    def test_overflows_are_looked_for(self):
        for file in [self.program, self.library]:
            with self.subTest(file=file.name):
                called = set(re.findall(r"UND (\w+)@", output("readelf", "--dyn-syms", "-W", file)))
                self.assertIn("__stack_chk_fail", called)
                self.assertTrue(any(re.fullmatch(r"__\w+_chk", each) for each in called), sorted(called))

    def test_jumps_land_where_they_may(self):
        if os.uname().machine != "x86_64":
            self.skipTest("CET is of x86-64")
        # The linker drops the promise when one object lacks it, as the font does, which is no code: code
        # that was compiled here starts with the instruction.
        for file in [self.program, self.library]:
            self.assertGreater(output("objdump", "-d", "--no-show-raw-insn", file).count("endbr64"), 1000)

    def test_libraries_are_looked_for_beside_it_only(self):
        for file in [self.program, self.library, *self.bundled]:
            with self.subTest(file=file.name):
                for paths in re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", output("readelf", "-dW", file)):
                    for path in paths.split(":"):
                        self.assertRegex(path, r"^\$ORIGIN(/|$)")

    def test_no_folder_of_the_build_is_in_it(self):
        for path in self.prefix.rglob("*"):
            if path.is_file() and path not in self.bundled:
                self.assertNotIn(os.fsencode(str(installed.TREE) + "/"), path.read_bytes(), path)


installed.main()
