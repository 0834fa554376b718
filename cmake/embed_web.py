"""The pages of web/ as C++.

embed_web.py assets_data.cpp FOLDER OPENAPI.yaml    that of `alike serve`, and the description of the interface
embed_web.py map_page_data.cpp [PAGE.html]          that of one map, or none
"""

import gzip
import hashlib
import json
import pathlib
import sys

import yaml

TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
         ".json": "application/json", ".png": "image/png", ".webmanifest": "application/manifest+json"}
LINE = 24  # bytes


def array(name, data):
    rows = (", ".join(f"{byte}" for byte in data[i:i + LINE]) for i in range(0, len(data), LINE))
    return f"constexpr unsigned char {name}[] = {{\n" + ",\n".join(rows) + "};\n" if data else ""


def view(name, data):
    return f"text({name}, {len(data)})" if data else '""'


TEXT = """
[[maybe_unused]] std::string_view text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

"""


def source(header, space, arrays, definitions):
    return (f'// Made by cmake/embed_web.py.\n#include "{header}"\n\n#include <cstddef>\n\nnamespace {space} {{\nnamespace {{\n\n'
            + "\n".join(arrays) + TEXT + definitions + f"\n}}  // namespace {space}\n")


def assets(folder, openapi):
    arrays, entries = [], []
    for i, file in enumerate(sorted(f for f in folder.rglob("*") if f.is_file())):
        plain = file.read_bytes()
        zipped = gzip.compress(plain, 9, mtime=0)
        zipped = zipped if len(zipped) < 0.9 * len(plain) else b""
        arrays += [array(f"kPlain{i}", plain), array(f"kGzip{i}", zipped)]
        entries.append(f'    {{"/{file.relative_to(folder).as_posix()}", "{TYPES.get(file.suffix, "application/octet-stream")}", '
                       f'{view(f"kPlain{i}", plain)}, {view(f"kGzip{i}", zipped)}, "{hashlib.sha256(plain).hexdigest()[:16]}"}}')
    document = json.dumps(yaml.safe_load(openapi.read_text()), separators=(",", ":"), ensure_ascii=False).encode()
    return source("alike/serve/assets.h", "alike::serve", arrays + [array("kOpenapi", document)],
                  "std::span<const Asset> assets() {\n  static const Asset kAll[] = {\n" + ",\n".join(entries)
                  + "};\n  return kAll;\n}\n\nstd::string_view openapi_json() { return " + view("kOpenapi", document) + "; }\n")


def map_page(file=None):
    page = file.read_bytes() if file else b""
    return source("alike/draw/map_page.h", "alike::draw", [array("kPage", page)],
                  "std::string_view map_page() { return " + view("kPage", page) + "; }\n")


def main():
    out, *inputs = map(pathlib.Path, sys.argv[1:])
    out.write_text(assets(*inputs) if out.name == "assets_data.cpp" else map_page(*inputs))


main()
