"""Prints reference_pillow.h: the results of Pillow's resize on a small picture.

    python3 tests/image/reference_pillow.py > tests/image/reference_pillow.h     (Pillow 13.0.0)
"""

from PIL import Image

WIDTH, HEIGHT = 23, 17
CASES = [
    ("Image.BICUBIC", "bicubic", (10, 8), (0, 0, WIDTH, HEIGHT)),
    ("Image.BICUBIC", "bicubic", (29, 19), (3.25, 2.5, 15.75, 12)),
    ("Image.BICUBIC", "bicubic", (WIDTH, 5), (0, 0, WIDTH, HEIGHT)),
    ("Image.BILINEAR", "bilinear", (7, 5), (1, 2, 21.5, 16)),
]


def main():
    source = Image.new("RGB", (WIDTH, HEIGHT))
    source.putdata([tuple((37 * x + 91 * y + 53 * c + 7 * x * y) % 256 for c in range(3))
                    for y in range(HEIGHT) for x in range(WIDTH)])
    print("// Made by tests/image/reference_pillow.py; do not edit.\n#pragma once\n")
    print("#include <cstdint>\n#include <vector>\n\n#include \"alike/image/resize.h\"\n")
    print("namespace alike::image {\n")
    print("/// A scaling of the picture of `patterned(23, 17)` and Pillow's answer.")
    print("struct PillowCase {\n  Interpolation interpolation;\n  int width;\n  int height;\n  Box box;")
    print("  std::vector<std::uint8_t> rgb;\n};\n")
    print("// clang-format off\ninline const std::vector<PillowCase> kPillowCases = {")
    for constant, name, (width, height), (left, top, right, bottom) in CASES:
        answer = source.resize((width, height), eval(constant), box=(left, top, right, bottom))
        print(f"  {{Interpolation::{name}, {width}, {height}, {{{left}, {top}, {right - left}, {bottom - top}}}, {{")
        values = answer.tobytes()
        for i in range(0, len(values), 24):
            print("    " + ", ".join(map(str, values[i:i + 24])) + ",")
        print("  }},")
    print("};\n// clang-format on\n\n}  // namespace alike::image")


main()
