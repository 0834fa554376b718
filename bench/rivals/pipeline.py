"""The stack alike replaces: Pillow for pixels, onnxruntime or OpenVINO's Python for the network.

    pipeline.py onnxruntime|openvino|openvino-own PACKAGE_FOLDER LIST_OF_FILES OUT.npy [--batch N] [--icc]

One process, one thread; benchmarks start two on halves of the list. Prints JSON: pictures, seconds
of the loop alone (imports and loading the network not counted). openvino computes in float32,
openvino-own in the type that OpenVINO chooses for the processor. --icc: colour profiles are applied, as alike
does; most such stacks do not.
"""

import io
import json
import pathlib
import sys
import time

import numpy
from PIL import Image


def framing(package):
    """The preprocessing that encoder.json states, in Pillow's words."""
    settings = json.loads((pathlib.Path(package) / "encoder.json").read_text())["input"]
    return settings["size"], settings["crop_fraction"], settings["mean"], settings["scale"]


def load(path, size, fraction, icc=False):
    """Upright RGB on white, the centre square, bicubic: (size, size, 3) uint8."""
    from PIL import ImageCms, ImageOps

    picture = Image.open(path)
    profile = picture.info.get("icc_profile") if icc else None
    picture = ImageOps.exif_transpose(picture)
    if profile and picture.mode == "RGB":
        picture = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                            ImageCms.createProfile("sRGB"))
    if picture.mode in ("RGBA", "LA", "P", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, (255, 255, 255, 255)), picture)
    picture = picture.convert("RGB")
    side = int(fraction * min(picture.size))
    left, top = ((extent - side + 1) // 2 for extent in picture.size)
    return numpy.asarray(picture.resize((size, size), Image.BICUBIC, box=(left, top, left + side, top + side)))


def network(kind, package, output):
    """A function (n, 3, size, size) float32 → (n, width), on one thread."""
    model = str(pathlib.Path(package) / "model.onnx")
    if kind == "onnxruntime":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda batch: session.run([output], {name: batch})[0]
    import openvino

    core = openvino.Core()
    graph = core.read_model(model)
    compiled = core.compile_model(graph, "CPU", openvino_settings(kind, 1))
    request = compiled.create_infer_request()
    return lambda batch: numpy.array(request.infer({0: batch})[compiled.output(output)])


def openvino_settings(kind, streams):
    """Not pinned: two processes would share one core."""
    settings = {"INFERENCE_NUM_THREADS": streams, "NUM_STREAMS": streams, "ENABLE_CPU_PINNING": False}
    return settings if kind == "openvino-own" else settings | {"INFERENCE_PRECISION_HINT": "f32"}


def layer_tensor(package):
    settings = json.loads((pathlib.Path(package) / "encoder.json").read_text())
    return next(l["tensor"] for l in settings["layers"] if l["name"] == settings["default_layer"])


def main():
    kind, package, listing, out = sys.argv[1:5]
    batch = int(sys.argv[sys.argv.index("--batch") + 1]) if "--batch" in sys.argv else 1
    size, fraction, mean, scale = framing(package)
    files = pathlib.Path(listing).read_text().splitlines()
    mean = numpy.array(mean, numpy.float32)
    scale = numpy.array(scale, numpy.float32)
    run = network(kind, package, layer_tensor(package))
    rows = []
    started = time.perf_counter()
    for i in range(0, len(files), batch):
        pixels = numpy.stack([load(f, size, fraction, "--icc" in sys.argv) for f in files[i:i + batch]])
        tensor = numpy.ascontiguousarray(((pixels - mean) / scale).transpose(0, 3, 1, 2), numpy.float32)
        raw = run(tensor).reshape(len(tensor), -1)
        rows.append(raw / numpy.linalg.norm(raw, axis=1, keepdims=True))
    numpy.save(out, numpy.concatenate(rows))
    print(json.dumps({"pictures": len(files), "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
