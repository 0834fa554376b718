// Which error a call ends with.
#pragma once

#include <optional>

#include "alike/base/error.h"

namespace alike::test {

/// The code of what `call` throws; nothing where it does not.
template <class Call>
std::optional<ErrorCode> error_code(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

}  // namespace alike::test
