#include "alike/cli/context.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/base/sentence.h"
#include "alike/base/terminal_text.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/trust.h"
#include "alike/encode/get/get_package.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::cli {
namespace {

/// To a terminal without control sequences; to anything else as it is, since scripts need the
/// bytes of names.
void write_out(const std::string& text) {
  const std::string shown = ::isatty(STDOUT_FILENO) != 0 ? for_terminal(text) : text;
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  std::fflush(stdout);
}

/// The -C and --collection that were given, for a verb that is about a collection.
std::string options_before(const Context& context, const Remedy& remedy) {
  std::string options;
  const bool names_one =
      std::ranges::find(remedy.arguments, "--collection") != remedy.arguments.end();
  if (remedy.verb == "models" || names_one) return options;
  if (!context.directory.empty()) options += " -C " + shell_word(context.directory.native());
  if (!context.collection.empty()) {
    options += " --collection " + shell_word(context.collection.native());
  }
  return options;
}

}  // namespace

std::filesystem::path collection_folder(const Context& context) {
  if (const auto found = find_collection(context, ".")) return *found;
  throw Error(ErrorCode::not_found,
              "there is no collection in '" + working_folder().native() +
                  "' or above; name one with -C DIR or --collection PATH",
              Remedy{"index", {}, "to make one"});
}

std::optional<std::filesystem::path> find_collection(const Context& context,
                                                     const std::filesystem::path& start) {
  std::optional<std::filesystem::path> found;
  if (context.collection.empty()) {
    found = collection::Collection::find(start);
  } else {
    // The folder of pictures may name the collection in it.
    const auto inner = context.collection / ".alike";
    const bool is_inner = path_exists(inner / "catalog.db");
    if (is_inner) collection::Collection::refuse_linked(inner);
    found = is_inner ? inner : context.collection;
  }
  if (found && path_exists(*found / "catalog.db")) trust_if_asked(context, *found);
  return found;
}

void trust_if_asked(const Context& context, const std::filesystem::path& folder) {
  if (context.trust) collection::trust(folder, collection::Collection(folder).pictures());
}

encode::Package package_for(const Context& context, const std::string& name) {
  try {
    return encode::load_package(name);
  } catch (const Error& error) {
    const auto known = encode::known_encoders();
    const bool fetchable = std::ranges::any_of(
        known, [&](const encode::KnownEncoder& encoder) { return encoder.name == name; });
    if (error.code() != ErrorCode::not_found || !fetchable) throw;
  }
  tell(context, "Fetching the encoder " + name + ", once");
  return encode::get_package(name);
}

void say(const Context& context, const std::string& text) {
  if (!context.json) write_out(text);
}

void say_bytes(const Context& context, const std::string& bytes) {
  if (!context.json) std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  std::fflush(stdout);
}

void tell(const Context& context, const std::string& text) {
  if (!context.quiet) std::fprintf(stderr, "%s\n", for_terminal(text).c_str());
}

void answer(const Context& context, const json::value& document) {
  if (!context.json) return;
  write_out(print_json(document));
}

void answer_line(const Context& context, const json::value& document) {
  if (!context.json) return;
  write_out(print_json_line(document));
}

std::string command(const Context& context, const Remedy& remedy) {
  return command_of(remedy, options_before(context, remedy));
}

std::string with_remedy(const Context& context, const std::string& text,
                        const std::optional<Remedy>& remedy) {
  return with_command(text, remedy, remedy ? options_before(context, *remedy) : "");
}

std::string with_remedy(const Context& context, const Error& error) {
  return with_remedy(context, error.what(), error.remedy());
}

}  // namespace alike::cli
