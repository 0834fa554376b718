#include "alike/cli/context.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/cli/words.h"
#include "alike/collection/trust.h"
#include "alike/encode/acquire.h"

namespace alike::cli {
namespace {

constexpr auto kOfCollections = std::to_array<std::string_view>(
    {"alike index", "alike map", "alike repair", "alike spaces", "alike status", "alike verify"});

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
    const bool within = std::filesystem::exists(inner / "catalog.db");
    if (within) collection::Collection::refuse_linked(inner);
    found = within ? inner : context.collection;
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
  if (!context.json) std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void tell(const Context& context, const std::string& text) {
  if (!context.quiet) std::fprintf(stderr, "%s\n", text.c_str());
}

void answer(const Context& context, const json::value& document) {
  if (!context.json) return;
  const std::string text = print_json(document);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void answer_line(const Context& context, const json::value& document) {
  if (!context.json) return;
  const std::string text = print_json_line(document);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
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
