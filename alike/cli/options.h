// What several verbs ask of the value of an option.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace alike::cli {

/// The value names something that is there.
CLI::Validator existing_file();
CLI::Validator existing_folder();
CLI::Validator existing_path();
/// The value ends in .png, or .svg.
CLI::Validator named_png();
/// The value ends in .npy or .faiss.
CLI::Validator named_rows();
/// The value ends in .png, .svg, .html, .json or .npy.
CLI::Validator named_map();
CLI::Validator named_svg();
/// The value ends in .html.
CLI::Validator named_html();
/// The value names a file in a folder that is there.
CLI::Validator in_existing_folder();

/// Takes one of `values`, which are also what is shown and completed.
void one_of(CLI::Option* option, const std::vector<std::string>& values);

/// The option of `app` or of what it belongs to that `name` (with its dashes) is, or null.
const CLI::Option* find_option(const CLI::App& app, const std::string& name);
/// Whether a word follows it.
bool takes_value(const CLI::Option& option);
/// "-k", "--encoder": all names under which an option can be typed.
std::vector<std::string> names_of(const CLI::Option& option);
/// Those of all options of `app` and of what it belongs to, each once.
std::vector<std::string> option_names(const CLI::App& app);
/// The names of its verbs.
std::vector<std::string> verb_names(const CLI::App& app);

}  // namespace alike::cli
