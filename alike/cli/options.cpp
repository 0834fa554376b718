#include "alike/cli/options.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "alike/base/human.h"
#include "alike/base/paths.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

std::string absent(const std::string& what, const std::string& value) {
  return "there is no " + what + " '" + printable(value) + "'";
}

/// The value ends in `wanted`, in any case of letters.
std::string named(const std::string& value, const std::string& wanted, const std::string& what) {
  if (ending_of(value) == wanted) return "";
  return "'" + printable(value) + "' does not end in " + wanted + ": only " + what + " is written";
}

/// The value ends in one of `endings`, which are `listed`.
std::string named_one_of(const std::string& value, std::initializer_list<std::string_view> endings,
                         const std::string& listed) {
  if (std::ranges::count(endings, ending_of(value)) > 0) return "";
  return "'" + printable(value) + "' does not end in " + listed + ": only these are written";
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string existing_file(const std::string& value) {
  return is_there(value) && !is_folder(value) ? "" : absent("file", value);
}

std::string existing_folder(const std::string& value) {
  return is_folder(value) ? "" : absent("folder", value);
}

std::string existing_path(const std::string& value) {
  return is_there(value) ? "" : absent("file or folder", value);
}

std::string in_existing_folder(const std::string& value) {
  const fs::path folder = fs::path(value).parent_path();
  return folder.empty() || is_folder(folder) ? "" : absent("folder", folder.native());
}

std::string named_png(const std::string& value) { return named(value, ".png", "a PNG"); }

std::string named_svg(const std::string& value) { return named(value, ".svg", "an SVG"); }

std::string named_html(const std::string& value) { return named(value, ".html", "a page"); }

std::string named_rows(const std::string& value) {
  return named_one_of(value, {".npy", ".faiss"}, ".npy or .faiss");
}

std::string named_map(const std::string& value) {
  return named_one_of(value, {".png", ".svg", ".html", ".json", ".npy"},
                      ".png, .svg, .html, .json or .npy");
}

}  // namespace alike::cli
