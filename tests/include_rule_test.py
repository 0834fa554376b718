"""A folder of alike/ includes only folders to its left (docs/architecture.md)."""

import pathlib
import re
import sys

ORDER = ["base", "image", "encode", "index", "collection", "search", "map", "evaluate", "serve", "cli"]
ALLOWED = {folder: set(ORDER[: i + 1]) for i, folder in enumerate(ORDER)}
ALLOWED["index"] = {"base", "index"}  # knows nothing of pictures
ALLOWED["learn"] = {"base", "image", "encode", "learn"}
OWNERS = {  # third-party headers, and the folder that may know each
    "boost/json": "base", "boost/asio": "serve", "boost/beast": "serve", "xxh": "base",
    "jpeglib.h": "image", "jerror.h": "image", "png.h": "image", "webp/": "image", "lcms2": "image",
    "openvino/": "encode", "onnx/": "encode", "google/protobuf/": "encode", "openssl/": "encode",
    "Eigen/": "encode map evaluate",
    "sqlite3.h": "collection",
    "CLI/": "cli", "ft2build.h": "cli", "freetype/": "cli", "sixel": "cli", "termios.h": "cli",
}


def violations(folder, text):
    for include in re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M):
        parts = include.split("/")
        if parts[0] == "alike" and len(parts) > 2 and parts[1] not in ALLOWED[folder]:
            yield include
        for prefix, owner in OWNERS.items():
            if include.startswith(prefix) and folder not in owner.split():
                yield include


def main(root):
    assert list(violations("image", '#include "alike/search/query.h"')), "the test must be able to fail"
    assert list(violations("cli", "#include <openssl/evp.h>"))
    assert not list(violations("search", '#include "alike/image/image.h"'))
    bad = 0
    for path in sorted((root / "alike").glob("*/*")):
        if path.suffix in (".h", ".cpp"):
            for include in violations(path.parent.name, path.read_text()):
                print(f"{path.relative_to(root)} may not include {include}")
                bad += 1
    return 1 if bad else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
