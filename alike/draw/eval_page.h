// A judgement as a page.
#pragma once

#include <string>

#include "alike/actions/judge.h"

namespace alike::draw {

/// One page that needs nothing else: bars with intervals, classes, confusions, the ROC, the worst
/// and best queries as pictures.
std::string eval_page(const actions::JudgeReport& report);

}  // namespace alike::draw
