// What an error says, with the command that helps.
#pragma once

#include <exception>
#include <string>

namespace alike {

/// What `error` says, with the command of its remedy where it has one, as it can be typed.
std::string sentence_of(const std::exception& error);

}  // namespace alike
