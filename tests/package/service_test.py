"""service_test.py BUILD: systemd takes the service file, and counts it among the closed ones."""

import re
import shutil
import subprocess
import unittest

import installed

SERVICE = installed.TREE / "packaging/alike.service"
MOST = 1.5  # the exposure that docs/serve.md states; systemd counts from 0, closed, to 10


@unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
class Service(unittest.TestCase):

    def analyze(self, *words):
        return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True)

    def test_its_settings_are_known(self):
        done = self.analyze("verify", "--man=no", SERVICE)
        # The program is not installed on the machine of a build; all else must be right.
        wrong = [line for line in done.stderr.splitlines() if "alike.service" in line and "is not executable" not in line]
        self.assertEqual(wrong, [], done.stderr)

    def test_its_exposure_is_small(self):
        done = self.analyze("security", "--offline=true", "--no-pager", SERVICE)
        found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
        self.assertTrue(found, done.stdout + done.stderr)
        self.assertLessEqual(float(found[1]), MOST)


installed.main()
