// A comparison in a table for a terminal.
#pragma once

#include <string>

#include "alike/judge/comparison.h"

namespace alike::cli {

std::string compare_text(const judge::Comparison& comparison);

}  // namespace alike::cli
