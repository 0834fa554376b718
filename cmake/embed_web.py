"""embed_web.py FOLDER OPENAPI.yaml OUT.cpp: the page and the description of the interface as C++."""

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


def main():
    folder, openapi, out = map(pathlib.Path, sys.argv[1:4])
    arrays, entries = [], []
    for i, file in enumerate(sorted(f for f in folder.rglob("*") if f.is_file())):
        plain = file.read_bytes()
        zipped = gzip.compress(plain, 9, mtime=0)
        zipped = zipped if len(zipped) < 0.9 * len(plain) else b""
        arrays += [array(f"kPlain{i}", plain), array(f"kGzip{i}", zipped)]
        entries.append(f'    {{"/{file.relative_to(folder).as_posix()}", "{TYPES.get(file.suffix, "application/octet-stream")}", '
                       f'{view(f"kPlain{i}", plain)}, {view(f"kGzip{i}", zipped)}, "{hashlib.sha256(plain).hexdigest()[:16]}"}}')
    document = json.dumps(yaml.safe_load(openapi.read_text()), separators=(",", ":"), ensure_ascii=False).encode()
    out.write_text('// Made by cmake/embed_web.py.\n#include "alike/serve/assets.h"\n\nnamespace alike::serve {\nnamespace {\n\n'
                   + "\n".join(arrays) + array("kOpenapi", document)
                   + "\nstd::string_view text(const unsigned char* bytes, std::size_t size) {\n"
                     "  return {reinterpret_cast<const char*>(bytes), size};\n}\n\n}  // namespace\n\n"
                     "std::span<const Asset> assets() {\n  static const Asset kAll[] = {\n" + ",\n".join(entries)
                   + "};\n  return kAll;\n}\n\nstd::string_view openapi_json() { return "
                   + view("kOpenapi", document) + "; }\n\n}  // namespace alike::serve\n")


main()
