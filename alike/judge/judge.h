// A space judged by several protocols at once, as reports show it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/judge/robustness.h"
#include "alike/measure/factors/factors.h"
#include "alike/measure/interval.h"
#include "alike/measure/labels.h"
#include "alike/measure/leakage.h"
#include "alike/measure/measure.h"
#include "alike/measure/recommendation.h"
#include "alike/measure/split.h"
#include "alike/measure/verification.h"

namespace alike::judge {

/// One way of judging. docs/evaluate.md explains each.
enum class Protocol {
  probe,
  knn,
  retrieval,
  verify,
  identify,
  recommend,
  cluster,
  score,
  geometry,
  damage,
  disentangle
};
/// Those that judge rows by labels: all but `damage`, which needs pictures, and `disentangle`,
/// which needs factors.
inline constexpr Protocol kProtocols[] = {
    Protocol::probe,   Protocol::knn,      Protocol::retrieval,
    Protocol::verify,  Protocol::identify, Protocol::recommend,
    Protocol::cluster, Protocol::score,    Protocol::geometry};

std::string_view name_of(Protocol protocol) noexcept;
/// Throws `invalid_argument` with the names there are.
Protocol protocol_from(std::string_view name);

struct JudgeOptions {
  std::vector<Protocol> protocols{std::begin(kProtocols), std::end(kProtocols)};
  index::Metric metric = index::Metric::cosine;
  bool few_shot = true;             ///< Of the probe: also from 1, 5, 10, 100 rows a class.
  double test_share = 0.2;          ///< Of each class, for probe and k-NN; (0, 1).
  std::uint64_t seed = 1;           ///< Of splits and draws.
  int threads = 1;                  ///< The judgement does not depend on it.
  double leak_similarity = 0.9999;  ///< Cosine from which two rows are those of one picture.
  /// Of retrieval: places of the rows that are queries, ascending, the others being the gallery;
  /// empty: each row is a query among all others.
  std::vector<std::uint32_t> queries{};
  std::vector<measure::RowPair> pairs{};  ///< Of verification; empty: drawn by the labels.
  std::vector<std::string>
      contents{};  ///< Hashes of the files (rows), for leakage; empty: by rows.
  std::vector<measure::Profile> profiles{};  ///< Of recommendation; empty: one a class.
};

/// A measure and how sure it is.
struct Judged {
  measure::Measure measure;
  measure::Interval interval;  ///< Both ends are the value where the measure is not of single rows.
  bool has_interval = false;
};

/// The result of one protocol.
struct Section {
  Protocol protocol = Protocol::probe;
  std::vector<std::pair<std::string, std::string>> settings;  ///< Name and value, as reported.
  std::vector<Judged> judged;
  std::vector<std::string> remarks;  ///< Rows left out and how many, warnings. Sentences.
};

/// The number of test rows of one class that were predicted as another.
struct Confusion {
  int truth = 0, told = 0;
  std::size_t rows = 0;
};

struct Judgement {
  std::uint64_t seed = 1;  ///< Of all draws.
  std::size_t rows = 0, labeled = 0;
  std::vector<std::string> classes;  ///< Names; the numbers of `labels`.
  std::vector<int> labels;           ///< (rows)
  std::vector<Section> sections;     ///< In the order of `kProtocols`.
  /// Test rows of probe and k-NN that train has too: they make both look better than they are.
  std::vector<measure::Leak> leaks;
  std::vector<Confusion> confusions;   ///< Of the probe, the right ones too; by truth, then told.
  std::vector<measure::RocPoint> roc;  ///< Of verification.
};

/// Throws `invalid_argument` where these classes are fewer than two, which nothing can tell apart.
void check_classes(const std::vector<std::string>& names);

/// Judges rows by their labels. A protocol that cannot say anything of them (a class of one has no
/// other to retrieve) says so in a remark. Throws `invalid_argument` for fewer than two classes, a
/// number of labels other than of rows, NaN or infinity (the row is named); `interrupted`.
Judgement judge(MatrixView rows, const Labels& labels, const JudgeOptions& options,
                const Watcher& watcher = {});

/// Judges rows by the factors that their pictures were made from, as `disentanglement`, with its
/// errors. The judgement has no classes and one section.
Judgement judge_factors(MatrixView rows, const measure::FactorTable& factors,
                        const JudgeOptions& options, const Watcher& watcher = {});

/// Judges searches by damaged pictures (`robustness.h`): of each kind of damage the mean of its
/// strengths, then each strength. `queries`: places of the rows of the pictures to damage,
/// ascending; `rows_of` gives their rows. Throws as `RobustnessJudge` and `rows_of`.
Section judge_damage(MatrixView rows, const Labels& labels, std::span<const std::uint32_t> queries,
                     const CorruptedRows& rows_of, const JudgeOptions& options,
                     const Watcher& watcher = {});

/// The mean of a measure over the rows of each class, with its interval; nothing where no row of it
/// counts.
std::vector<std::pair<std::string, Judged>> by_class(const measure::Measure& measure,
                                                     const Judgement& judgement);

}  // namespace alike::judge
