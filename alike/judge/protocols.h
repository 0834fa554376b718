// The protocols one by one, while rows are judged. Private to judge/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/judge/judge.h"
#include "alike/measure/probe.h"
#include "alike/measure/retrieval.h"

namespace alike::judge {

/// "1 query is", "2 queries are".
std::string one_or_many(std::size_t count, const char* one, const char* many);
/// As few digits as tell a setting.
std::string shown(double value);
/// The measure with its interval, where it is of single rows.
Judged sure(measure::Measure measure);

/// Rows and their labels.
class Protocols {
 public:
  Protocols(MatrixView rows, const Labels& labels, const JudgeOptions& options,
            const Watcher& watcher)
      : rows_(rows), labels_(labels), options_(options), watcher_(watcher) {}

  Section section(Protocol protocol);
  /// Moves the findings of the sections beside their measures to the judgement.
  void take_rest(Judgement& judgement) {
    judgement.leaks = std::move(leaks_);
    judgement.confusions = std::move(confusions_);
    judgement.roc = std::move(roc_);
  }

 private:
  void probe(Section& to);
  void few_shot(Section& to, const measure::Split& halves, const measure::ProbeOptions& how);
  void count_confusions(const measure::Split& halves, const std::vector<int>& told);
  void knn(Section& to);
  void retrieval(Section& to);
  measure::Retrieval retrieve_apart(const measure::RetrievalOptions& how) const;
  void verify_pairs(Section& to);
  void identify(Section& to);
  void recommend(Section& to);
  void cluster(Section& to);
  void score(Section& to);
  void geometry(Section& to);

  const measure::Split& split(Section& to);
  void begin(std::string_view what) const { watcher_.stage(what); }
  void add(Section& to, measure::Measure measure) const {
    to.judged.push_back(sure(std::move(measure)));
  }
  void add_all(Section& to, std::vector<measure::Measure> measures) const {
    for (measure::Measure& measure : measures) add(to, std::move(measure));
  }
  /// Whether every class has one row only; says so then.
  bool alone(Section& to) const;

  MatrixView rows_;
  const Labels& labels_;
  const JudgeOptions& options_;
  const Watcher& watcher_;
  measure::Split split_;
  std::vector<measure::Leak> leaks_;
  std::vector<Confusion> confusions_;
  std::vector<measure::RocPoint> roc_;
};

}  // namespace alike::judge
