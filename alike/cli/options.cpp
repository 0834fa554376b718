#include "alike/cli/options.h"

#include <algorithm>
#include <functional>

#include "alike/base/human.h"
#include "alike/base/paths.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

CLI::Validator existing(const std::string& what,
                        const std::function<bool(const fs::path&)>& is_there) {
  return CLI::Validator(
      [what, is_there](std::string& value) {
        if (is_there(value)) return std::string();
        return "there is no " + what + " '" + printable(value) + "'";
      },
      "");
}

/// The value ends in `wanted`, whatever the case of its letters.
CLI::Validator named(const std::string& wanted, const std::string& what) {
  return CLI::Validator(
      [wanted, what](std::string& value) {
        if (ending_of(value) == wanted) return std::string();
        return "'" + printable(value) + "' does not end in " + wanted + ", and " + what +
               " is what is written";
      },
      "");
}

/// The value ends in one of `endings`, which are `listed`.
CLI::Validator named_one_of(const std::vector<std::string>& endings, const std::string& listed) {
  return CLI::Validator(
      [endings, listed](std::string& value) {
        if (std::ranges::count(endings, ending_of(value)) > 0) return std::string();
        return "'" + printable(value) + "' does not end in " + listed +
               ", which are what is written";
      },
      "");
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

CLI::Validator existing_file() {
  return existing("file", [](const fs::path& path) { return is_there(path) && !is_folder(path); });
}

CLI::Validator existing_folder() { return existing("folder", is_folder); }

CLI::Validator existing_path() { return existing("file or folder", is_there); }

CLI::Validator in_existing_folder() {
  return CLI::Validator(
      [](std::string& value) {
        const fs::path folder = fs::path(value).parent_path();
        if (folder.empty() || is_folder(folder)) return std::string();
        return "there is no folder '" + printable(folder.native()) + "'";
      },
      "");
}

CLI::Validator named_rows() { return named_one_of({".npy", ".faiss"}, ".npy or .faiss"); }

CLI::Validator named_map() {
  return named_one_of({".png", ".svg", ".html", ".json", ".npy"},
                      ".png, .svg, .html, .json or .npy");
}

CLI::Validator named_png() { return named(".png", "a PNG"); }

CLI::Validator named_svg() { return named(".svg", "an SVG"); }

CLI::Validator named_html() { return named(".html", "a page"); }

void one_of(CLI::Option* option, const std::vector<std::string>& values) {
  option->check(CLI::IsMember(values).description(""));
  option->type_name(CLI::detail::join(values, "|"));
}

const CLI::Option* find_option(const CLI::App& app, const std::string& name) {
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      if (std::ranges::count(names_of(*option), name) > 0) return option;
    }
  }
  return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> all;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options()) {
      for (const auto& name : names_of(*option)) {
        if (std::ranges::count(all, name) == 0) all.push_back(name);
      }
    }
  }
  return all;
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

}  // namespace alike::cli
