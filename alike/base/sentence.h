// The sentence of an error, with the command that helps.
#pragma once

#include <exception>
#include <string>

#include "alike/base/error.h"

namespace alike {

/// The command of a remedy as it can be typed, such as "alike repair"; `options` stand before the
/// verb.
std::string command_of(const Remedy& remedy, const std::string& options = {});

/// `text` with the purpose and the command of `remedy` behind it, where there is one.
std::string with_command(std::string text, const std::optional<Remedy>& remedy,
                         const std::string& options = {});

/// The sentence of `error`, with the command of its remedy where it has one.
std::string sentence_of(const std::exception& error);

}  // namespace alike
