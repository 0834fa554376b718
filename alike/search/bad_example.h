// A picture that came as bytes and cannot be used.
#pragma once

#include "alike/base/error.h"

namespace alike::search {

/// Thrown in the place of `Error` for the picture of an example of `Example::Kind::bytes`: the
/// fault is in the caller's bytes, not in the collection.
class BadExample : public Error {
 public:
  using Error::Error;
};

}  // namespace alike::search
