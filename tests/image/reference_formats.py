"""Prints reference_formats.h: pictures of the formats that are decoded apart, and their pixels as Pillow gives them.

    python3 tests/image/reference_formats.py > tests/image/reference_formats.h
        (Pillow 13.0.0, pillow-heif 1.8.1, tifffile 2026, imagecodecs 2026)

Pixels are those of ImageOps.exif_transpose, put on white, then through ImageCms (perceptual) where there is a profile.
"""

import io
import struct

import numpy
import pillow_heif
import tifffile
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()

WIDTH, HEIGHT = 7, 5
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
RGB = numpy.array([[(30 * x + 10, 45 * y + 20, 220 - 25 * x) for x in range(WIDTH)] for y in range(HEIGHT)], numpy.uint8)
ALPHA = numpy.array([[240 - 40 * x + 3 * y if x < 6 else 255 * (y % 2) for x in range(WIDTH)] for y in range(HEIGHT)], numpy.uint8)
RGBA = numpy.dstack([RGB, ALPHA])
GREY = RGB.mean(axis=2).astype(numpy.uint8)
INDEXES = numpy.array([[(x * 3 + y * 5) % 13 for x in range(WIDTH)] for y in range(HEIGHT)], numpy.uint8)
COLORS = [(20 * i, 250 - 19 * i, 97 * i % 256) for i in range(13)] + [(0, 0, 0)] * 3
SMOOTH = Image.fromarray(numpy.array([[(40 + 8 * x, 30 + 12 * y, 200 - 4 * x - 4 * y) for x in range(20)] for y in range(10)], numpy.uint8))


def saved(image, kind, **options):
    out = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(out, kind, **options)
    return out.getvalue()


def rgb_profile(gamma):
    """A profile with the primaries of sRGB (ICC: relative to D50) and another gamma."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    xyz = lambda *values: b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(65536 * v) for v in values))
    parts = [(b"desc", b"desc\0\0\0\0\0\0\0\4rgb\0" + b"\0" * 78), (b"cprt", b"text\0\0\0\0none\0"),
             (b"wtpt", xyz(.9642, 1, .8249)), (b"rXYZ", xyz(.4361, .2225, .0139)), (b"gXYZ", xyz(.3851, .7169, .0971)),
             (b"bXYZ", xyz(.1431, .0606, .7141)), (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, data, start = struct.pack(">I", len(parts)), b"", 132 + 12 * len(parts)
    for name, body in parts:
        table += name + struct.pack(">II", start + len(data), len(body))
        data += body + b"\0" * (-len(body) % 4)
    head = (struct.pack(">I", start + len(data)) + b"lcms\2\x20\0\0mntrRGB XYZ " + struct.pack(">6H", 2020, 1, 1, 0, 0, 0)
            + b"acsp" + b"\0" * 28 + struct.pack(">iii", 63190, 65536, 54061))
    return head.ljust(128, b"\0") + table + data


# --- GIF, by its specification: codes of nine bits, and a clear code before each 250 of them ---

def lzw(indexes):
    codes = []
    for i, index in enumerate(indexes):
        codes += [256] * (i % 250 == 0) + [int(index)]
    bits, count, out = 0, 0, bytearray()
    for code in codes + [257]:
        bits |= code << count
        count += 9
        while count >= 8:
            out.append(bits & 255)
            bits, count = bits >> 8, count - 8
    out += bytes([bits]) if count else b""
    blocks = [bytes(out[i:i + 255]) for i in range(0, len(out), 255)]
    return b"\x08" + b"".join(bytes([len(each)]) + each for each in blocks) + b"\0"


def palette(colors=COLORS):
    return b"".join(bytes(color) for color in colors)


def frame(indexes=INDEXES, left=0, top=0, interlaced=False, local=b""):
    height, width = indexes.shape
    rows = list(range(height))
    if interlaced:
        rows = [*range(0, height, 8), *range(4, height, 8), *range(2, height, 4), *range(1, height, 2)]
    flags = (0x40 if interlaced else 0) | (0x83 if local else 0)
    return b"," + struct.pack("<4HB", left, top, width, height, flags) + local + lzw(indexes[rows].ravel())


def gif(*parts, size=(WIDTH, HEIGHT), colors=palette(), background=0, version=b"GIF89a"):
    return (version + struct.pack("<HHBBB", *size, 0x83 if colors else 0, background, 0) + colors + b"".join(parts) + b";")


def transparent(index):
    return b"!\xf9\4" + struct.pack("<BHB", 1, 10, index) + b"\0"


def gifs():
    yield "gif", gif(frame()), 0
    yield "gif of 1987", gif(frame(), version=b"GIF87a"), 0
    tall = numpy.array([[(x + y) % 16 for x in range(3)] for y in range(21)], numpy.uint8)
    yield "gif, interlaced", gif(frame(tall, interlaced=True), size=(3, 21)), 0
    yield "gif, transparent", gif(transparent(4), frame()), 0
    yield "gif of a small frame", gif(transparent(4), frame(INDEXES[:3, :4], 2, 1)), 0
    yield "gif of a frame beyond its canvas", gif(frame(), size=(4, 3)), 0
    yield "gif with colours of its own", gif(frame(local=palette(COLORS[::-1]))), 0
    yield "gif without colours", gif(frame(INDEXES * 19), colors=b""), 0
    yield "gif of two frames", gif(transparent(3), frame(), transparent(3), frame(INDEXES[::-1])), 0
    yield "gif with a comment", gif(b"!\xfe\5hello\0", frame()), 0
    yield "gif by Pillow", saved(Image.fromarray(RGB).quantize(16), "GIF"), 0


# --- BMP, by the headers of Windows and OS/2 ---

def padded(rows):
    return b"".join(row + b"\0" * (-len(row) % 4) for row in rows)


def bmp(bits, data, length=40, compression=0, colors=b"", masks=(), height=HEIGHT, width=WIDTH, profile=b""):
    if length == 12:
        head = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        head = struct.pack("<IiiHHIIiiII", length, width, height, 1, bits, compression, len(data), 2835, 2835, len(colors) // 4, 0)
        head = head[:length]
        if masks:
            head += struct.pack(f"<{len(masks)}I", *masks)
        head = head.ljust(length, b"\0")
    at = 14 + len(head) + len(colors)
    return b"BM" + struct.pack("<IHHI", at + len(data), 0, 0, at) + head + colors + data


def packed(values, bits):
    text = "".join(f"{value:0{bits}b}" for value in values)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))


def bmps():
    quads = b"".join(bytes((b, g, r, 0)) for r, g, b in COLORS)
    triples = b"".join(bytes((b, g, r)) for r, g, b in COLORS)
    up = INDEXES[::-1]
    words = lambda values, kind: padded([struct.pack(f"<{WIDTH}{kind}", *row) for row in values])
    bgr = padded([row[:, ::-1].tobytes() for row in RGB[::-1]])
    wide = RGB[::-1].astype(int)
    yield "bmp of 1 bit", bmp(1, padded([packed(row % 2, 1) for row in up]), colors=quads[:8]), 0
    yield "bmp of 4 bits", bmp(4, padded([packed(row, 4) for row in up]), colors=quads), 0
    yield "bmp of 8 bits", bmp(8, padded([row.tobytes() for row in up]), colors=quads), 0
    yield "bmp of 8 bits, top down", bmp(8, padded([row.tobytes() for row in INDEXES]), colors=quads, height=-HEIGHT), 0
    yield "bmp of OS/2, 8 bits", bmp(8, padded([row.tobytes() for row in up]), 12, colors=triples + b"\0" * 720), 0
    yield "bmp of OS/2, 24 bits", bmp(24, bgr, 12), 0
    yield "bmp of OS/2 2", bmp(24, bgr, 64), 0
    yield "bmp of 24 bits", bmp(24, bgr), 0
    yield "bmp by Pillow", saved(RGB, "BMP"), 0
    yield "bmp of 15 bits", bmp(16, words((wide[..., 0] >> 3) << 10 | (wide[..., 1] >> 3) << 5 | wide[..., 2] >> 3, "H")), 1
    sixteen = words((wide[..., 0] >> 3) << 11 | (wide[..., 1] >> 2) << 5 | wide[..., 2] >> 3, "H")
    yield "bmp of 16 bits", bmp(16, sixteen, compression=3, masks=(0xf800, 0x7e0, 0x1f)), 1
    yield "bmp of 32 bits", bmp(32, words(wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2], "I")), 0
    alpha = words(ALPHA[::-1].astype(int) << 24 | wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2], "I")
    masks = (0xff0000, 0xff00, 0xff, 0xff000000)
    yield "bmp with alpha", bmp(32, alpha, 124, 3, masks=masks), 1
    yield "bmp with alpha, version 4", bmp(32, alpha, 108, 3, masks=masks), 1
    runs = b"\2\1\3\2\2\3\0\0" + b"\0\3\4\5\6\0\4\7\0\0" + b"\0\2\1\1" + b"\6\2\0\0" + b"\7\11\0\1"
    yield "bmp of runs of 8 bits", bmp(8, runs, compression=1, colors=quads), 0
    runs = b"\5\x12\2\x34\0\0" + b"\0\5\x12\x34\x50\0\2\x66\0\0" + b"\0\2\1\1" + b"\6\x29\0\0" + b"\7\x9a\0\1"
    yield "bmp of runs of 4 bits", bmp(4, runs, compression=2, colors=quads), 0


# --- TIFF, by tifffile where Pillow writes no such kind ---

def tiff(data, **options):
    out = io.BytesIO()
    with tifffile.TiffWriter(out, bigtiff=options.pop("bigtiff", False), byteorder=options.pop("byteorder", "<")) as file:
        file.write(data, metadata=None, **options)
    return out.getvalue()


def tiffs():
    deep = RGB.astype(numpy.uint16) * 257
    big = numpy.array([[(9 * x, 8 * y, 255 - 4 * x - 5 * y) for x in range(19)] for y in range(17)], numpy.uint8)
    rgb = dict(photometric="rgb")
    yield "tiff", tiff(RGB, **rgb), 0
    yield "tiff, big-endian", tiff(RGB, byteorder=">", **rgb), 0
    yield "tiff of 64 bits", tiff(RGB, bigtiff=True, **rgb), 0
    yield "tiff of strips", tiff(RGB, rowsperstrip=2, **rgb), 0
    yield "tiff of planes", tiff(numpy.moveaxis(RGB, 2, 0), planarconfig="separate", **rgb), 0
    yield "tiff of tiles", tiff(big, tile=(16, 16), **rgb), 0
    yield "tiff of tiled planes", tiff(numpy.moveaxis(big, 2, 0), planarconfig="separate", tile=(16, 16), **rgb), 0
    for name in ("lzw", "adobe_deflate", "packbits", "zstd", "lzma"):
        yield f"tiff, {name}", tiff(RGB, compression=name, **rgb), 0
    yield "tiff, lzw, predicted", tiff(RGB, compression="lzw", predictor=True, **rgb), 0
    yield "tiff, jpeg", saved(SMOOTH, "TIFF", compression="jpeg"), 3
    yield "tiff of 16 bits", tiff(deep, **rgb), 1
    yield "tiff, grey", tiff(GREY, photometric="minisblack"), 0
    yield "tiff, grey, 16 bits", tiff(GREY.astype(numpy.uint16) * 257, photometric="minisblack"), 0
    yield "tiff, white is 0", tiff(GREY, photometric="miniswhite"), 0
    yield "tiff of 1 bit", saved(Image.fromarray(GREY).convert("1"), "TIFF"), 0
    yield "tiff, fax", saved(Image.fromarray(GREY).convert("1"), "TIFF", compression="group4"), 0
    colors = numpy.array(COLORS + [(0, 0, 0)] * 240, numpy.uint16).T * 257
    yield "tiff of a palette", tiff(INDEXES, photometric="palette", colormap=colors), 0
    yield "tiff of inks", tiff(numpy.dstack([255 - RGB, GREY // 3]), photometric="separated"), 1
    yield "tiff, alpha", tiff(RGBA, extrasamples=["unassalpha"], **rgb), 1
    multiplied = numpy.dstack([(RGB.astype(int) * ALPHA[..., None] + 127) // 255, ALPHA]).astype(numpy.uint8)
    yield "tiff, alpha multiplied in", tiff(multiplied, extrasamples=["assocalpha"], **rgb), 2
    yield "tiff, another channel", tiff(RGBA, extrasamples=["unspecified"], **rgb), 0
    yield "tiff, grey and alpha", tiff(numpy.dstack([GREY, ALPHA]), photometric="minisblack", extrasamples=["unassalpha"]), 1
    for orientation in range(2, 9):
        yield f"tiff, turned {orientation}", tiff(RGB, extratags=[(274, 3, 1, orientation, True)], **rgb), 0
    yield "tiff of two pages", saved(RGB, "TIFF", save_all=True, append_images=[Image.fromarray(RGB[::-1].copy())]), 0
    yield "tiff, colours", saved(RGB, "TIFF", icc_profile=rgb_profile(1.8)), 1


# --- HEIC and AVIF, by libheif and libavif ---

def turned(image, orientation):
    exif = image.getexif()
    exif[0x112] = orientation
    return exif.tobytes()


def heifs():
    alpha = SMOOTH.copy()
    alpha.putalpha(Image.fromarray(numpy.array([[4 * x if x < 60 else 255 for x in range(20)] for y in range(10)], numpy.uint8)))
    for kind, full in (("HEIF", dict(quality=-1, chroma=444)), ("AVIF", dict(quality=100, subsampling="4:4:4"))):
        name = "heic" if kind == "HEIF" else "avif"
        yield name, saved(SMOOTH, kind, **full), 2
        yield f"{name}, coarse", saved(SMOOTH, kind, quality=60), 12  # chroma is enlarged by other filters
        yield f"{name}, alpha", saved(alpha, kind, **full), 3
        yield f"{name}, colours", saved(SMOOTH, kind, icc_profile=rgb_profile(1.8), **full), 3
        for orientation in (3, 5, 6):
            yield f"{name}, turned {orientation}", saved(SMOOTH, kind, exif=turned(SMOOTH, orientation), **full), 2
    yield "heic of a grid", heic_grid(1, 2, 70, 20, tile()), 3
    yield "heic, grey", saved(SMOOTH.convert("L"), "HEIF", quality=-1), 2
    deep = numpy.asarray(SMOOTH).astype(numpy.uint16) * 257
    deep = pillow_heif.from_bytes(mode="RGB;16", size=SMOOTH.size, data=deep.tobytes())
    out = io.BytesIO()
    deep.save(out, quality=-1, chroma=444)
    yield "heic of 10 bits", out.getvalue(), 2


# --- Files that ask for more than they have ---

def box(name, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def boxes(data):
    """The boxes of these bytes by name, without their heads; of one name the first."""
    found, at = {}, 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        found.setdefault(name, data[at + 8:at + size])
        at += size
    return found


def full(name, *parts, version=0, flags=0):
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def heic_grid(rows, columns, width, height, tile):
    """A HEIC of rows × columns times the same tile, as it came from libheif, cut to width × height."""
    meta = boxes(boxes(tile)[b"meta"][4:])
    properties = boxes(boxes(meta[b"iprp"])[b"ipco"])
    coded = boxes(tile)[b"mdat"]
    side = Image.open(io.BytesIO(tile)).size
    count = rows * columns
    grid = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width & 0xffff, height & 0xffff)
    wide = max(width, height) > 65535
    if wide:
        grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    items = [full(b"infe", struct.pack(">HH4s", number, 0, kind), b"\0", version=2, flags=flags)
             for number, kind, flags in ((1, b"grid", 0), (2, b"hvc1", 1))]
    place = lambda at: full(b"iloc", bytes([0x44, 0]), struct.pack(">H", 2),
                            struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid)),
                            struct.pack(">HHHHII", 2, 0, 0, 1, at, len(coded)), version=1)
    whole = lambda at: box(b"ftyp", b"heic", bytes(4), b"mif1heic") + full(
        b"meta", full(b"hdlr", bytes(4), b"pict", bytes(13)), full(b"pitm", struct.pack(">H", 1)), place(at),
        full(b"iinf", struct.pack(">H", 2), *items),
        full(b"iref", box(b"dimg", struct.pack(">HH", 1, count), struct.pack(">H", 2) * count)),
        box(b"iprp", box(b"ipco", full(b"ispe", struct.pack(">II", width, height)), box(b"hvcC", properties[b"hvcC"]),
                         full(b"ispe", struct.pack(">II", *side))),
            full(b"ipma", struct.pack(">I", 2), struct.pack(">HBB", 1, 1, 1), struct.pack(">HBBB", 2, 2, 0x82, 3))),
        box(b"idat", grid)) + box(b"mdat", coded)
    return whole(len(whole(0)) - len(coded))


def tile():
    return saved(Image.fromarray(numpy.array([[(3 * x, 3 * y, 90) for x in range(64)] for y in range(64)], numpy.uint8)), "HEIF",
                 quality=50, chroma=420)


def restated(data, width, height):
    """The same with another size in each ispe."""
    at = data.find(b"ispe")
    while at >= 0:
        data = data[:at + 8] + struct.pack(">II", width, height) + data[at + 16:]
        at = data.find(b"ispe", at + 16)
    return data


def directory(*entries, after=0, data=b""):
    """A TIFF of one directory: (tag, type, count, value); `data` lies at 8."""
    known = {256: (4, 1, 4), 257: (4, 1, 4), 258: (3, 1, 8), 259: (3, 1, 1), 262: (3, 1, 1), 273: (4, 1, 8), 277: (3, 1, 1),
             278: (4, 1, 4), 279: (4, 1, 16)}
    known.update({tag: tuple(rest) for tag, *rest in entries})
    at = 8 + len(data)
    return (b"II*\0" + struct.pack("<I", at) + data + struct.pack("<H", len(known))
            + b"".join(struct.pack("<HHII", tag, *known[tag]) for tag in sorted(known)) + struct.pack("<I", after))


def bombs():
    """(name, file, the code of the error, or "read")"""
    wide = 60_000
    small = bytes(range(16))
    yield "gif", gif(b"," + struct.pack("<4HB", 0, 0, wide, wide, 0) + lzw([0]), size=(wide, wide)), "unsupported"
    yield "gif beyond its canvas", gif(b"," + struct.pack("<4HB", 65535, 65535, 65535, 65535, 0) + lzw([0])), "unsupported"
    yield "bmp", bmp(24, b"", width=wide, height=wide), "unsupported"
    yield "bmp, top down", bmp(24, b"", width=2**31 - 1, height=-2**31), "unsupported"
    yield "bmp of runs", bmp(8, b"\0\1", compression=1, width=wide, height=wide), "unsupported"
    yield "bmp of no width", bmp(24, b"", width=-5, height=5), "corrupt"
    yield "bmp, cut short", bmp(24, bytes(30), width=100, height=100), "corrupt"
    yield "bmp, cut in its runs", bmp(8, b"\5\1\0\7", compression=1, width=100, height=100), "corrupt"
    yield "bmp of a palette elsewhere", bmp(8, bytes(64)).replace(b"\x28\0\0\0", b"\x28\0\0\x40", 1), "unsupported"
    yield "tiff", directory((256, 4, 1, wide), (257, 4, 1, wide)), "unsupported"
    yield "tiff of one row", directory((256, 4, 1, 2**32 - 1), (257, 4, 1, 1)), "unsupported"
    yield "tiff of no size", directory((256, 4, 1, 0)), "corrupt"
    yield "tiff followed by itself", directory(data=small, after=24), "read"
    yield "tiff with itself inside", directory((330, 4, 1, 24), data=small), "read"
    yield "tiff of a directory beyond its end", b"II*\0" + struct.pack("<I", 2**32 - 2), "corrupt"
    yield "tiff of 2^32 strips", directory((273, 4, 2**32 - 1, 8), (279, 4, 2**32 - 1, 8), (278, 4, 1, 1), data=small), "corrupt"
    yield "tiff of 65,535 channels", directory((277, 3, 1, 65535), (258, 3, 1, 8), data=small), "corrupt"
    yield "tiff of large tiles", directory((322, 4, 1, 2**31 - 16), (323, 4, 1, 2**31 - 16), (324, 4, 1, 8), (325, 4, 1, 16),
                                           data=small), "corrupt"
    yield "tiff of pixels beyond its end", directory((273, 4, 1, 2**31), data=small), "corrupt"
    yield "tiff of a camera", directory((254, 4, 1, 1), data=small), "unsupported"
    heic, avif = (saved(SMOOTH, kind, quality=50) for kind in ("HEIF", "AVIF"))
    yield "heic", restated(heic, wide, wide), "unsupported"
    yield "heic, other size", restated(heic, 200, 200), "read"  # by the size that is coded
    yield "heic of a large grid", heic_grid(8, 8, wide, wide, tile()), "unsupported"
    yield "heic, cut short", heic[:-40], "corrupt"
    yield "heic, head alone", heic[:60], "corrupt"
    yield "avif", restated(avif, wide, wide), "unsupported"
    yield "avif, cut short", avif[:-40], "corrupt"


def answer(data):
    """Pillow's pixels: upright, on white, sRGB."""
    image = Image.open(io.BytesIO(data))
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        deep = struct.unpack(f"<{image.width * image.height}H", image.tobytes())
        image = Image.frombytes("L", image.size, bytes(value // 257 for value in deep))
    if image.mode in ("LA", "RGBA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image.convert("RGB"), mask=image.getchannel("A"))
        image = white
    if profile:
        return ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB,
                                         renderingIntent=ImageCms.Intent.PERCEPTUAL, outputMode="RGB")
    return image.convert("RGB")


def lines(data, width=110):
    text = data.hex()
    return "\n".join(f'     "{text[i:i + width]}"' for i in range(0, len(text), width))


def main():
    print("// Made by tests/image/reference_formats.py; do not edit.\n#pragma once\n")
    print("namespace alike::image {\n")
    print("/// A picture file and Pillow's pixels of it, both in hexadecimal digits, and how far a value may be away.")
    print("struct FormatPicture {\n  const char* name;\n  const char* file;\n  int width;\n  int height;\n  const char* rgb;\n"
          "  int tolerance;\n};\n")
    print("// clang-format off\ninline constexpr FormatPicture kFormatPictures[] = {")
    for cases in (gifs, bmps, tiffs, heifs):
        for name, data, tolerance in cases():
            image = answer(data)
            print(f'  {{"{name}",\n{lines(data)},\n     {image.width}, {image.height},\n{lines(image.tobytes())}, {tolerance}}},')
    print("};\n\n/// A file that asks for more than it has, in hexadecimal digits, and the code of its error; or \"read\".")
    print("struct FormatBomb {\n  const char* name;\n  const char* file;\n  const char* code;\n};\n")
    print("inline constexpr FormatBomb kFormatBombs[] = {")
    for name, data, code in bombs():
        print(f'  {{"{name}",\n{lines(data)},\n     "{code}"}},')
    print("};\n// clang-format on\n\n}  // namespace alike::image")


main()
