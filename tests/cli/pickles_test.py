"""Files that run code where Python opens them: refused by how they begin, and nothing is run."""

import io
import os
import pickle
import struct
import zipfile

import support


class Bomb:
    """A pickle that makes an unpickler run a command."""

    def __init__(self, sentinel):
        self.sentinel = sentinel

    def __reduce__(self):
        return os.system, (f"touch '{self.sentinel}'",)


def zipped(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


def object_npy(pickled):
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    head += b" " * (118 - 1 - len(head)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + pickled


class Pickles(support.TestCase):

    def files(self, sentinel):
        pickled = {version: pickle.dumps(Bomb(sentinel), version) for version in (0, 2, 4, 5)}
        return {
            "plain.pkl": pickled[5], "old.pickle": pickled[0], "model.joblib": pickled[4],
            "legacy.pth": pickle.dumps(0x1950a86a20f9469cfc6c, 2) + pickle.dumps(1001, 2) + pickled[2] + pickled[2],
            "zip.pt": zipped(archive__data_pkl=pickled[2], archive__version=b"3\n"),
            "export.pt2": zipped(model__data_pkl=pickled[2], archive__format=b"pt2"),
            "script.torchscript": zipped(m__constants_pkl=pickled[2], m__data_pkl=pickled[2], m__code__f_py=b"0"),
            "weights.ckpt": zipped(data_pkl=pickled[4]), "objects.npz": zipped(a_npy=object_npy(pickled[4])),
            "objects.npy": object_npy(pickled[4]), "weights.h5": b"\x89HDF\r\n\x1a\n" + bytes(64) + pickled[4],
            "named.onnx": pickled[4],
        }

    def test_are_refused_and_run_nothing(self):
        sentinel = self.folder / "sentinel"
        files = self.files(sentinel)
        pickle.loads(files["plain.pkl"])
        self.assertTrue(sentinel.exists(), "the files must be able to do harm")
        sentinel.unlink()
        (self.folder / "pictures").mkdir()
        for name, data in files.items():
            path = self.folder / name
            path.write_bytes(data)
            (self.folder / "pictures" / f"{name}.png").write_bytes(data)
            for words in (["models", "add", path, "--name", "x"], ["import", path, "--space", "x"]):
                with self.subTest(name, verb=words[0]):
                    error = self.json(*words, code=1)["error"]
                    self.assertIn(error["code"], ("corrupt", "unsupported", "invalid_argument"), error)
        done = self.json("index", "pictures", "--encoder", "tiny")
        self.assertEqual((done["added"], len(done["skipped"])), (0, len(files)))
        self.assertFalse(sentinel.exists(), "code of a file was run")


if __name__ == "__main__":
    support.main()
