#include "alike/cli/app.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/lost_pages.h"
#include "alike/base/parallel.h"
#include "alike/base/paths.h"
#include "alike/base/terminal_text.h"
#include "alike/base/version.h"
#include "alike/cli/context.h"
#include "alike/cli/help.h"
#include "alike/cli/options.h"
#include "alike/cli/parser.h"
#include "alike/cli/shell_completion.h"
#include "alike/cli/typed_words.h"
#include "alike/cli/verb.h"
#include "alike/image/decode.h"

namespace alike::cli {
namespace {

constexpr const char* kExamples =
    R"(Options may stand before and after the verb. 'alike VERB --help' tells all about a verb,
'alike man | man -l -' all about all.

Examples:
  alike index ~/Pictures             make or refresh the collection of a folder
  cd ~/Pictures
  alike search cat.jpg               pictures similar to this one
  alike search id:7 -k 20            like the picture with this id
  alike search +a.jpg -b.jpg         like a, unlike b
  alike search cat.jpg --where 'label = "2019" and width > 800'
  alike search cat.jpg --paths --relevant | xargs -d '\n' cp -t similar/

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.)";

constexpr auto kVerbs = std::to_array<MakeVerb>(
    {index_verb,  search_verb, embed_verb,  models_verb,    layers_verb,   spaces_verb,
     status_verb, verify_verb, repair_verb, compact_verb,   snapshot_verb, restore_verb,
     import_verb, export_verb, map_verb,    eval_verb,      compare_verb,  playground_verb,
     serve_verb,  bench_verb,  doctor_verb, completion_verb});

std::vector<Option> global_options(Context& context) {
  return {
      Option("-h,--help", Target(), "", "Print this help message and exit"),
      Option("--version", Target(), "", "Display program version information and exit"),
      Option("-C", &context.directory, "DIR", "Work as if started in this folder",
             {.checks = {existing_folder},
              .at_once = [](const std::string& folder) { enter_folder(folder); }}),
      Option("--collection", &context.collection, "PATH",
             "The collection; otherwise the nearest .alike in this folder or above"),
      Option("--trust", &context.trust,
             "Let the collection name pictures outside its own folder, from now on"),
      Option("--json", &context.json, "One JSON document on standard output, nothing else"),
      Option("-q,--quiet", &context.quiet, "No progress and no remarks"),
      Option("--threads", &context.threads, "N", "Threads to use; otherwise one for each processor",
             {.range = Range{1, 1024}}),
      Option(
          "--max-pixels", &context.max_pixels, "N",
          "Read pictures up to N pixels, however much memory that takes; otherwise 500000000, and "
          "120000000 of those that must be held whole (progressive JPEG, interlaced PNG, WebP)",
          {.range = Range{1, 1e15}})};
}

void limit_pixels(const Context& context) {
  if (context.max_pixels == 0) return;
  image::set_usual_limits(
      {.max_pixels = context.max_pixels, .max_held_pixels = context.max_pixels});
}

int exit_code_of(ErrorCode code) {
  if (code == ErrorCode::interrupted) return kInterrupted;
  return code == ErrorCode::invalid_argument ? kUsage : kFailed;
}

int fail(const Context& context, std::string_view code, const std::string& sentence,
         int exit_code) {
  std::fprintf(stderr, "alike: %s\n", for_terminal(sentence).c_str());
  answer(context,
         json::object{{"error", json::object{{"code", code}, {"message", json_text(sentence)}}}});
  return exit_code;
}

/// The options that a word follows in a search.
std::vector<std::string> options_with_value(const Verb& program) {
  const Path path{&program, find_part(program, "search")};
  auto names = option_names(path);
  std::erase_if(names, [&](const auto& name) { return !takes_value(*find_option(path, name)); });
  return names;
}

int parse_and_run(const Verb& program, const Context& context, std::vector<std::string> words) {
  try {
    const Request request = parse(program, std::move(words));
    switch (request.kind) {
      case Request::Kind::wrong: return fail(context, "usage", request.complaint, kUsage);
      case Request::Kind::version: std::printf("alike %s\n", std::string(version()).c_str()); break;
      case Request::Kind::help: std::fputs(help_of(request.path).c_str(), stdout); break;
      case Request::Kind::run: limit_pixels(context); request.path.back()->run();
    }
    return context.exit_code;
  } catch (const Error& error) {
    return fail(context, name_of(error.code()), with_remedy(context, error),
                exit_code_of(error.code()));
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(context, name_of(ErrorCode::io),
                error.code().message() + ": '" + error.path1().native() + "'", kFailed);
  } catch (const std::bad_alloc&) {
    return fail(context, name_of(ErrorCode::io), "there is not enough memory for this", kFailed);
  } catch (const std::exception& error) {
    return fail(context, name_of(ErrorCode::io), error.what(), kFailed);
  }
}

int run_words(Context& context, int count, char** words) {
  if (count > 0 && std::string_view(words[0]).find('/') != std::string_view::npos) {
    context.program = absolute_path(words[0]).lexically_normal();
  }
  context.threads = available_processors();
  Verb program{.name = "alike",
               .about = "Searches images by meaning.",
               .options = global_options(context),
               .notes = kExamples};
  for (const MakeVerb make : kVerbs) program.parts.push_back(make(context));
  program.parts.push_back(man_verb(program, context));

  std::vector<std::string> arguments(words + 1, words + count);
  if (!arguments.empty() && arguments[0] == kComplete) {
    arguments.erase(arguments.begin());
    std::fputs(candidates(program, context, arguments).c_str(), stdout);
    return kDone;
  }
  if (arguments.empty()) std::fputs(help_of({&program}).c_str(), stderr);
  arguments = protect_examples(std::move(arguments), options_with_value(program));
  const int code = parse_and_run(program, context, std::move(arguments));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::fprintf(stderr, "alike: the output could not be written\n");
    return code == kDone ? kFailed : code;
  }
  return code;
}

}  // namespace

int run(int count, char** words) {
  survive_lost_pages();
  Context context;
  try {
    return run_words(context, count, words);
  } catch (const std::bad_alloc&) {
    return fail(context, name_of(ErrorCode::io), "there is not enough memory for this", kFailed);
  } catch (const std::exception& error) {
    return fail(context, name_of(ErrorCode::io), error.what(), kFailed);
  }
}

}  // namespace alike::cli
