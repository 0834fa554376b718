#include <CLI/CLI.hpp>
#include <chrono>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/cli/context.h"
#include "alike/cli/preview.h"
#include "alike/cli/sheet.h"
#include "alike/cli/words.h"
#include "alike/image/write.h"
#include "alike/search/searcher.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> words;
  std::size_t k = 10;
  std::string space;
  std::string where;
  std::string region;
  bool exact = false;
  bool paths = false;
  bool null_separated = false;
  bool relevant = false;
  bool preview = false;
  fs::path sheet;
  fs::path vectors;
  fs::path out;
};

std::string decimals(double value, int places) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return text;
}

search::Query query_of(const Context& context, const Options& options) {
  search::Query query;
  for (const auto& word : options.words) {
    query.examples.push_back(search::parse_example(unprotect(word), context.directory));
  }
  if (!options.region.empty()) query.region = parse_box(options.region);
  query.k = options.k;
  query.space = options.space;
  query.where = options.where;
  query.threads = context.threads;
  return query;
}

json::object to_json(const Options& options, const search::Results& found) {
  json::array words;
  for (const auto& word : options.words) words.push_back(json_text(unprotect(word)));
  json::array results;
  for (const auto& result : found.results) {
    results.push_back(json::object{{"rank", result.rank},
                                   {"id", result.item.id},
                                   {"path", json_text(result.item.path)},
                                   {"score", result.score},
                                   {"distance", result.distance},
                                   {"label", json_text(result.item.label)},
                                   {"relevant", result.relevant}});
  }
  json::value line = nullptr;
  if (found.line.known) line = found.line.distance;
  return {{"query", std::move(words)},
          {"space", found.space.name},
          {"metric", index::name_of(found.space.metric)},
          {"results", std::move(results)},
          {"relevant", found.relevant},
          {"relevance_line", line},
          {"candidates", found.candidates},
          {"timings_ms", json::object{{"encode", found.timings.encode_ms},
                                      {"search", found.timings.search_ms},
                                      {"total", found.timings.total_ms}}}};
}

std::string score_name(index::Metric metric) {
  switch (metric) {
    case index::Metric::cosine: return "cosine";
    case index::Metric::inner_product: return "inner product";
    case index::Metric::l2: return "-distance";
  }
  return "score";
}

/// The results as a table, with the relevance line where it falls.
std::string table(const search::Results& found) {
  std::vector<std::vector<std::string>> rows{{"", score_name(found.space.metric), "id", "path"}};
  for (const auto& result : found.results) {
    rows.push_back({std::to_string(result.rank), decimals(static_cast<double>(result.score), 3),
                    std::to_string(result.item.id),
                    result.item.path.empty() ? "-" : printable(result.item.path)});
  }
  std::string text;
  std::size_t row = 0;
  const std::string lines = columns(rows, "rrrl");
  for (std::size_t begin = 0; begin < lines.size(); ++row) {
    const std::size_t end = lines.find('\n', begin) + 1;
    if (found.line.known && row == found.relevant + 1) {
      text += found.relevant == 0 ? "Nothing similar. The nearest all the same:\n"
                                  : "--- below the relevance line ---\n";
    }
    text += lines.substr(begin, end - begin);
    begin = end;
  }
  if (found.results.empty()) text = "There is nothing to search among.\n";
  return text;
}

std::string path_lines(const Options& options, const collection::Collection& collection,
                       const search::Results& found) {
  std::string text;
  for (const auto& result : found.results) {
    text += (collection.pictures() / result.item.path).native();
    text += options.null_separated ? '\0' : '\n';
  }
  return text;
}

std::vector<Cell> query_cells(const search::Query& query,
                              const collection::Collection& collection) {
  std::vector<Cell> cells;
  for (const auto& example : query.examples) {
    Cell cell;
    cell.caption = {example.positive ? "query" : "unlike"};
    if (example.kind == search::Example::Kind::picture) {
      cell.file = example.file;
      cell.caption.push_back(example.file.filename().native());
    } else if (const auto item = collection.item(example.id)) {
      cell.file = collection.pictures() / item->path;
      cell.caption.push_back("id:" + std::to_string(example.id));
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::vector<Cell> result_cells(const search::Results& found,
                               const collection::Collection& collection) {
  std::vector<Cell> cells;
  for (const auto& result : found.results) {
    Cell cell;
    cell.file = collection.pictures() / result.item.path;
    cell.caption = {
        std::to_string(result.rank) + "  " + decimals(static_cast<double>(result.score), 3),
        fs::path(result.item.path).filename().native()};
    cell.relevant = result.relevant || !found.line.known;
    cells.push_back(std::move(cell));
  }
  return cells;
}

void search_pictures(const Context& context, const Options& options) {
  const auto collection =
      std::make_shared<const collection::Collection>(collection_folder(context));
  const search::Query query = query_of(context, options);
  const search::Searcher searcher(collection);
  search::Results found = searcher.search(query);
  if (options.relevant && found.line.known) found.results.resize(found.relevant);

  if (!options.sheet.empty()) {
    const auto sheet =
        contact_sheet(query_cells(query, *collection), result_cells(found, *collection));
    replace_file(from_directory(context, options.sheet), image::encode_png(sheet));
  }
  if (options.paths || options.null_separated) {
    say(context, path_lines(options, *collection, found));
  } else {
    if (options.preview) {
      say(context, preview(query_cells(query, *collection), result_cells(found, *collection)));
    }
    say(context, table(found));
  }
  answer(context, to_json(options, found));
}

void search_vectors(const Context& context, const Options& options) {
  if (options.out.empty() || !options.words.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "--vectors Q.npy takes the queries from the file and needs --out IDS.npy");
  }
  const auto collection =
      std::make_shared<const collection::Collection>(collection_folder(context));
  const Matrix queries = read_npy(from_directory(context, options.vectors));
  search::Query query = query_of(context, options);
  const search::Searcher searcher(collection);
  const auto start = std::chrono::steady_clock::now();
  const auto ids = searcher.search_vectors(queries, query);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  write_npy(from_directory(context, options.out), ids, options.k);
  const double rate = static_cast<double>(queries.rows()) / std::max(taken.count(), 1e-9);
  say(context, counted(queries.rows(), "query") + " in " + human_duration(taken.count()) + ", " +
                   human_count(static_cast<std::uint64_t>(rate)) + " queries/s\n");
  answer(context, json::object{{"queries", queries.rows()},
                               {"seconds", taken.count()},
                               {"queries_per_second", rate},
                               {"space", collection->space(options.space).name}});
}

void run(const Context& context, const Options& options) {
  if (!options.vectors.empty()) {
    search_vectors(context, options);
  } else if (options.words.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "say what to look for: a picture file, id:N, or --vectors Q.npy");
  } else {
    search_pictures(context, options);
  }
}

}  // namespace

void add_search(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("search", "Show what is alike");
  verb->add_option("QUERY", options->words,
                   "Picture file or id:N; +QUERY for more like it, -QUERY for less");
  verb->add_option("-k", options->k, "How many results")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
  verb->add_option("--space", options->space, "Space to search; otherwise the default one")
      ->type_name("NAME");
  verb->add_option("--where", options->where,
                   "Only items for which this holds, such as 'label = \"a\" and width > 800'")
      ->type_name("EXPR");
  verb->add_option("--region", options->region, "Only this part of the first picture, in pixels")
      ->type_name("X,Y,W,H");
  verb->add_flag("--exact", options->exact, "Read every row (as every index does so far)");
  verb->add_flag("--relevant", options->relevant, "Leave out what is below the relevance line");
  verb->add_flag("--paths", options->paths, "Print full paths only, one a line, for pipes");
  verb->add_flag("-0,--print0", options->null_separated, "As --paths, ended by a zero byte each");
  verb->add_option("--sheet", options->sheet, "Write a contact sheet of query and results")
      ->type_name("FILE.png");
  verb->add_flag("--preview", options->preview, "Draw the pictures in the terminal");
  verb->add_option("--vectors", options->vectors, "Search for each row of this array instead")
      ->type_name("FILE.npy");
  verb->add_option("--out", options->out, "Where --vectors writes the ids, (queries, k) int64")
      ->type_name("FILE.npy");
  verb->callback([&context, options] { run(context, *options); });
}

}  // namespace alike::cli
