// Several representations of the same pictures, judged side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/evaluate/judge.h"

namespace alike::cli {

/// One representation.
struct Compared {
  std::string name;            ///< "encoder layer", or of a baseline what it is.
  std::string encoder, layer;  ///< "" of a baseline.
  std::size_t width = 0;       ///< Numbers a picture.
  std::optional<double> cost;  ///< Share of the multiply-adds of its network; not of a baseline.
  evaluate::Judgement judgement;
  evaluate::Difference behind;  ///< Of the measure that ranks: how much lower than the best.
  bool front = false;           ///< No other is as good or better at fewer numbers a picture.
};

struct Comparison {
  std::string by;      ///< The measure that ranks: "map@r".
  std::string labels;  ///< Where they come from.
  std::vector<std::string> remarks;
  std::vector<Compared> all;  ///< Best first.
};

/// The measure called `name`, or null.
const evaluate::Judged* find_measure(const evaluate::Judgement& judgement, std::string_view name);

/// The measure called `name`. Throws `not_found` with those that there are.
const evaluate::Judged& measure_of(const Compared& each, const std::string& name);

/// Puts the best first and fills `behind` and `front`. Throws as `measure_of` of `by`.
void rank(Comparison& comparison, std::uint64_t seed);

std::string compare_text(const Comparison& comparison);
json::object compare_json(const Comparison& comparison);
std::string compare_csv(const Comparison& comparison);
/// One page that needs nothing else.
std::string compare_page(const Comparison& comparison);

}  // namespace alike::cli
