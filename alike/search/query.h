// A query: examples with weights, and the bounds of its answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alike/image/image.h"
#include "alike/index/vector_index.h"

namespace alike::search {

/// One example, for (positive) or against.
struct Example {
  /// Its kind.
  enum class Kind {
    picture,  ///< A file, anywhere.
    bytes,    ///< A picture that is no file.
    item,     ///< A picture of the collection.
    text,     ///< Words.
  };
  Kind kind = Kind::picture;
  std::filesystem::path file;          ///< For `picture`.
  std::span<const std::byte> bytes{};  ///< For `bytes`: as a file would hold them; not owned.
  std::int64_t id = 0;                 ///< For `item`.
  std::string text;                    ///< For `text`.
  bool positive = true;                ///< False: less like this.
};

/// Reads one word of the command line: `a.jpg`, `id:7`, `+a.jpg`, `-id:7`, `text:red car`. A word
/// that names a file in `directory` is that file, whatever it begins with (`./+a.jpg` is always a
/// file); `file` is then the path in `directory`. A word that looks like a file (a path, or ending
/// as pictures do) is one, there or not. Anything else is `text`. Throws `invalid_argument` for an
/// id that is no number and for a word without content.
Example parse_example(std::string_view word, const std::filesystem::path& directory = {});

/// The whole query.
struct Query {
  std::vector<Example> examples;     ///< At least one positive.
  std::optional<image::Box> region;  ///< Of the first positive example's picture, upright pixels.
  std::size_t k = 10;                ///< 1 to 1,000,000.
  std::string space;                 ///< Empty: the default one.
  std::string where;                 ///< Empty: all items. See collection/catalog/filter.h.
  bool exact = false;                ///< Read every row, whatever index the space has.
  float within = index::SearchOptions().within;   ///< Only results at most this distance away.
  double recall = index::SearchOptions().recall;  ///< The aim of a graph, (0, 1].
  int threads = 1;                                ///< The answer does not depend on it.
};

}  // namespace alike::search
