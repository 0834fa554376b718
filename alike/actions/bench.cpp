#include "alike/actions/bench.h"

namespace alike::actions {
namespace {

template <class Number>
json::value or_null(const std::optional<Number>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::value named(const search::BenchLine* line) {
  if (line == nullptr) return nullptr;
  return json::object{{"index", collection::name_of(line->kind)}, {"aim", or_null(line->aim)}};
}

}  // namespace

json::object to_json(const search::IndexBench& bench, int threads) {
  json::array lines;
  for (const search::BenchLine& line : bench.lines) {
    lines.push_back(json::object{{"index", collection::name_of(line.kind)},
                                 {"aim", or_null(line.aim)},
                                 {"recall", line.recall},
                                 {"p50_ms", line.p50_ms},
                                 {"p99_ms", line.p99_ms},
                                 {"queries_per_second", line.queries_per_second},
                                 {"memory_bytes", line.memory_bytes},
                                 {"build_seconds", line.build_seconds},
                                 {"rows_read", line.rows_read},
                                 {"codes_read", line.codes_read},
                                 {"bandwidth_share", or_null(line.bandwidth_share)}});
  }
  return {{"space", bench.space.name},
          {"metric", index::name_of(bench.space.metric)},
          {"rows", bench.rows},
          {"width", bench.space.width},
          {"k", bench.k},
          {"queries", bench.queries},
          {"threads", threads},
          {"read_bytes_per_second", bench.read_bandwidth},
          {"lines", std::move(lines)},
          {"auto", collection::name_of(bench.automatic)},
          {"recall_wanted", kRecallWanted},
          {"fastest_one", named(search::quickest_answer(bench, kRecallWanted))},
          {"fastest_many", named(search::most_answers(bench, kRecallWanted))}};
}

}  // namespace alike::actions
