// A comparison as a page.
#pragma once

#include <string>

#include "alike/judge/comparison.h"

namespace alike::draw {

/// One page that needs nothing else: bars with intervals, score over cost, a table.
std::string compare_page(const judge::Comparison& comparison);

}  // namespace alike::draw
