#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "alike/actions/encoders.h"
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/words.h"
#include "alike/encode/get/acquire.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/run/encoder.h"

namespace alike::cli {
namespace {

struct AddWords {
  std::filesystem::path file;
  encode::AddOptions options;
  int size = 0;
  double crop = 0;
  std::string mean;
  std::string scale;
  std::string channels;
  std::string interpolation;
};

void list(const Context& context) {
  std::vector<std::vector<std::string>> rows{{"name", "", "title", "licence"}};
  const auto packages = encode::list_packages();
  for (const auto& package : packages) {
    rows.push_back({package.name, "installed", package.title, package.licence});
  }
  for (const auto& known : encode::known_encoders()) {
    const bool there = std::ranges::any_of(
        packages, [&](const encode::Package& package) { return package.name == known.name; });
    if (there) continue;
    rows.push_back({known.name, "alike models get " + known.name, known.title, known.licence});
  }
  for (const auto& damaged : encode::damaged_packages()) {
    rows.push_back({printable(damaged.name), "damaged", printable(damaged.reason), ""});
  }
  say(context, columns(rows, "llll"));
  answer(context, actions::encoders_json());
}

std::string shape(const encode::Layer& layer) {
  if (layer.height == 1 && layer.width == 1) return std::to_string(layer.channels);
  return std::to_string(layer.height) + "x" + std::to_string(layer.width) + "x" +
         std::to_string(layer.channels);
}

std::string layer_table(const std::vector<encode::Layer>& layers,
                        const std::string& default_layer) {
  std::vector<std::vector<std::string>> rows{{"layer", "shape", "cost", "tensor", ""}};
  for (const auto& layer : layers) {
    char cost[16];
    std::snprintf(cost, sizeof cost, "%.1f %%", 100 * layer.cost);
    rows.push_back({layer.name, shape(layer), cost, layer.tensor,
                    layer.name == default_layer ? "default" : ""});
  }
  return columns(rows, "lrrll");
}

/// "224 px square, centre 87.5 %, bicubic, (value - 127,127,127) / 128,128,128, rgb"
std::string input_of(const encode::Input& input) {
  const auto triple = [](const std::array<float, 3>& values) {
    char text[64];
    std::snprintf(text, sizeof text, "%g,%g,%g", static_cast<double>(values[0]),
                  static_cast<double>(values[1]), static_cast<double>(values[2]));
    return std::string(text);
  };
  char crop[32];
  std::snprintf(crop, sizeof crop, "%.4g", 100 * input.framing.crop_fraction);
  return std::to_string(input.framing.size) + " px square, centre " + crop + " %, " +
         std::string(image::name_of(input.framing.interpolation)) + ", (value - " +
         triple(input.mean) + ") / " + triple(input.scale) + ", " + (input.bgr ? "bgr" : "rgb");
}

void show(const Context& context, const std::string& name) {
  const auto package = encode::load_package(name);
  std::vector<std::vector<std::string>> rows{{"name", package.name},
                                             {"title", package.title},
                                             {"licence", package.licence},
                                             {"source", package.source},
                                             {"trained on", package.trained_on},
                                             {"input", input_of(package.input)},
                                             {"sha256", package.sha256},
                                             {"folder", package.folder.native()}};
  say(context, columns(rows, "ll") + "\n" + layer_table(package.layers, package.default_layer));
  answer(context, actions::to_json(package));
}

void get(const Context& context, const std::vector<std::string>& names) {
  json::array document;
  for (const auto& name : names) {
    tell(context, "Getting " + name);
    const auto package = encode::get_package(name);
    say(context, package.name + " is in " + package.folder.native() + "\n");
    document.push_back(actions::to_json(package));
  }
  answer(context, document);
}

/// Asks on the terminal; what is only Enter takes the proposal.
std::string ask(const std::string& question, const std::string& proposal) {
  std::cerr << question << " [" << proposal << "]: " << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) {
    throw Error(ErrorCode::interrupted, "no answer; nothing was added");
  }
  return line.empty() ? proposal : line;
}

void add(const Context& context, AddWords& words) {
  encode::AddOptions& options = words.options;
  if (words.size > 0) options.size = words.size;
  if (words.crop > 0) options.crop_fraction = words.crop;
  if (!words.mean.empty()) options.mean = parse_triple("--mean", words.mean);
  if (!words.scale.empty()) options.scale = parse_triple("--scale", words.scale);
  if (!words.channels.empty()) options.bgr = words.channels == "bgr";
  if (!words.interpolation.empty()) {
    options.interpolation = words.interpolation == "bilinear" ? image::Interpolation::bilinear
                                                              : image::Interpolation::bicubic;
  }
  if (!context.json && !context.quiet && ::isatty(STDIN_FILENO) != 0) options.ask = ask;
  const auto package = encode::add_package(words.file, options);
  say(context, package.name + " is in " + package.folder.native() + "\n\n" +
                   layer_table(package.layers, package.default_layer));
  answer(context, actions::to_json(package));
}

void add_add(CLI::App& models, Context& context) {
  auto words = std::make_shared<AddWords>();
  CLI::App* verb = models.add_subcommand("add", "Make a package of your own network");
  verb->add_option("FILE", words->file, "ONNX file")
      ->type_name("FILE")
      ->required()
      ->check(existing_file());
  verb->add_option("--name", words->options.name, "Name; otherwise that of the file")
      ->type_name("NAME");
  verb->add_option("--size", words->size, "Side of the input, pixels")
      ->type_name("N")
      ->check(CLI::Range(8, 4096).description(""));
  verb->add_option("--crop", words->crop, "Side of the centre square, share of the shorter side")
      ->type_name("SHARE")
      ->check(CLI::Range(0.01, 1.0).description(""));
  verb->add_option("--mean", words->mean, "Subtracted from 0..255 values")->type_name("R,G,B");
  verb->add_option("--scale", words->scale, "Divides what is left")->type_name("R,G,B");
  one_of(verb->add_option("--channels", words->channels, "Order of the channels"), {"rgb", "bgr"});
  one_of(verb->add_option("--interpolation", words->interpolation, "How pictures are scaled"),
         {"bicubic", "bilinear"});
  verb->add_option("--title", words->options.title, "What people read in lists")->type_name("TEXT");
  verb->add_option("--default-layer", words->options.default_layer, "Layer or tensor")
      ->type_name("LAYER");
  verb->add_option("--licence", words->options.licence, "Of the weights")->type_name("TEXT");
  verb->footer(
      "Examples:\n"
      "  alike models add mine.onnx --mean 123.7,116.3,103.5 --scale 58.4,57.1,57.4");
  verb->callback([&context, words] { add(context, *words); });
}

}  // namespace

void add_models(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("models", "List, get, add and show encoder packages");
  verb->require_subcommand(0, 1);
  verb->footer(
      "Examples:\n"
      "  alike models                          what is installed and what can be had\n"
      "  alike models get efficientnet-lite0\n"
      "  alike models add mine.onnx            your own network as an encoder");
  verb->callback([&context, verb] {
    if (verb->get_subcommands().empty()) list(context);
  });
  verb->add_subcommand("list", "What is installed and what can be had")->callback([&context] {
    list(context);
  });
  auto name = std::make_shared<std::string>();
  CLI::App* shown = verb->add_subcommand("show", "All about a package");
  shown->add_option("ENCODER", *name, "Encoder package")->type_name("ENCODER")->required();
  shown->callback([&context, name] { show(context, *name); });
  auto names = std::make_shared<std::vector<std::string>>();
  CLI::App* got = verb->add_subcommand("get", "Fetch known encoders; --json gives a list of them");
  got->add_option("ENCODER", *names, "Encoder; 'alike models' lists them")
      ->type_name("ENCODER")
      ->required();
  got->callback([&context, names] { get(context, *names); });
  add_add(*verb, context);
}

void add_layers(CLI::App& app, Context& context) {
  auto name = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand("layers", "The layers of an encoder, with size and cost");
  verb->add_option("ENCODER", *name, "Encoder package")->type_name("ENCODER")->required();
  verb->add_flag("--all", *all, "Every tensor of the graph; each can be used as --layer");
  verb->footer("Examples:\n  alike layers efficientnet-lite0 --all");
  verb->callback([&context, name, all] {
    const auto package = package_for(context, *name);
    const auto layers = *all ? encode::all_layers(package) : package.layers;
    json::array document;
    for (const auto& layer : layers) {
      document.push_back(actions::to_json(layer));
      document.back().as_object()["default"] = layer.name == package.default_layer;
    }
    say(context, layer_table(layers, package.default_layer));
    answer(context, document);
  });
}

}  // namespace alike::cli
