"""Prints reference_odd.h: odd but legal picture files, and their pixels as Pillow gives them.

    python3 tests/image/reference_odd.py > tests/image/reference_odd.h     (Pillow 13.0.0)

Pixels are those of ImageOps.exif_transpose, put on white, then through ImageCms (perceptual) where there is a profile.
"""

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageOps

WIDTH, HEIGHT = 5, 3
RGB = Image.new("RGB", (WIDTH, HEIGHT))
RGB.putdata([(40 * x + 10, 70 * y + 20, 200 - 30 * x) for y in range(HEIGHT) for x in range(WIDTH)])
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b"<rdf:Description xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\"%s</rdf:RDF></x:xmpmeta>")
XMP_ATTRIBUTE = XMP % b' tiff:Orientation="6"/>'
XMP_ELEMENT = XMP % b"><tiff:Orientation>6</tiff:Orientation></rdf:Description>"
SHORT, LONG, BYTE, SIGNED_SHORT, SIGNED_LONG = 3, 4, 1, 8, 9


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def tiff(kind, value, order="<", count=1, tag=0x112):
    """A TIFF block with one entry."""
    width = {BYTE: "B", SHORT: "H", SIGNED_SHORT: "h", LONG: "I", SIGNED_LONG: "i"}[kind]
    field = struct.pack(order + width, value).ljust(4, b"\0")
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(order + "IHHHI", 8, 1, tag, kind, count) + field + b"\0\0\0\0"


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def gray_profile(gamma):
    parts = [(b"desc", b"desc\0\0\0\0\0\0\0\5gray\0" + b"\0" * 78), (b"cprt", b"text\0\0\0\0none\0"),
             (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)),
             (b"kTRC", b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)))]
    table, data, start = struct.pack(">I", len(parts)), b"", 132 + 12 * len(parts)
    for name, body in parts:
        table += name + struct.pack(">II", start + len(data), len(body))
        data += body + b"\0" * (-len(body) % 4)
    head = (struct.pack(">I", start + len(data)) + b"lcms\2\x20\0\0mntrGRAYXYZ "
            + struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
            + struct.pack(">iii", 63190, 65536, 54061))
    return head.ljust(128, b"\0") + table + data


def rgb_profile(gamma):
    """The grey profile's sister with the primaries of sRGB (ICC: relative to D50) and another gamma."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))
    xyz = lambda *values: b"XYZ \0\0\0\0" + struct.pack(">iii", *(round(65536 * v) for v in values))
    parts = [(b"desc", b"desc\0\0\0\0\0\0\0\4rgb\0" + b"\0" * 78), (b"cprt", b"text\0\0\0\0none\0"),
             (b"wtpt", xyz(.9642, 1, .8249)), (b"rXYZ", xyz(.4361, .2225, .0139)), (b"gXYZ", xyz(.3851, .7169, .0971)),
             (b"bXYZ", xyz(.1431, .0606, .7141)), (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve)]
    table, data, start = struct.pack(">I", len(parts)), b"", 132 + 12 * len(parts)
    for name, body in parts:
        table += name + struct.pack(">II", start + len(data), len(body))
        data += body + b"\0" * (-len(body) % 4)
    head = (struct.pack(">I", start + len(data)) + b"lcms\2\x20\0\0mntrRGB XYZ "
            + struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
            + struct.pack(">iii", 63190, 65536, 54061))
    return head.ljust(128, b"\0") + table + data


def raw_profile(block):
    body = b"Exif\0\0" + block
    return b"\nexif\n%8d\n" % len(body) + body.hex().encode() + b"\n"


def png_of(kind, depth, rows, *chunks):
    """A PNG from its rows, as the specification writes it."""
    width = len(rows[0]) // {0: 1, 4: 2}[kind] // (depth // 8)
    head = struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def cases():
    jpeg = encoded(RGB.resize((16, 8), Image.NEAREST), "JPEG", quality=90, subsampling=0, optimize=True)
    png = encoded(RGB, "PNG")
    exif = lambda *blocks: jpeg[:2] + b"".join(segment(0xE1, each) for each in blocks) + jpeg[2:]
    app1 = b"Exif\0\0"
    xap = b"http://ns.adobe.com/xap/1.0/\0"
    early = lambda *chunks: png[:33] + b"".join(chunks) + png[33:]
    late = lambda *chunks: png[:-12] + b"".join(chunks) + png[-12:]
    for order in "<>":
        for name, kind in (("short", SHORT), ("long", LONG), ("signed short", SIGNED_SHORT),
                           ("signed long", SIGNED_LONG), ("byte", BYTE)):
            yield f"jpeg {name} {order}", exif(app1 + tiff(kind, 6, order))
    yield "jpeg short twice", exif(app1 + tiff(SHORT, 6, count=2))
    yield "jpeg short nine", exif(app1 + tiff(SHORT, 9))
    yield "jpeg name twice", exif(app1 + app1 + tiff(SHORT, 6))
    yield "jpeg in two segments", exif(app1 + tiff(SHORT, 8)[:15], app1 + tiff(SHORT, 8)[15:])
    yield "jpeg XMP attribute", exif(xap + XMP_ATTRIBUTE)
    yield "jpeg XMP element", exif(xap + XMP_ELEMENT)
    yield "jpeg XMP beside 3", exif(app1 + tiff(SHORT, 3), xap + XMP_ATTRIBUTE)
    yield "jpeg XMP beside 0", exif(app1 + tiff(SHORT, 0), xap + XMP_ATTRIBUTE)
    yield "jpeg XMP beside another tag", exif(app1 + tiff(SHORT, 3, tag=0x111), xap + XMP_ATTRIBUTE)
    yield "jpeg XMP of 9", exif(xap + XMP % b' tiff:Orientation="9"/>')
    yield "png chunk", early(chunk(b"eXIf", tiff(SHORT, 6)))
    yield "png chunk, long", early(chunk(b"eXIf", tiff(LONG, 6, ">")))
    yield "png chunk, named", early(chunk(b"eXIf", app1 + tiff(SHORT, 6)))
    yield "png chunk at the end", late(chunk(b"eXIf", tiff(SHORT, 6)))
    yield "png raw profile, zTXt", early(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw_profile(tiff(SHORT, 6)))))
    yield "png raw profile, tEXt", early(chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(tiff(SHORT, 6))))
    yield "png raw profile, iTXt", early(chunk(b"iTXt", b"Raw profile type exif\0\0\0\0\0" + raw_profile(tiff(SHORT, 6))))
    yield "png raw profile at the end", late(chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(tiff(SHORT, 6))))
    yield "png raw profile beside a chunk", early(chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(tiff(SHORT, 6))),
                                                  chunk(b"eXIf", tiff(SHORT, 3)))
    yield "png XMP", early(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_ATTRIBUTE))
    yield "png XMP element", early(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0en\0XMP\0" + XMP_ELEMENT))
    yield "png XMP, compressed", early(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP_ATTRIBUTE)))
    yield "png XMP beside a raw profile", early(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP_ATTRIBUTE),
                                                chunk(b"tEXt", b"Raw profile type exif\0" + raw_profile(tiff(SHORT, 3))))
    webp = dict(lossless=True, exact=True)
    yield "webp", encoded(RGB, "WEBP", exif=tiff(SHORT, 6), **webp)
    yield "webp, long", encoded(RGB, "WEBP", exif=tiff(LONG, 6, ">"), **webp)
    named = encoded(RGB, "WEBP", exif=b"123456" + tiff(SHORT, 6), **webp)
    yield "webp, named", named.replace(b"123456II", b"Exif\0\0II")
    yield "webp XMP", encoded(RGB, "WEBP", xmp=XMP_ELEMENT, **webp)

    inks = Image.merge("CMYK", [Image.new("L", (16, 16), each) for each in (200, 90, 30, 40)])
    cmyk = encoded(inks, "JPEG", quality=95, optimize=True)
    at = cmyk.find(b"\xff\xee")
    size = struct.unpack(">H", cmyk[at + 2:at + 4])[0] + 2
    yield "jpeg of inks", cmyk
    yield "jpeg of inks without a marker", cmyk[:at] + cmyk[at + size:]
    yield "jpeg of YCCK", cmyk[:at + size - 1] + b"\2" + cmyk[at + size:]

    levels = [bytes([3, 17, 60, 100, 180, 250]), bytes([0, 30, 90, 140, 220, 255])]
    with_alpha = [bytes(sum(zip(row, (255, 255, 200, 128, 60, 255)), ())) for row in levels]
    wide = lambda rows: [bytes(sum(zip(row, row), ())) for row in rows]  # v · 257 is v of 255 exactly
    for name, profile in (("1.0", gray_profile(1.0)), ("1.8", gray_profile(1.8)), ("2.6", gray_profile(2.6)),
                          ("1.8 of RGB", rgb_profile(1.8))):
        icc = chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile, 9))
        yield f"png grey, {name}", png_of(0, 8, levels, icc)
        yield f"png grey and alpha, {name}", png_of(4, 8, with_alpha, icc)
        yield f"png grey of 16 bits, {name}", png_of(0, 16, wide(levels), icc)
        yield f"png grey and alpha of 16 bits, {name}", png_of(4, 16, wide([bytes(row) for row in with_alpha]), icc)
    gray = Image.new("L", (6, 2))
    gray.putdata(list(levels[0] + levels[1]))
    yield "jpeg grey, 1.8", encoded(gray.resize((48, 16), Image.NEAREST), "JPEG", quality=97, icc_profile=gray_profile(1.8), optimize=True)


def far_pictures():
    """Orientation 6 in a directory behind 100,000 bytes: too large to print, so odd_pictures_test.cpp makes them."""
    block = tiff(SHORT, 6)
    block = block[:4] + struct.pack("<I", 100008) + bytes(100000) + block[8:]
    jpeg, png = encoded(RGB, "JPEG"), encoded(RGB, "PNG")
    parts = (block[:60000], block[60000:])
    yield jpeg[:2] + b"".join(segment(0xE1, b"Exif\0\0" + part) for part in parts) + jpeg[2:]
    yield png[:33] + chunk(b"eXIf", block) + png[33:]
    yield encoded(RGB, "WEBP", exif=block)


def answer(data):
    """Pillow's pixels: upright, on white, sRGB."""
    image = Image.open(io.BytesIO(data))
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        deep = struct.unpack(f"<{image.width * image.height}H", image.tobytes())
        image = Image.frombytes("L", image.size, bytes(v // 257 for v in deep))
    if image.mode in ("LA", "RGBA"):
        base = "L" if data[25] in (0, 4) else "RGB"  # a grey PNG of 16 bits with alpha is RGBA to Pillow
        white = Image.new(base, image.size, "white")
        white.paste(image.convert(base), mask=image.getchannel("A"))
        image = white
    if profile and image.mode == "L" and profile[16:20] == b"RGB ":
        image = image.convert("RGB")
    if profile:
        return ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB,
                                         renderingIntent=ImageCms.Intent.PERCEPTUAL, outputMode="RGB")
    return image.convert("RGB")


def lines(data, width=110):
    text = data.hex()
    return "\n".join(f'     "{text[i:i + width]}"' for i in range(0, len(text), width)) or '     ""'


def main():
    assert all(answer(data).size == (HEIGHT, WIDTH) for data in far_pictures())
    print("// Made by tests/image/reference_odd.py; do not edit.\n#pragma once\n")
    print("namespace alike::image {\n")
    print("/// An odd picture file and Pillow's pixels of it, both in hexadecimal digits.")
    print("struct OddPicture {\n  const char* name;\n  const char* file;\n  int width;\n  int height;\n  const char* rgb;\n};\n")
    print("// clang-format off\ninline constexpr OddPicture kOddPictures[] = {")
    for name, data in cases():
        image = answer(data)
        print(f'  {{"{name}",\n{lines(data)},\n     {image.width}, {image.height},\n{lines(image.tobytes())}}},')
    print("};\n// clang-format on\n\n}  // namespace alike::image")


main()
