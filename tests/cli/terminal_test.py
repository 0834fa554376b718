"""Names on a terminal, and the end of a program under it."""

import ctypes
import os
import pty
import signal
import struct
import subprocess

import support

# Clears the screen; turns the direction of writing; a command in one byte, as UTF-8 has it.
HOSTILE = ["a\x1b[2Jb.png", "cat\u202egnp.exe.png", "c\u009b1mb.png", "d\u2066e\u061c.png"]
COMMANDS = ["\x1b", "\u202e", "\u009b", "\u2066", "\u061c"]


class Terminal(support.TestCase):

    def on_terminal(self, *words):
        """All that the program writes with both outputs on a terminal."""
        parent, child = pty.openpty()
        process = subprocess.Popen([support.PROGRAM, *map(os.fspath, words)], cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=child,
                                   stderr=child)
        os.close(child)
        data = b""
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            data += piece
        os.close(parent)
        process.wait(support.SECONDS)
        return data

    def test_names_do_not_command_a_terminal(self):
        folder = self.folder / "pictures"
        folder.mkdir()
        for i, name in enumerate(HOSTILE):
            (folder / name).write_bytes(support.png(i))
            (folder / f"broken{name}").write_bytes(b"\x89PNG\r\n\x1a\n")
        self.on_terminal("index", folder, "--encoder", "tiny", "--quiet")
        at = ["-C", folder]
        for words in [["search", "id:0"], ["search", "id:0", "--paths"], ["--json", "search", "id:0"],
                      ["status", "--skipped"], ["--json", "status", "--skipped"],
                      ["search", HOSTILE[0] + "x"], ["--json", "search", HOSTILE[1] + "x"],
                      ["doctor", "--names"], ["index", "--quiet", HOSTILE[0] + "x"]]:
            shown = self.on_terminal(*at, *words)
            for command in COMMANDS:
                self.assertNotIn(command.encode(), shown, words)
        paths = self.alike(*at, "search", "id:0", "--paths").out  # scripts need the bytes
        for name in HOSTILE[1:]:
            self.assertIn(name.encode(), paths)

    def test_errors_do_not_command_a_terminal_by_way_of_a_file(self):
        result = self.alike("-C", self.indexed(2), "search", HOSTILE[0] + "x", code=1)
        self.assertNotIn(b"\x1b", result.err)


class Signals(support.TestCase):

    @staticmethod
    def fail_writes_of_one_byte():
        """A filter of system calls, for the process that is about to be started."""
        def line(code, true, false, value):
            return struct.pack("HBBI", code, true, false, value)

        load, jump, end = 0x20, 0x15, 0x06
        program = b"".join([
            line(load, 0, 0, 0), line(jump, 0, 3, 1),  # number of the call: write
            line(load, 0, 0, 32), line(jump, 0, 1, 1),  # its third argument: one byte
            line(end, 0, 0, 0x00050000 | 5),  # EIO
            line(end, 0, 0, 0x7FFF0000)])
        holder = ctypes.create_string_buffer(program)
        filter_ = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(holder))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, filter_, 0, 0) != 0:
            os._exit(99)

    def test_a_signal_ends_the_work_even_where_the_pipe_of_signals_fails(self):
        if self.run_raw("--version", preexec_fn=self.fail_writes_of_one_byte).code == 99:
            self.skipTest("no filter of system calls here")
        folder = self.pictures(2)
        process = self.start("index", folder, "--encoder", "tiny", "--watch",
                             preexec_fn=self.fail_writes_of_one_byte)
        self.assertIn(b"2 added", process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(support.SECONDS), 130)
        # And one that ends by itself.
        done = self.run_raw("-C", folder, "index", preexec_fn=self.fail_writes_of_one_byte)
        self.assertEqual(done.code, 0, str(done))


if __name__ == "__main__":
    support.main()
