// What the pages of eval and compare are made of.
#pragma once

#include <string>

#include "alike/evaluate/interval.h"
#include "alike/evaluate/measure.h"

namespace alike::cli {

/// The page up to its first heading, which is `title`.
std::string page_head(const std::string& title);
std::string page_end();
/// A number with so many decimals.
std::string page_number(double value, int decimals = 4);
/// A bar from 0 to `value` of `whole`, with its interval, which may be null; "" where `whole` is 0.
std::string page_bar(double value, const evaluate::Interval* interval, double whole);
/// What a whole bar stands for; 0: the measure has no bounds.
double whole_of(const evaluate::Measure& measure);

}  // namespace alike::cli
