#include "alike/collection/names.h"

#include <algorithm>

#include "alike/base/error.h"

namespace alike::collection {
bool is_name_letter(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
}

void check_name(const std::string& name, const std::string& what) {
  const bool good = !name.empty() && name.size() <= 100 && name[0] != '.' && name[0] != '-' &&
                    std::ranges::all_of(name, is_name_letter);
  if (!good) {
    throw Error(ErrorCode::invalid_argument,
                "'" + name + "' cannot be the name of " + what +
                    "; use 1 to 100 letters, digits, '-', '_' and '.', not beginning with '.' or "
                    "'-'");
  }
}

void check_space_name(const std::string& name) { check_name(name, "a space"); }

}  // namespace alike::collection
