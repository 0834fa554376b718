"""An early layer costs its share: speed of every layer of EfficientNet-Lite0 on ready pixels.

    bench/layers.py
"""

from common import ROOT, package, publish, run, table


def main():
    package("efficientnet-lite0")
    layers, _, _ = run(ROOT / "build/release/bench_layers", "efficientnet-lite0", 60, 5)
    whole = layers[-1]["images_per_second"]
    publish("Layers", "EfficientNet-Lite0, one stream, ready pixels, median of 5 rounds taken in turn.\n\n" +
            table(["layer", "share of the multiply-adds", "img/s", "× the whole"],
                  [[l["layer"], f"{100 * l['cost']:.1f} %", f"{l['images_per_second']:.1f}",
                    f"{l['images_per_second'] / whole:.2f}"] for l in layers]))


main()
