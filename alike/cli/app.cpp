#include "alike/cli/app.h"

#include <CLI/CLI.hpp>
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
#include "alike/cli/complete.h"
#include "alike/cli/context.h"
#include "alike/cli/doctor.h"
#include "alike/cli/help.h"
#include "alike/cli/options.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

constexpr const char* kExamples =
    R"(Options may stand before and after the verb. 'alike VERB --help' tells all about a verb,
'alike man | man -l -' all about all.

Examples:
  alike index ~/Pictures             make or refresh the collection of a folder
  cd ~/Pictures
  alike search cat.jpg               what looks like this picture
  alike search id:7 -k 20            like the picture with this id
  alike search +a.jpg -b.jpg         like a, unlike b
  alike search cat.jpg --where 'label = "2019" and width > 800'
  alike search cat.jpg --paths --relevant | xargs -d '\n' cp -t similar/

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.)";

constexpr auto kVerbs = std::to_array<AddVerb>(
    {add_index,  add_search, add_embed,  add_models,     add_layers,   add_spaces,
     add_status, add_verify, add_repair, add_compact,    add_snapshot, add_restore,
     add_import, add_export, add_map,    add_eval,       add_compare,  add_playground,
     add_serve,  add_bench,  add_doctor, add_completion, add_man});

void add_global_options(CLI::App& app, Context& context) {
  app.add_option_function<std::filesystem::path>(
         "-C",
         [&context](const auto& folder) {
           std::filesystem::current_path(folder);
           context.directory = folder;
         },
         "Work as if started in this folder")
      ->type_name("DIR")
      ->check(existing_folder())
      ->trigger_on_parse();  // before any other file is looked for
  app.add_option("--collection", context.collection,
                 "The collection; otherwise the nearest .alike in this folder or above")
      ->type_name("PATH");
  app.add_flag("--trust", context.trust,
               "Let the collection name pictures outside its own folder, from now on");
  app.add_flag("--json", context.json, "One JSON document on standard output, nothing else");
  app.add_flag("-q,--quiet", context.quiet, "No progress and no remarks");
  app.add_option("--threads", context.threads, "Threads to use; otherwise one for each processor")
      ->type_name("N")
      ->check(CLI::Range(1, 1024).description(""));
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
std::vector<std::string> options_with_value(const CLI::App& app) {
  const CLI::App& search = *app.get_subcommand("search");
  auto names = option_names(search);
  std::erase_if(names, [&](const auto& name) { return !takes_value(*find_option(search, name)); });
  return names;
}

int parse_and_run(CLI::App& app, const Context& context, std::vector<std::string> words) {
  try {
    app.parse(words);
    return context.exit_code;
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);  // --help and --version
  } catch (const CLI::ParseError& error) {
    return fail(context, "usage", usage_sentence(app, error), kUsage);
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
  CLI::App app("Searches images by meaning.", "alike");
  app.formatter(std::make_shared<Help>());
  app.set_version_flag("--version", "alike " + std::string(version()));
  app.require_subcommand(1);
  app.fallthrough();
  add_global_options(app, context);
  for (const AddVerb add : kVerbs) add(app, context);
  for (CLI::App* verb : app.get_subcommands({})) verb->group("Verbs");
  app.footer(kExamples);  // after the verbs, which would take it over

  std::vector<std::string> arguments(words + 1, words + count);
  if (!arguments.empty() && arguments[0] == kComplete) {
    arguments.erase(arguments.begin());
    std::fputs(candidates(app, context, arguments).c_str(), stdout);
    return kDone;
  }
  if (arguments.empty()) std::fputs(app.help().c_str(), stderr);
  arguments = protect_examples(std::move(arguments), options_with_value(app));
  std::ranges::reverse(arguments);  // as CLI11 wants them
  const int code = parse_and_run(app, context, std::move(arguments));
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
