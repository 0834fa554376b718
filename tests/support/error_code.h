// Which error a call ends with.
#pragma once

#include <optional>

#include "alike/base/error.h"

namespace alike::test {

/// The error code of `call`; nothing where it does not throw.
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
