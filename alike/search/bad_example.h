// A picture that came as bytes and cannot be used.
#pragma once

#include "alike/base/error.h"

namespace alike::search {

/// Thrown in the place of `Error` for the picture of an example of `Example::Kind::bytes`: the
/// fault is in what was given, not in what the collection keeps.
class BadExample : public Error {
 public:
  using Error::Error;
};

}  // namespace alike::search
