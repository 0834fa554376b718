// A judgement as people read it, and as programs do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/json.h"
#include "alike/judge/judge.h"

namespace alike::cli {

/// A query that is shown with what was found.
struct ShownQuery {
  std::uint32_t row = 0;
  double value = 0;                    ///< Of the measure that chose it.
  std::vector<std::uint32_t> nearest;  ///< Its nearest rows, without itself.
};

/// The measure of a section by which classes are told, and what each has of it.
struct ClassTable {
  const measure::Measure* measure = nullptr;  ///< Null where there is none.
  std::vector<std::pair<std::string, judge::Judged>> classes;
};

/// What a judgement is of, beside the judgement.
struct EvalReport {
  std::string space, encoder, layer;
  std::size_t width = 0;
  std::string labels;                   ///< Where they come from.
  std::vector<std::string> remarks;     ///< On the labels and the rows as a whole.
  std::vector<std::string> paths;       ///< (rows) of the pictures.
  std::filesystem::path pictures;       ///< The folder that the paths are in.
  std::vector<ShownQuery> worst, best;  ///< Of retrieval, for the page.
  judge::Judgement judgement;
  std::vector<ClassTable> tables;  ///< (sections of `judgement`, which they point into)
};

/// Fills `tables`.
void tell_classes(EvalReport& report);
/// Fills `worst` and `best` where retrieval was judged; `rows` are those that were, by `options`.
void choose_queries(EvalReport& report, MatrixView rows, const judge::JudgeOptions& options);

/// "188 pictures, 180 of them in 10 classes by folder".
std::string described_pictures(const EvalReport& report);

/// Tables for a terminal.
std::string eval_text(const EvalReport& report);
/// {space, encoder, layer, protocol, metrics: {protocol: {name: {value, low, high, rows}}}, …}
json::object eval_json(const EvalReport& report);
/// Lines "protocol,measure,class,value,low,high,rows,settings"; class is empty for all together.
std::string eval_csv(const EvalReport& report);
/// One page that needs nothing else: bars with intervals, classes, confusions, the ROC, the worst
/// and best queries as pictures.
std::string eval_page(const EvalReport& report);

/// "test share 0.2, seed 1".
std::string settings_text(const judge::Section& section);
/// "Seed 1, intervals from 2,000 resamplings".
std::string seed_text(const judge::Judgement& judgement);
/// The measure whose classes and queries are shown of a section, or null.
const measure::Measure* main_measure(const judge::Section& section);

}  // namespace alike::cli
