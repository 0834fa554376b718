#include "alike/base/error.h"

#include <cerrno>
#include <system_error>

namespace alike {

std::string_view name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::io: return "io";
    case ErrorCode::no_space: return "no_space";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::busy: return "busy";
    case ErrorCode::interrupted: return "interrupted";
  }
  return "unknown";
}

Remedy repair_remedy() { return {"repair", {}, "to mend what can be mended"}; }

void throw_system_error(std::string_view what, std::string_view path, int error_number) {
  std::string sentence = std::string(what) + " '" + std::string(path) +
                         "': " + std::generic_category().message(error_number);
  ErrorCode code = error_number == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  if (error_number == ENOSPC || error_number == EDQUOT) {
    code = ErrorCode::no_space;
    sentence += "; free some space and run the same command again, it goes on where it stopped";
  }
  throw Error(code, sentence);
}

}  // namespace alike
