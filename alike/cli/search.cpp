// search: pictures similar to examples.
#include "alike/actions/search.h"

#include <algorithm>
#include <memory>
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/search_text.h"
#include "alike/cli/typed_words.h"
#include "alike/cli/verb.h"
#include "alike/draw/cells.h"
#include "alike/draw/preview.h"
#include "alike/draw/sheet.h"
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
  double recall = search::Query().recall;
  float within = search::Query().within;
  bool paths = false;
  bool null_separated = false;
  bool relevant = false;
  bool preview = false;
  fs::path sheet;
  fs::path vectors;
  fs::path out;
};

search::Query query_of(const Context& context, const Options& options) {
  search::Query query;
  for (const auto& word : options.words) {
    query.examples.push_back(search::parse_example(unprotect(word)));
  }
  if (!options.region.empty()) query.region = parse_box(options.region);
  query.k = options.k;
  query.space = options.space;
  query.where = options.where;
  query.exact = options.exact;
  query.recall = options.recall;
  query.within = options.within;
  query.threads = context.threads;
  return query;
}

void tell_of_nameless(const Context& context, const search::Results& found) {
  const auto nameless = std::ranges::count_if(
      found.results, [](const auto& result) { return result.item.path.empty(); });
  if (nameless == 0) return;
  tell(context, counted(static_cast<std::uint64_t>(nameless), "result") +
                    " left out: rows imported without --paths have no picture");
}

/// A path with a line break in it is two lines, and so two wrong paths to a reader.
void tell_of_line_breaks(const Context& context, const search::Results& found,
                         const collection::Collection& collection) {
  const std::string lines = actions::path_lines(found, collection, '\0');
  if (context.json || lines.find('\n') == std::string::npos) return;
  tell(context, "There is a line break in a path; end each with a zero byte instead: -0");
}

/// Also with --json: the reader of the answer should know that rows are missing.
void tell_of_missing_rows(const Context& context, const collection::Space& space) {
  if (space.complete()) return;
  const std::string what = space.behind > 0
                               ? counted(space.behind, "picture") + " cannot be found in it yet"
                               : "its first filling was not finished";
  tell(context, "Space " + space.name + " is not complete, " + what + ": " +
                    command(context, {"index", {"--space", space.name}, {}}));
}

void show(const Context& context, const Options& options, const search::Query& query,
          const collection::Collection& collection, const search::Results& found) {
  const bool only_paths = options.paths || options.null_separated;
  const bool preview = options.preview && !only_paths && !context.json;
  const std::string sentence = relevance_sentence(found, options.where);
  if (preview || !options.sheet.empty()) {
    const auto queries = draw::query_cells(query, collection);
    const auto results = draw::result_cells(found, collection);
    const draw::SheetOptions layout{.threads = context.threads, .remark = sentence};
    if (!options.sheet.empty()) {
      replace_file(options.sheet,
                   image::encode_drawing(draw::contact_sheet(queries, results, layout)));
    }
    if (preview) say_bytes(context, draw::preview(queries, results, layout));
  }
  if (preview || only_paths || !options.sheet.empty()) tell_of_nameless(context, found);
  if (only_paths) {
    if (!sentence.empty() && !context.json) tell(context, sentence);
    if (!options.null_separated) tell_of_line_breaks(context, found, collection);
    say(context, actions::path_lines(found, collection, options.null_separated ? '\0' : '\n'));
    return;
  }
  const bool first = found.results.empty() || (found.line.known && found.relevant == 0);
  if (first) say(context, sentence + "\n");
  if (!found.results.empty()) say(context, table(found));
  if (!first && !found.line.known && !context.json) tell(context, sentence);
}

void search_pictures(const Context& context, const Options& options) {
  const auto collection =
      std::make_shared<const collection::Collection>(collection_folder(context));
  const search::Query query = query_of(context, options);
  const search::Searcher searcher(collection);
  search::Results found = searcher.search(query);
  tell_of_missing_rows(context, found.space);
  if (options.relevant && found.line.known) found.results.resize(found.relevant);
  show(context, options, query, *collection, found);
  std::vector<std::string> words;
  for (const auto& word : options.words) words.push_back(unprotect(word));
  answer(context, actions::to_json(found, words));
}

void search_vectors(const Context& context, const Options& options) {
  const auto collection =
      std::make_shared<const collection::Collection>(collection_folder(context));
  const auto report =
      actions::search_vectors(collection, options.vectors, query_of(context, options), options.out);
  tell_of_missing_rows(context, report.space);
  const std::string count =
      report.queries == 1 ? "1 query" : human_count(report.queries) + " queries";
  say(context, count + " in " + human_duration(report.seconds) + ", " +
                   human_count(static_cast<std::uint64_t>(report.per_second())) + " queries/s\n");
  answer(context, actions::to_json(report));
}

void run(const Context& context, const Options& options) {
  if (!options.vectors.empty()) {
    search_vectors(context, options);
  } else if (options.words.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "the query is missing: a picture file, id:N, or --vectors Q.npy");
  } else {
    search_pictures(context, options);
  }
}

constexpr const char* kNotes =
    R"(QUERY: a picture file, or id:N for a picture of the collection. +QUERY: more like
this as well; -QUERY: less like this. ./+a.jpg is a file whose name begins with a plus.

EXPR compares fields with = == != < <= > >= like in, and joins such comparisons with
and, or, not and parentheses. Texts and dates stand in quotation marks.
  id, width, height, size (bytes)   numbers
  path, label                       texts; the label is the folder, label = "a" holds
                                    for the folders in it too, label == "a" does not
  added, modified                   "2026-01-31" or "2026-01-31 12:30", UTC

Examples:
  alike search cat.jpg                        pictures similar to this one
  alike search id:7 -k 20                     like the picture with this id
  alike search +a.jpg +b.jpg -c.jpg           like a and b, unlike c
  alike search a.jpg --region 40,60,200,180   like this part of it
  alike search a.jpg --where 'label in ("2019", "2020") and width > 800'
  alike search a.jpg --where 'path like "%sea%" and not added < "2026-01-31"'
  alike search a.jpg --sheet sheet.png --preview
  alike search a.jpg --paths --relevant | xargs -d '\n' cp -t similar/
  alike search --vectors q.npy --space theirs -k 100 --out ids.npy)";

/// The query and the rows to search.
std::vector<Option> query_options(Options& options) {
  return {Option("QUERY", &options.words, "QUERY", "Picture file or id:N; see below"),
          Option("-k", &options.k, "N", "How many results",
                 {.range = Range{1, 1'000'000}, .shows_default = true}),
          Option("--space", &options.space, "SPACE", "Space to search; otherwise the default one"),
          Option("--where", &options.where, "EXPR", "Only items for which this holds; see below"),
          Option("--region", &options.region, "X,Y,W,H",
                 "Only this part of the first picture, in pixels"),
          Option("--exact", &options.exact, "Read every row, even if the space has an index"),
          Option("--within", &options.within, "DISTANCE", "Only results at most this far away"),
          Option("--recall", &options.recall, "SHARE",
                 "Share of the true neighbours that a graph aims at; more takes longer",
                 {.range = Range{0.01, 1}, .shows_default = true}),
          Option("--relevant", &options.relevant, "Leave out results below the relevance line")};
}

/// How to show the results.
std::vector<Option> output_options(Options& options) {
  return {
      Option("--paths", &options.paths, "Print full paths only, one a line, for pipes"),
      Option("-0,--print0", &options.null_separated, "As --paths, ended by a zero byte each"),
      Option("--sheet", &options.sheet, "FILE.png", "Write a contact sheet of query and results",
             {.checks = {named_png}}),
      Option("--preview", &options.preview, "Draw the pictures in the terminal"),
      Option("--vectors", &options.vectors, "FILE.npy", "Search for each row of this array instead",
             {.checks = {existing_file},
              .needs = {"--out"},
              .excludes = {"QUERY", "--region", "--relevant", "--paths", "--print0", "--sheet",
                           "--preview"}}),
      Option("--out", &options.out, "FILE.npy",
             "Where --vectors writes the ids, (queries, k) int64", {.needs = {"--vectors"}})};
}

}  // namespace

Verb search_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {.name = "search",
          .about = "Show similar pictures",
          .options = joined({query_options(*options), output_options(*options)}),
          .notes = kNotes,
          .run = [&context, options] { run(context, *options); }};
}

}  // namespace alike::cli
