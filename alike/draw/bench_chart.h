// Results of a bench, drawn.
#pragma once

#include <string>

#include "alike/search/index_bench.h"

namespace alike::draw {

/// "graph 0.95": the kind, and the recall that a graph aimed at.
std::string name_of(const search::BenchLine& line);

/// An SVG that needs nothing else: recall to the right, queries a second upwards by powers of ten,
/// each line a point with its name. Readable on light and dark grounds.
std::string bench_chart(const search::IndexBench& bench);

}  // namespace alike::draw
