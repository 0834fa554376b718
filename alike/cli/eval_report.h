// A judgement as people read it, and as programs do.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/evaluate/judge.h"

namespace alike::cli {

/// What a judgement is of, beside the judgement.
struct EvalReport {
  std::string space, encoder, layer;
  std::size_t width = 0;
  std::string labels;                ///< Where they come from.
  std::vector<std::string> remarks;  ///< On the labels and the rows as a whole.
  std::vector<std::string> paths;    ///< (rows) of the pictures.
  evaluate::Judgement judgement;
};

/// "188 pictures, 180 of them in 10 classes by folder".
std::string described_pictures(const EvalReport& report);

/// Tables for a terminal.
std::string eval_text(const EvalReport& report);
/// {space, encoder, layer, protocol, metrics: {protocol: {name: {value, low, high, rows}}}, …}
json::object eval_json(const EvalReport& report);
/// Lines "protocol,measure,class,value,low,high,rows"; class is empty for all together.
std::string eval_csv(const EvalReport& report);
/// One page that needs nothing else: bars with intervals, classes, the worst and best queries.
std::string eval_page(const EvalReport& report);

/// The measure whose classes and queries are shown of a section, or null.
const evaluate::Measure* main_measure(const evaluate::Section& section);

}  // namespace alike::cli
