// Judging a space of a collection: by its labels, by pairs, profiles or factors in files, by
// damage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/judge/judge.h"

namespace alike::actions {

struct JudgeOptions {
  std::string space;                   ///< "": the default one.
  std::string metric;                  ///< "cosine", "l2" or "ip"; "": as the space has it.
  std::vector<std::string> protocols;  ///< None, or "all" among them: all but "damage".
  std::filesystem::path labels;        ///< CSV "path,label"; empty: the folders.
  std::filesystem::path pairs;         ///< CSV "path,path,same"; empty: drawn.
  std::filesystem::path profiles;      ///< CSV "profile,path,liked"; empty: one a class.
  std::filesystem::path factors;       ///< CSV "path,value,…"; given: judged by these alone.
  std::string queries;                 ///< Condition of the queries of retrieval; "": all.
  std::size_t damaged = 100;           ///< Pictures that are damaged.
  bool show_queries = false;           ///< Also choose the worst and best queries.
  judge::JudgeOptions judge;           ///< Share of the test, seed, threads.
};

/// A query that is shown with its results.
struct ShownQuery {
  std::uint32_t row = 0;
  double value = 0;                    ///< Of the measure that chose it.
  std::vector<std::uint32_t> nearest;  ///< Its nearest rows, without itself.
};

/// The measure of a section for single classes, and the value of each.
struct ClassTable {
  const measure::Measure* measure = nullptr;  ///< Null where there is none.
  std::vector<std::pair<std::string, judge::Judged>> classes;
};

/// A judgement with its subject.
struct JudgeReport {
  std::string space, encoder, layer;
  std::size_t width = 0;
  std::string labels;                   ///< Where they come from.
  std::vector<std::string> remarks;     ///< On the labels and the rows as a whole.
  std::vector<std::string> paths;       ///< (rows) of the pictures.
  std::filesystem::path pictures;       ///< The folder that the paths are in.
  std::vector<ShownQuery> worst, best;  ///< Of retrieval, for the page.
  judge::Judgement judgement;
  std::vector<ClassTable> tables;  ///< (sections of `judgement`, which they point into)

  JudgeReport() = default;
  JudgeReport(JudgeReport&&) = default;  // a copy's tables would point into the original
  JudgeReport& operator=(JudgeReport&&) = default;
};

/// Which protocols `options.protocols` names, in `options.judge`; whether "damage" is one of them.
/// Throws `invalid_argument` for another name.
bool choose_protocols(JudgeOptions& options);

/// Judges. Throws `invalid_argument` for files and conditions that fit no picture, `interrupted`,
/// and errors of reading the collection. The collection stays as it was.
JudgeReport judge_space(const collection::Collection& collection, JudgeOptions options,
                        const Watcher& watcher);

/// Fills `worst` and `best` where retrieval was judged; `rows` are those that were, by `options`.
void choose_queries(JudgeReport& report, MatrixView rows, const judge::JudgeOptions& options);

/// A set of pictures of known factors, with these in `factors.csv` beside them.
struct FactorSet {
  std::filesystem::path folder;
  std::size_t pictures = 0;
};

/// Draws such a set into `folder`. Throws as `measure::write_pictures`.
FactorSet make_factors(const std::filesystem::path& folder, std::size_t pictures,
                       std::uint64_t seed, const Watcher& watcher);
json::object to_json(const FactorSet& made);

/// {space, encoder, layer, protocol, metrics: {protocol: {name: {value, low, high, rows}}}, …}
json::object to_json(const JudgeReport& report);
/// Lines "protocol,measure,class,value,low,high,rows,settings"; class is empty for all together.
std::string to_csv(const JudgeReport& report);

/// "188 pictures, 180 of them in 10 classes by folder".
std::string described_pictures(const JudgeReport& report);
/// "test share 0.2, seed 1".
std::string settings_text(const judge::Section& section);
/// "Seed 1, intervals of 95 % for as many other rows of the same source".
std::string seed_text(const judge::Judgement& judgement);
/// The measure that orders the shown classes and queries of a section, or null.
const measure::Measure* main_measure(const judge::Section& section);

}  // namespace alike::actions
