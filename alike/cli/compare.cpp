// compare: encoders and layers side by side, on the collection's own pictures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <optional>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/cli/baselines.h"
#include "alike/cli/compare_report.h"
#include "alike/cli/context.h"
#include "alike/cli/judged_rows.h"
#include "alike/cli/layer_space.h"
#include "alike/cli/options.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPixelComponents = 64;

struct Options {
  std::vector<std::string> encoders, layers, protocols{"probe", "knn", "retrieval", "score"};
  std::string by = "map@r";
  fs::path labels, csv;
  std::vector<fs::path> out;
  evaluate::JudgeOptions judge;
};

/// The layers that are compared of an encoder: those asked for, or all but the classes it was
/// trained to tell.
std::vector<std::string> layers_of(const encode::Package& package, const Options& options) {
  if (!options.layers.empty()) return options.layers;
  std::vector<std::string> names;
  for (const auto& layer : package.layers) {
    if (layer.name != "logits") names.push_back(layer.name);
  }
  return names;
}

/// All that is compared, one after the other.
class Comparing {
 public:
  Comparing(const Context& context, const Options& options)
      : context_(context), options_(options), collection_(collection_folder(context)) {}

  Comparison run() {
    made_.by = options_.by;
    for (const std::string& encoder : encoders()) {
      const encode::Package package = package_for(context_, encoder);
      const auto layers = layers_of(package, options_);
      check_layers(encoder, layers);
      for (const std::string& layer : layers) judge_layer(package, layer);
    }
    judge_pixels();
    rank(made_, options_.judge.seed);
    return std::move(made_);
  }

 private:
  std::vector<std::string> encoders() const {
    if (!options_.encoders.empty()) return options_.encoders;
    const std::string own = collection_.space({}).encoder;
    if (!own.empty()) return {own};
    throw Error(ErrorCode::invalid_argument,
                "the rows of the default space were imported; say by --encoders what to compare");
  }

  void judge_layer(const encode::Package& package, const std::string& layer) {
    const std::string space = filled_space(context_, collection_, package.name, layer);
    const map::SpaceRows rows = map::rows_of(collection_, space);
    JudgedRows judged = judged_rows(rows, options_.labels);
    Compared each;
    each.name = package.name + " " + layer;
    each.encoder = package.name;
    each.layer = layer;
    const auto known = std::ranges::find(package.layers, layer, &encode::Layer::name);
    each.cost = known->cost;
    add(std::move(each), judged.rows, judged.labels, rows.metric);
    made_.labels = judged.label_source;
    for (const std::string& warning : judged.warnings) {
      const std::string sentence = runnable(context_, warning);
      if (std::ranges::count(made_.remarks, sentence) == 0) made_.remarks.push_back(sentence);
    }
    last_ = std::move(judged);
  }

  void judge_pixels() {
    std::optional<Matrix> pixels;
    {
      LongWork line(context_, "pictures by their pixels",
                    "Stopping; the collection stays as it was");
      try {
        pixels = pixel_rows(collection_.pictures(), last_.paths, context_.threads, line.watcher());
      } catch (const Error& error) {
        if (error.code() == ErrorCode::interrupted) throw;
        made_.remarks.push_back("pixels are not compared: " + std::string(error.what()));
      }
    }
    if (!pixels) return;
    const std::string side = std::to_string(kPixelSide);
    Compared plain, principal;
    plain.name = "pixels " + side + "x" + side;
    add(std::move(plain), *pixels, last_.labels, index::Metric::l2);
    const Matrix along = principal_rows(*pixels, kPixelComponents, context_.threads);
    principal.name = "pixels, PCA " + std::to_string(along.width());
    add(std::move(principal), along, last_.labels, index::Metric::l2);
  }

  void add(Compared each, const Matrix& rows, const evaluate::Labels& labels,
           index::Metric metric) {
    evaluate::JudgeOptions how = options_.judge;
    how.metric = metric;
    how.threads = context_.threads;
    how.few_shot = false;
    each.width = rows.width();
    LongWork line(context_, "rows", "Stopping; spaces that are filled are kept");
    each.judgement =
        evaluate::judge(rows, labels, how, {line.watcher(), [&](std::string_view what) {
                                              line.begin(std::string(what) + " of " + each.name);
                                            }});
    measure_of(each, made_.by);  // else the work would be for nothing
    made_.all.push_back(std::move(each));
  }

  const Context& context_;
  const Options& options_;
  collection::Collection collection_;
  Comparison made_;
  JudgedRows last_;
};

void compare(const Context& context, Options options) {
  for (const auto& file : options.out) replaced_by(file);  // refuses before the work, not after it
  if (!options.csv.empty()) replaced_by(options.csv);
  options.judge.protocols.clear();
  for (const auto& name : options.protocols) {
    options.judge.protocols.push_back(evaluate::protocol_from(name));
  }
  const Comparison made = Comparing(context, options).run();
  std::string text = compare_text(made);
  for (const auto& file : options.out) {
    replace_file(file, compare_page(made));
    text += "written to " + file.native() + "\n";
  }
  if (!options.csv.empty()) {
    replace_file(options.csv, compare_csv(made));
    text += "written to " + options.csv.native() + "\n";
  }
  say(context, text);
  answer(context, compare_json(made));
}

constexpr const char* kNotes =
    R"(Each layer of each encoder becomes a space of the collection where it is not one yet (Ctrl-C
stops, the next run goes on), is judged as 'alike eval' judges, and ranked by one measure. Pixels
and their principal components stand beside: what is not better than they are sees no meaning.
A difference is told only where the 95 % interval of the paired bootstrap leaves 0 out.

Examples:
  alike compare
  alike compare --encoders efficientnet-lite0,efficientnet-lite2 --layers block3,block5,pooled
  alike compare --by 'probe accuracy' --out compare.html --csv compare.csv)";

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("compare", "Compare encoders and layers on this collection");
  verb->add_option("--encoders", options->encoders, "Encoders; otherwise that of the default space")
      ->type_name("ENCODER,ENCODER")
      ->delimiter(',');
  verb->add_option("--layers", options->layers, "Layers of each; otherwise all")
      ->type_name("LAYER,LAYER")
      ->delimiter(',');
  verb->add_option("--by", options->by, "The measure that ranks")
      ->type_name("MEASURE")
      ->capture_default_str();
  verb->add_option("--labels", options->labels, "Classes of pictures, in lines 'path,label'")
      ->type_name("FILE.csv")
      ->check(existing_file());
  verb->add_option("--seed", options->judge.seed, "Another one splits and draws otherwise")
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--out", options->out, "Write a page with bars and intervals")
      ->type_name("FILE.html")
      ->allow_extra_args(false)
      ->check(named_html())
      ->check(in_existing_folder());
  verb->add_option("--csv", options->csv, "Write all numbers")
      ->type_name("FILE.csv")
      ->check(in_existing_folder());
  verb->footer(kNotes);
  verb->callback([&context, options] { compare(context, *options); });
}

}  // namespace alike::cli
