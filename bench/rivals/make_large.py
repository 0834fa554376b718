"""Makes 12-megapixel JPEGs of photographs: upscaled, with sensor-like noise, quality 90, 4:2:0.

    make_large.py OUT_FOLDER FILE…
"""

import pathlib
import sys

import numpy
from PIL import Image


def main():
    out = pathlib.Path(sys.argv[1])
    for i, name in enumerate(sys.argv[2:]):
        picture = Image.open(name).convert("RGB").resize((4000, 3000), Image.BICUBIC)
        noise = numpy.random.default_rng(i).normal(0, 4, (3000, 4000, 3))
        pixels = numpy.clip(numpy.asarray(picture) + noise, 0, 255).astype(numpy.uint8)
        Image.fromarray(pixels).save(out / (pathlib.Path(name).stem + ".jpg"), quality=90, subsampling=2)


if __name__ == "__main__":
    main()
