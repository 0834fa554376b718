#include "alike/cli/context.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/cli/terminal_text.h"
#include "alike/cli/words.h"
#include "alike/collection/trust.h"
#include "alike/encode/acquire.h"

namespace alike::cli {
namespace {

constexpr auto kOfCollections = std::to_array<std::string_view>(
    {"alike index", "alike map", "alike repair", "alike spaces", "alike status", "alike verify"});

/// To a terminal without what would command it; to anything else as it is, since scripts need the
/// bytes of names.
void write_out(const std::string& text) {
  const std::string shown = ::isatty(STDOUT_FILENO) != 0 ? for_terminal(text) : text;
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

std::filesystem::path collection_folder(const Context& context) {
  if (const auto found = find_collection(context, ".")) return *found;
  throw Error(ErrorCode::not_found,
              "there is no collection in '" + std::filesystem::current_path().native() +
                  "' or above; make one with 'alike index', or name one with -C DIR or "
                  "--collection PATH");
}

std::optional<std::filesystem::path> find_collection(const Context& context,
                                                     const std::filesystem::path& start) {
  std::optional<std::filesystem::path> found;
  if (context.collection.empty()) {
    found = collection::Collection::find(start);
  } else {
    // The folder of pictures is as good a name for what lies in it.
    const auto inner = context.collection / ".alike";
    const bool is_inner = std::filesystem::exists(inner / "catalog.db");
    if (is_inner) collection::Collection::refuse_linked(inner);
    found = is_inner ? inner : context.collection;
  }
  if (found && std::filesystem::exists(*found / "catalog.db")) trust_if_asked(context, *found);
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

std::string runnable(const Context& context, const std::string& text) {
  std::string options;
  if (!context.directory.empty()) options += " -C " + shell_word(context.directory.native());
  if (!context.collection.empty()) {
    options += " --collection " + shell_word(context.collection.native());
  }
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = std::string_view(text).substr(i);
    const bool command = std::ranges::any_of(kOfCollections, [&](std::string_view each) {
      return rest.starts_with(each) && !rest.substr(each.size()).starts_with(" --collection");
    });
    if (command) {
      result += "alike" + options;
      i += 4;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace alike::cli
