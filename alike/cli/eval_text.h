// A judgement in tables for a terminal.
#pragma once

#include <string>

#include "alike/actions/judge.h"

namespace alike::cli {

std::string eval_text(const actions::JudgeReport& report);

}  // namespace alike::cli
