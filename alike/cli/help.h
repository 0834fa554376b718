// What --help, the manual and complaints about usage say.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace alike::cli {

/// "alike import FILE --space NAME [options]".
std::string synopsis(const CLI::App& verb);
/// "--encoder NAME", "-q, --quiet".
std::string head_of(const CLI::Option& option);
/// Its description, with the default.
std::string description_of(const CLI::Option& option);

/// The layout of --help.
class Help : public CLI::Formatter {
 public:
  Help();
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_footer(const CLI::App* app) const override;
};

/// What was wrong with the words, with the verb or option that may have been meant.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

}  // namespace alike::cli
