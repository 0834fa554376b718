#include "alike/cli/context.h"

#include <algorithm>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/encode/acquire.h"

namespace alike::cli {

std::filesystem::path collection_folder(const Context& context) {
  if (!context.collection.empty()) {
    const auto named = from_directory(context, context.collection);
    // The folder of pictures is as good a name for what lies in it.
    return std::filesystem::exists(named / ".alike" / "catalog.db") ? named / ".alike" : named;
  }
  if (const auto found = collection::Collection::find(context.directory)) return *found;
  throw Error(ErrorCode::not_found,
              "there is no collection in '" +
                  std::filesystem::absolute(context.directory).lexically_normal().native() +
                  "' or above; make one with 'alike index', or name one with -C DIR or "
                  "--collection PATH");
}

std::filesystem::path from_directory(const Context& context, const std::filesystem::path& path) {
  if (path.empty()) return context.directory;
  return context.directory == "." ? path : context.directory / path;
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

}  // namespace alike::cli
