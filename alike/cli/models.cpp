#include <unistd.h>
#include <memory>

#include <algorithm>
#include <iostream>

#include "alike/actions/encoders.h"
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/typed_words.h"
#include "alike/cli/verb.h"
#include "alike/encode/get/get_package.h"
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
  const auto encoders = actions::list_encoders();
  std::vector<std::vector<std::string>> rows{{"name", "", "title", "licence"}};
  for (const auto& package : encoders.installed) {
    rows.push_back({package.name, "installed", package.title, package.licence});
  }
  for (const auto& known : encoders.available) {
    rows.push_back({known.name, "alike models get " + known.name, known.title, known.licence});
  }
  for (const auto& damaged : encoders.damaged) {
    rows.push_back({printable(damaged.name), "damaged", printable(damaged.reason), ""});
  }
  say(context, columns(rows, "llll"));
  answer(context, actions::to_json(encoders));
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

/// Asks on the terminal; Enter alone takes the proposal.
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

Verb add_part(Context& context) {
  auto words = std::make_shared<AddWords>();
  return {
      .name = "add",
      .about = "Make a package of your own network",
      .options =
          {Option("FILE", &words->file, "FILE", "ONNX file",
                  {.checks = {existing_file}, .required = true}),
           Option("--name", &words->options.name, "NAME", "Name; otherwise that of the file"),
           Option("--size", &words->size, "N", "Side of the input, pixels",
                  {.range = Range{8, 4096}}),
           Option("--crop", &words->crop, "SHARE",
                  "Side of the centre square, share of the shorter side",
                  {.range = Range{0.01, 1}}),
           Option("--mean", &words->mean, "R,G,B", "Subtracted from 0..255 values"),
           Option("--scale", &words->scale, "R,G,B", "Divides the differences"),
           Option("--channels", &words->channels, one_of({"rgb", "bgr"}), "Order of the channels"),
           Option("--interpolation", &words->interpolation, one_of({"bicubic", "bilinear"}),
                  "How pictures are scaled"),
           Option("--title", &words->options.title, "TEXT", "Name in lists"),
           Option("--default-layer", &words->options.default_layer, "LAYER", "Layer or tensor"),
           Option("--licence", &words->options.licence, "TEXT", "Of the weights")},
      .notes =
          "Examples:\n"
          "  alike models add mine.onnx --mean 123.7,116.3,103.5 --scale 58.4,57.1,57.4",
      .run = [&context, words] { add(context, *words); }};
}

void layers(const Context& context, const std::string& name, bool all) {
  const auto package = package_for(context, name);
  const auto layers = all ? encode::all_layers(package) : package.layers;
  json::array document;
  for (const auto& layer : layers) {
    document.push_back(actions::to_json(layer));
    document.back().as_object()["default"] = layer.name == package.default_layer;
  }
  say(context, layer_table(layers, package.default_layer));
  answer(context, document);
}

Option encoder_word(std::string* to) {
  return {"ENCODER", to, "ENCODER", "Encoder package", {.required = true}};
}

constexpr const char* kModelsNotes =
    "Examples:\n"
    "  alike models                          encoders installed and available\n"
    "  alike models get efficientnet-lite0\n"
    "  alike models add mine.onnx            your own network as an encoder";

}  // namespace

Verb models_verb(Context& context) {
  auto name = std::make_shared<std::string>();
  auto names = std::make_shared<std::vector<std::string>>();
  return {.name = "models",
          .about = "List, get, add and show encoder packages",
          .parts = {{.name = "list",
                     .about = "List the encoders installed and available",
                     .notes = kModelsNotes,
                     .run = [&context] { list(context); }},
                    {.name = "show",
                     .about = "All about a package",
                     .options = {encoder_word(name.get())},
                     .notes = kModelsNotes,
                     .run = [&context, name] { show(context, *name); }},
                    {.name = "get",
                     .about = "Fetch known encoders; --json gives a list of them",
                     .options = {Option("ENCODER", names.get(), "ENCODER",
                                        "Encoder; 'alike models' lists them", {.required = true})},
                     .notes = kModelsNotes,
                     .run = [&context, names] { get(context, *names); }},
                    add_part(context)},
          .notes = kModelsNotes,
          .run = [&context] { list(context); }};
}

Verb layers_verb(Context& context) {
  auto name = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  return {.name = "layers",
          .about = "The layers of an encoder, with size and cost",
          .options = {encoder_word(name.get()),
                      Option("--all", all.get(),
                             "Every tensor of the graph; each can be used as --layer")},
          .notes = "Examples:\n  alike layers efficientnet-lite0 --all",
          .run = [&context, name, all] { layers(context, *name, *all); }};
}

}  // namespace alike::cli
