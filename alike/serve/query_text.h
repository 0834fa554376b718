// A query as it is sent, with the pictures that come with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/search/query.h"
#include "alike/serve/message.h"

namespace alike::serve {

/// A query, and whether near-duplicates are to be folded. The pictures of its examples lie in the
/// body of the request it was read from.
struct ReadQuery {
  search::Query query;
  bool fold = false;
  /// Of the largest picture that is to be decoded for it; three bytes of a file count as one more.
  std::uint64_t pixels = 0;
};

/// Reads the body of a search: JSON, or multipart with a part `query` and parts `picture`. The
/// region becomes pixels of the first positive picture. Throws `invalid_argument` for a wrong
/// body, `not_found` for a missing item, `search::BadExample` for a picture with a region and an
/// unreadable head.
ReadQuery read_query(const Request& request, const collection::Collection& collection);

}  // namespace alike::serve
