"""Words typed wrongly, help, completion, the manual: everything that needs no pictures."""

import json
import os
import re
import shutil
import subprocess
import unittest

import support

VERBS = ["index", "search", "embed", "models", "layers", "spaces", "status", "verify", "repair",
         "compact", "snapshot", "restore", "import", "export", "map", "bench", "doctor", "completion", "man"]


class Usage(support.TestCase):

    def test_version_and_help_are_told_on_stdout(self):
        self.assertRegex(self.alike("--version").text, r"^alike \d+\.\d+\.\d+\n$")
        help = self.alike("--help").text
        for verb in VERBS:
            self.assertRegex(help, rf"(?m)^ +{verb} ")
            self.assertIn("--help", self.alike(verb, "--help").text)
        for option in ["-C", "--collection", "--json", "--quiet", "--threads", "--max-pixels", "--version"]:
            self.assertIn(option, help)

    def test_wrong_usage_ends_with_2_and_a_sentence_on_stderr(self):
        for words in [[], ["frobnicate"], ["search", "--frobnicate"], ["--threads", "0", "status"],
                      ["--threads", "many", "status"], ["--max-pixels", "0", "status"],
                      ["--max-pixels", "all", "status"], ["models", "frobnicate"], ["spaces", "default"],
                      ["-C", self.folder / "none", "status"], ["index", self.folder / "none"],
                      ["completion", "tcsh"], ["import", self.folder / "none.npy", "--space", "s"],
                      ["embed", self.folder / "none.jpg", "--out", "x.npy"], ["export"],
                      ["export", "x.txt"]]:
            result = self.refused(*words, code=2, saying="alike: ")
            self.assertNotIn("Traceback", result.errors)

    def test_what_was_mistyped_is_answered_by_what_was_meant(self):
        for words, saying in [(["serch", "a.jpg"], "did you mean 'search'?"),
                              (["search", "--kk", "3"], "did you mean '-k'?"),
                              (["--colection", "x", "status"], "did you mean '--collection'?"),
                              (["models", "gett"], "did you mean 'get'?")]:
            self.refused(*words, code=2, saying=saying)
        self.assertIn("Usage: alike VERB", self.alike(code=2).errors)

    def test_an_error_is_one_json_document_too(self):
        error = self.json("search", "id:1", code=1)["error"]
        self.assertEqual(error["code"], "not_found")
        self.assertIn("alike index", error["message"])
        self.assertEqual(self.json("frobnicate", code=2)["error"]["code"], "usage")

    def test_global_options_may_stand_before_and_after_the_verb(self):
        self.indexed(2)
        for words in [["--json", "-C", "pictures", "status"], ["status", "--json", "-C", "pictures"],
                      ["-C", "pictures", "status", "--json", "--quiet", "--threads", "1"]]:
            self.assertEqual(json.loads(self.alike(*words).out)["items"], 2)

    def test_files_are_looked_for_where_c_says(self):
        folder = self.indexed(2)
        where = ["-C", folder]
        self.json("embed", "p0000.png", ".", "--encoder", "tiny", "--out", "x.npy", *where)
        self.json(*where, "search", "p0000.png", "--sheet", "sheet.png")
        self.json(*where, "search", "--vectors", "x.npy", "--out", "ids.npy")
        self.json(*where, "import", "x.npy", "--space", "x", "--collection", "other")
        self.json(*where, "export", "y.faiss")
        self.json(*where, "snapshot", "all.snapshot")
        (folder / "copy").mkdir()
        self.json(*where, "restore", "all.snapshot", "copy")
        self.assertEqual(sorted(os.listdir(folder)),
                         [".alike", "all.snapshot", "copy", "ids.npy", "other", "p0000.png",
                          "p0001.png", "sheet.png", "x.npy", "x.paths", "y.faiss", "y.paths"])

    def test_a_current_folder_that_was_removed_is_named(self):
        for words, code, saying in [(["serve"], 1, "cannot find the current folder '.'"), (["status"], 1, "cannot find '.'"),
                                    (["doctor", "--names", "--json"], 0, "cannot find the current folder '.'")]:
            removed = self.folder / "removed"
            removed.mkdir()
            script = f"cd '{removed}' && rmdir '{removed}' && exec '{support.PROGRAM}' \"$@\""
            done = subprocess.run(["sh", "-c", script, "sh", *words], env=self.environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, code, done)
            self.assertIn(saying, done.stdout + done.stderr)

    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([support.PROGRAM, "man"], env=self.environment, stdout=full,
                                  stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"could not be written", done.stderr)


class Completion(support.TestCase):

    def complete(self, *words):
        """Offers of bash for the last of `words`."""
        line = " ".join(f"'{word}'" for word in ("alike", *words))
        script = (f". <('{support.PROGRAM}' completion bash)\nCOMP_WORDS=({line})\n"
                  f"COMP_CWORD={len(words)}\n_alike\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n")
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_offers_verbs_options_and_files(self):
        (self.folder / "sea.jpg").touch()
        self.assertIn("search", self.complete("se"))
        self.assertIn("--where", self.complete("search", "--wh"))
        self.assertIn("--json", self.complete("search", "--js"))
        self.assertIn("sea.jpg", self.complete("search", "se"))
        self.assertIn("default", self.complete("spaces", "de"))
        self.assertEqual(sorted(set(VERBS) - set(self.complete(""))), [])
        self.assertNotIn("--where", self.complete("index", "--wh"))

    def test_bash_offers_what_a_value_can_be(self):
        (self.folder / "sea.jpg").touch()
        self.indexed(2)
        self.assertEqual(self.complete("index", "--pooling", ""), ["none", "avg", "max", "gem"])
        self.assertEqual(self.complete("index", "--pooling", "=", "g"), ["gem"])
        self.assertIn("tiny", self.complete("index", "--encoder", "t"))
        self.assertEqual(self.complete("-C", "pictures", "search", "--space", ""), ["tiny"])
        self.assertEqual(self.complete("-C", "pictures", "spaces", "default", "t"), ["tiny"])
        self.assertEqual(self.complete("completion", "z"), ["zsh"])
        self.assertEqual(self.complete("search", "+s"), ["+sea.jpg"])
        self.assertEqual(self.complete("search", "-s"), ["-sea.jpg"])
        self.assertEqual(self.complete("models", "add", "--mea"), ["--mean"])
        self.assertEqual(self.complete("models", "add", "--help"), ["--help"])
        self.assertFalse([word for word in self.complete("search", "") if word.startswith("-")])

    def test_the_scripts_are_valid_where_the_shell_is_there(self):
        for shell in ["bash", "zsh", "fish"]:
            with self.subTest(shell):
                script = self.alike("completion", shell).text
                self.assertIn(f"{support.PROGRAM} complete", script)
                self.assertEqual(self.json("completion", shell), {"shell": shell, "script": script})
                if shutil.which(shell) is None:
                    self.skipTest(f"there is no {shell}")
                done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


class Manual(support.TestCase):

    def test_every_option_of_every_help_stands_in_it(self):
        page = self.alike("man").text.replace("\\-", "-")
        for words in [[verb] for verb in VERBS] + [["models", "add"], ["spaces", "default"]]:
            for option in re.findall(r"(?m)^ +(?:-\w,)?(--[\w-]+)", self.alike(*words, "--help").text):
                self.assertIn(option, page)
            self.assertIn("alike " + " ".join(words), page)
        self.assertEqual(self.json("man"), {"page": self.alike("man").text})

    @unittest.skipUnless(shutil.which("groff"), "there is no groff")
    def test_groff_has_nothing_to_complain_about(self):
        page = self.alike("man").out
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-rLL=200n"], input=page,
                              capture_output=True, env=os.environ | {"GROFF_NO_SGR": "1"})
        self.assertEqual(done.stderr, b"")
        self.assertIn("--where", done.stdout.decode())


if __name__ == "__main__":
    support.main()
