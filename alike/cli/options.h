// Checks of the value of an option, for several verbs: each is a `Check`, which names the fault.
#pragma once

#include <string>

namespace alike::cli {

/// The value names something that exists.
std::string existing_file(const std::string& value);
std::string existing_folder(const std::string& value);
std::string existing_path(const std::string& value);
/// The value names a file in an existing folder.
std::string in_existing_folder(const std::string& value);
/// The value ends in .png, .svg or .html.
std::string named_png(const std::string& value);
std::string named_svg(const std::string& value);
std::string named_html(const std::string& value);
/// The value ends in .npy or .faiss.
std::string named_rows(const std::string& value);
/// The value ends in .png, .svg, .html, .json or .npy.
std::string named_map(const std::string& value);

}  // namespace alike::cli
