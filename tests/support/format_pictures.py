"""The pictures in tests/image/reference_formats.h, by name: GIF, BMP, TIFF, HEIC and AVIF."""

import pathlib
import re

HEADER = pathlib.Path(__file__).resolve().parent.parent / "image/reference_formats.h"
CASE = re.compile(r'^  \{"([^"]+)",\n((?:\s+"[0-9a-f]*"\n?)+),\n', re.M)
LIBRARIES = {"gif": "giflib", "bmp": "", "tiff": "libtiff", "heic": "libheif", "avif": "libheif"}


def pictures():
    text = HEADER.read_text().split("FormatBomb kFormatBombs[]")[0]
    made = {name: bytes.fromhex("".join(re.findall(r'"([0-9a-f]*)"', digits))) for name, digits in CASE.findall(text)}
    return made | {"bmp": made["bmp of 24 bits"]}


def built(codecs):
    """Of the formats, those whose library is among these, as `alike doctor` names them."""
    return [name for name, library in LIBRARIES.items() if library in codecs]
