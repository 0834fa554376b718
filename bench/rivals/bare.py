"""The bare network on ready tensors: OpenVINO's own asynchronous queue, no decoding, no storing.

    bare.py openvino|openvino-own PACKAGE_FOLDER PICTURES STREAMS     prints JSON: pictures, seconds
"""

import json
import pathlib
import sys
import time

import numpy
import openvino

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from pipeline import framing, layer_tensor, openvino_settings


def main():
    kind, package, count, streams = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    core = openvino.Core()
    model = core.read_model(str(pathlib.Path(package) / "model.onnx"))
    size = framing(package)[0]
    tensor = layer_tensor(package)
    pooled = next(o for op in model.get_ops() for o in op.outputs() if tensor in o.get_names())
    cut = openvino.Model([pooled], model.get_parameters())
    cut.reshape([1, 3, size, size])
    compiled = core.compile_model(cut, "CPU", openvino_settings(kind, streams))
    queue = openvino.AsyncInferQueue(compiled, streams)
    ready = [numpy.random.default_rng(i).standard_normal((1, 3, size, size), numpy.float32) for i in range(8)]
    for i in range(16):
        queue.start_async({0: ready[i % 8]})
    queue.wait_all()
    started = time.perf_counter()
    for i in range(count):
        queue.start_async({0: ready[i % 8]})
    queue.wait_all()
    print(json.dumps({"pictures": count, "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
