// The parts of the pages of eval and compare.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "alike/judge/judge.h"
#include "alike/measure/interval.h"
#include "alike/measure/measure.h"

namespace alike::draw {

/// The page up to its first heading, which is `title`.
std::string page_head(const std::string& title);
std::string page_end();
/// A bar from 0 to `value` of `whole`, with its interval, which may be null; "" where `whole` is 0.
std::string page_bar(double value, const measure::Interval* interval, double whole);
/// "0.1234 to 0.5678", or a dash.
std::string page_interval(const judge::Judged& judged);
/// The value of a whole bar; 0: the measure has no bounds.
double whole_of(const measure::Measure& measure);

/// A line of a curve; points by rising x.
struct PageLine {
  std::string name;
  std::vector<std::pair<double, double>> points;
  std::size_t color = 0;  ///< One of six, which come again.
  bool dashed = false;
};
/// Lines over x and y from 0 to 1, with the names of the axes and a legend where there are several
/// lines. `marks`: a dot at each point. `text`: the description for screen readers.
std::string page_curve(const std::vector<PageLine>& lines, const std::string& x,
                       const std::string& y, bool marks, const std::string& text);
/// The picture within the page, at most `side` pixels wide and high; its name where it cannot be
/// read. `kind` is a class of the page: "", "right" or "wrong".
std::string page_picture(const std::filesystem::path& file, int side, const std::string& kind);

}  // namespace alike::draw
