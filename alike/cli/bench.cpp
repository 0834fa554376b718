// bench: speed and recall of each kind of index, here.
#include <cmath>
#include <cstdio>
#include <memory>

#include "alike/actions/bench.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/draw/bench_chart.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;
using search::BenchLine;
using search::IndexBench;

struct Options {
  search::IndexBenchOptions bench;
  std::vector<std::string> kinds;
  fs::path out;
};

std::string rounded(double value) {
  return human_count(static_cast<std::uint64_t>(std::llround(value)));
}

std::string head_line(const Context& context, const IndexBench& bench) {
  const auto bytes = bench.rows * bench.space.width * sizeof(float);
  return "Space " + bench.space.name + ": " + human_count(bench.rows) + " rows of " +
         human_count(bench.space.width) + " numbers, " + human_bytes(bytes) + ". " +
         human_count(bench.queries) + " of them looked for, " +
         counted(static_cast<std::uint64_t>(context.threads), "thread") + " that can read " +
         decimals(1e-9 * bench.read_bandwidth, 1) + " GB/s.\n";
}

std::string table(const IndexBench& bench) {
  std::vector<std::vector<std::string>> rows{{"index", "recall@" + std::to_string(bench.k),
                                              "p50 ms", "p99 ms", "queries/s", "memory", "build",
                                              "rows read", "codes read", "of bandwidth"}};
  for (const BenchLine& line : bench.lines) {
    const bool flat = line.kind == collection::IndexKind::flat;
    rows.push_back({draw::name_of(line), decimals(line.recall, 4), decimals(line.p50_ms, 3),
                    decimals(line.p99_ms, 3), rounded(line.queries_per_second),
                    flat ? "-" : human_bytes(line.memory_bytes),
                    flat ? "-" : human_duration(line.build_seconds), rounded(line.rows_read),
                    rounded(line.codes_read),
                    line.bandwidth_share ? rounded(100 * *line.bandwidth_share) + " %" : "-"});
  }
  return columns(rows, "lrrrrrrrrr");
}

std::string advice(const IndexBench& bench) {
  const std::string automatic =
      "Here --index auto takes " + std::string(collection::name_of(bench.automatic)) + "; ";
  const BenchLine* one = search::quickest_answer(bench, actions::kRecallWanted);
  const BenchLine* many = search::most_answers(bench, actions::kRecallWanted);
  const std::string least = decimals(actions::kRecallWanted, 2);
  if (one == nullptr) return automatic + "none of these found " + least + " of the neighbours.\n";
  return automatic + "of those that find " + least + " of the neighbours or more, " +
         draw::name_of(*one) + " answers one query fastest (" + decimals(one->p50_ms, 3) +
         " ms) and " + (one == many ? "" : draw::name_of(*many) + " ") + "many at once (" +
         rounded(many->queries_per_second) + " a second).\n";
}

void bench(const Context& context, Options options) {
  if (!options.out.empty()) replaced_by(options.out);  // refuses before the work, not after it
  options.bench.threads = context.threads;
  for (const auto& kind : options.kinds) {
    options.bench.kinds.push_back(collection::index_kind_from(kind));
  }
  const collection::Collection collection(collection_folder(context));
  LongWork work(context, "steps");
  const IndexBench measured = search::bench_index(collection, options.bench, work.watcher());
  work.clear();
  if (!options.out.empty()) replace_file(options.out, draw::bench_chart(measured));
  say(context, head_line(context, measured) + "\n" + table(measured) + "\n" + advice(measured));
  answer(context, actions::to_json(measured, context.threads));
}

constexpr const char* kNotes =
    R"(Pictures of the space are the queries, each left out of its own answer; answers are compared with
those of reading every row. Codes and graph are made in memory only: the collection stays as it is;
'alike index --index KIND' changes it. A graph stands in three lines, one for each recall aimed at,
which 'alike search --recall' chooses; its queries are rows that it has not measured itself by. p50
and p99 are of one query at a time, queries/s of all at once; memory comes on top of the rows; build
includes the graph's measurement of itself; the last column is the speed of reading every row as a
share of this machine's memory bandwidth.

Examples:
  alike bench
  alike bench --index coded --index graph -k 100 --threads 1
  alike bench --space theirs --out bench.svg)";

}  // namespace

Verb bench_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {
      .name = "bench",
      .about = "Measure each kind of index on this collection",
      .options = {Option("--space", &options->bench.space, "SPACE",
                         "Space to measure; otherwise the default one"),
                  Option("-k", &options->bench.k, "N", "How many neighbours to look for",
                         {.range = Range{1, search::kMostBenchNeighbors}, .shows_default = true}),
                  Option("--queries", &options->bench.queries, "N", "How many rows to look for",
                         {.range = Range{1, search::kMostBenchQueries}, .shows_default = true}),
                  Option("--index", &options->kinds,
                         one_of({"flat", "coded", "coded4", "coded8", "graph"}),
                         "Kind to measure; may be given several times, otherwise all are"),
                  Option("--out", &options->out, "FILE.svg",
                         "Write a chart of recall and queries a second",
                         {.checks = {named_svg, in_existing_folder}})},
      .notes = kNotes,
      .run = [&context, options] { bench(context, *options); }};
}

}  // namespace alike::cli
