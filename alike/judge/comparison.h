// Encoders and layers side by side, on the same pictures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/judge/judge.h"

namespace alike::judge {

/// One representation.
struct Compared {
  std::string name;            ///< "encoder layer", or the kind of a baseline.
  std::string encoder, layer;  ///< "" of a baseline.
  std::string space;           ///< "" of a baseline.
  std::size_t width = 0;       ///< Numbers a picture.
  std::optional<double> cost;  ///< Share of the multiply-adds of its network; not of pixels.
  /// Milliseconds a picture on one processor, where it was measured; differs from run to run, and
  /// so is in no file.
  std::optional<double> picture_ms;
  Judgement judgement;
  measure::Difference behind;  ///< Of the measure that ranks: how much lower than the best.
  bool front = false;          ///< No other is as good or better at fewer numbers a picture.
};

struct Comparison {
  std::string by;      ///< The measure that ranks: "map@r".
  std::string labels;  ///< Where they come from.
  std::vector<std::string> remarks;
  std::vector<Compared> all;  ///< Best first.
};

struct CompareOptions {
  std::vector<std::string> encoders;  ///< Installed ones; none: that of the default space.
  std::vector<std::string> layers;  ///< Of each; none: all but the classes it was trained to tell.
  std::string by = "map@r";
  bool baselines = true;         ///< Pixels, and the same networks with random weights.
  std::filesystem::path labels;  ///< Lines "path,label"; empty: the folders.
  /// Progress is of the whole, in thousandths of each of `all`, not of each part anew.
  bool one_total = false;
  JudgeOptions judge{
      .protocols = {Protocol::probe, Protocol::knn, Protocol::retrieval, Protocol::score},
      .few_shot = false};
};

/// Fills missing spaces (they stay when it is stopped), judges them and the baselines, and ranks.
/// Throws `not_found` for a missing encoder, layer or measure, `invalid_argument` as `judge`
/// (of folders without labels before any work), `interrupted`, and the errors of
/// `collection::ingest`.
Comparison compare(collection::Collection& collection, const CompareOptions& options,
                   const Watcher& watcher);

/// Throws as `compare` where the folders are no two classes.
void check_folders(const collection::Collection& collection);

/// The measure called `name`, or null.
const Judged* find_measure(const Judgement& judgement, std::string_view name);
/// The measure called `name`. Throws `not_found` with those that there are.
const Judged& measure_of(const Compared& each, const std::string& name);
/// Puts the best first and fills `behind` and `front`. Throws as `measure_of` of `by`.
void rank(Comparison& comparison);

}  // namespace alike::judge
