// Several representations of the same pictures, judged side by side.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/judge/comparison.h"

namespace alike::cli {

using judge::Compared;
using judge::Comparison;

/// What was judged, how, and what was left out: a sentence each, of all that are compared.
std::vector<std::string> how_compared(const Comparison& comparison);
std::string compare_text(const Comparison& comparison);
json::object compare_json(const Comparison& comparison);
std::string compare_csv(const Comparison& comparison);
/// One page that needs nothing else.
std::string compare_page(const Comparison& comparison);

}  // namespace alike::cli
