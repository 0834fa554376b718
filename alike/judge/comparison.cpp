#include "alike/judge/comparison.h"

#include <algorithm>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/sentence.h"
#include "alike/base/text.h"
#include "alike/encode/package/random_twin.h"
#include "alike/judge/baselines.h"
#include "alike/judge/judged_rows.h"
#include "alike/judge/layer_space.h"

namespace alike::judge {
namespace {

constexpr std::size_t kPixelComponents = 64;
constexpr std::uint64_t kSteps = 1000;  // of each space, where progress is of the whole

std::vector<std::string> layers_of(const encode::Package& package, const CompareOptions& options) {
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
  Comparing(collection::Collection& collection, const CompareOptions& options,
            const Watcher& watcher)
      : collection_(collection), options_(options), outer_(watcher), watcher_(watcher) {
    if (!options.one_total) return;
    watcher_.begin = [this](std::string_view what) { begin_part(what); };
    watcher_.report = [this](const Progress& part) { tell_whole(part); };
  }

  Comparison run() {
    made_.by = options_.by;
    if (options_.labels.empty()) check_folders(collection_);
    std::vector<std::pair<encode::Package, std::vector<std::string>>> packages;
    for (const std::string& encoder : encoders()) {
      encode::Package package = encode::load_package(encoder);
      auto layers = layers_of(package, options_);
      check_layers(encoder, layers);
      total_ += layers.size();
      packages.emplace_back(std::move(package), std::move(layers));
    }
    if (options_.baselines) total_ = 2 * total_ + 2;  // each with random weights, and pixels twice
    for (const auto& [package, layers] : packages) {
      for (const std::string& layer : layers) judge_layer(package, layer);
    }
    if (options_.baselines) judge_baselines();
    rank(made_);
    return std::move(made_);
  }

 private:
  std::vector<std::string> encoders() const {
    if (!options_.encoders.empty()) return options_.encoders;
    const std::string own = collection_.space({}).encoder;
    if (!own.empty()) return {own};
    throw Error(ErrorCode::invalid_argument,
                "the rows of the default space were imported; name encoders by --encoders");
  }

  void begin(const std::string& what) const { watcher_.stage(what); }

  /// How many parts a space has is not known: each takes half of what those before it left.
  void begin_part(std::string_view what) {
    if (made_.all.size() != at_) part_end_ = 0;
    at_ = made_.all.size();
    part_begin_ = part_end_;
    part_end_ += (kSteps - part_end_) / 2;
    outer_.stage(what);
  }

  void tell_whole(const Progress& part) {
    const std::uint64_t width = part_end_ - part_begin_;
    const std::uint64_t within = part.total == 0 ? 0 : width * part.done / part.total;
    told_ = std::max(told_, kSteps * at_ + part_begin_ + within);
    outer_.tell({.done = told_, .total = kSteps * total_});
  }

  void judge_layer(const encode::Package& package, const std::string& layer) {
    begin("pictures by " + layer);
    Compared each;
    each.space = filled_space(collection_, package.name, layer, options_.judge.threads, watcher_);
    const map::SpaceRows rows = map::rows_of(collection_, each.space);
    JudgedRows judged = judged_rows(rows, options_.labels);
    each.name = package.name + " " + layer;
    each.encoder = package.name;
    each.layer = layer;
    each.cost = std::ranges::find(package.layers, layer, &encode::Layer::name)->cost;
    each.picture_ms = picture_ms(package, layer);
    add(std::move(each), judged.rows, judged, rows.metric);
    learnt_.emplace_back(package.name, layer);
    made_.labels = judged.label_source;
    for (const std::string& warning : judged.warnings) {
      if (std::ranges::count(made_.remarks, warning) == 0) made_.remarks.push_back(warning);
    }
    last_ = std::move(judged);
  }

  /// Pixels, and each network with random weights. None of them is kept.
  void judge_baselines() {
    try {
      judge_pixels();
      for (const auto& [encoder, layer] : learnt_) judge_random(encoder, layer);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::interrupted) throw;
      made_.remarks.push_back("not all baselines are compared: " + sentence_of(error));
    }
  }

  void judge_pixels() {
    begin("pictures by their pixels");
    const Matrix pixels =
        pixel_rows(collection_.readable_pictures(), last_.paths, options_.judge.threads, watcher_);
    const std::string side = std::to_string(kPixelSide);
    Compared plain, principal;
    plain.name = "pixels " + side + "x" + side;
    add(std::move(plain), pixels, last_, index::Metric::l2);
    const Matrix along = principal_rows(pixels, kPixelComponents, options_.judge.threads);
    principal.name = "pixels, PCA " + std::to_string(along.width());
    add(std::move(principal), along, last_, index::Metric::l2);
  }

  void judge_random(const std::string& encoder, const std::string& layer) {
    const encode::Package twin = encode::random_twin(encode::load_package(encoder));
    const encode::Embedder embedder(
        encode::Encoder(twin, {.layer = layer, .streams = options_.judge.threads}), std::nullopt,
        true);
    Compared each;
    each.name = twin.name + " " + layer;
    each.cost = std::ranges::find(twin.layers, layer, &encode::Layer::name)->cost;
    begin("pictures by " + each.name);
    const Matrix rows = embedded_rows(collection_.readable_pictures(), last_.paths, embedder,
                                      options_.judge.threads, watcher_);
    add(std::move(each), rows, last_, index::Metric::cosine);
  }

  /// Judges the rows `each` gives to the pictures `of`.
  void add(Compared each, const Matrix& rows, const JudgedRows& of, index::Metric metric) {
    JudgeOptions how = options_.judge;
    how.metric = metric;
    how.contents = of.contents;
    each.width = rows.width();
    Watcher watcher = watcher_;
    watcher.begin = [&](std::string_view what) { begin(std::string(what) + " of " + each.name); };
    each.judgement = judge(rows, of.labels, how, watcher);
    measure_of(each, made_.by);  // else the work would be for nothing
    made_.all.push_back(std::move(each));
  }

  collection::Collection& collection_;
  const CompareOptions& options_;
  const Watcher& outer_;
  Watcher watcher_;
  std::uint64_t total_ = 0;                      // spaces and baselines
  std::uint64_t at_ = 0;                         // the one that is worked on
  std::uint64_t part_begin_ = 0, part_end_ = 0;  // of kSteps
  std::uint64_t told_ = 0;
  Comparison made_;
  JudgedRows last_;
  std::vector<std::pair<std::string, std::string>> learnt_;  // encoder and layer
};

}  // namespace

void check_folders(const collection::Collection& collection) {
  std::vector<std::string> names;
  for (const auto& [label, count] : collection.labels()) {
    if (!label.empty()) names.push_back(label);
  }
  check_classes(names);
}

Comparison compare(collection::Collection& collection, const CompareOptions& options,
                   const Watcher& watcher) {
  return Comparing(collection, options, watcher).run();
}

const Judged* find_measure(const Judgement& judgement, std::string_view name) {
  for (const auto& section : judgement.sections) {
    for (const Judged& judged : section.judged) {
      if (judged.measure.name == name) return &judged;
    }
  }
  return nullptr;
}

const Judged& measure_of(const Compared& each, const std::string& name) {
  if (const Judged* found = find_measure(each.judgement, name)) return *found;
  std::vector<std::string> names;
  for (const auto& section : each.judgement.sections) {
    for (const Judged& judged : section.judged) names.push_back(judged.measure.name);
  }
  throw Error(ErrorCode::not_found,
              "there is no measure '" + name + "' of " + each.name + suggestion(name, names));
}

void rank(Comparison& comparison) {
  const auto value = [&](const Compared& each) {
    return measure_of(each, comparison.by).measure.value;
  };
  std::ranges::stable_sort(comparison.all, {}, &Compared::width);  // of equal ones, the narrowest
  std::ranges::stable_sort(comparison.all, std::ranges::greater(), value);
  const auto& best = measure_of(comparison.all.front(), comparison.by).measure;
  std::size_t narrowest = static_cast<std::size_t>(-1);
  for (Compared& each : comparison.all) {
    const auto& measure = measure_of(each, comparison.by).measure;
    each.behind = measure::paired_difference(best, measure);
    each.front = each.width < narrowest;
    narrowest = std::min(narrowest, each.width);
  }
}

}  // namespace alike::judge
