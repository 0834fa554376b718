"""Pillow from file to framed pixels, one thread: pillow_decode.py SIZE LIST [OUT.npy]. Prints JSON."""

import json
import pathlib
import sys
import time

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from pipeline import load


def main():
    files = pathlib.Path(sys.argv[2]).read_text().splitlines()
    started = time.perf_counter()
    pixels = [load(f, int(sys.argv[1]), 224 / 256) for f in files]
    seconds = time.perf_counter() - started
    if len(sys.argv) > 3:
        numpy.save(sys.argv[3], numpy.stack(pixels))
    print(json.dumps({"pictures": len(files), "seconds": seconds}))


if __name__ == "__main__":
    main()
