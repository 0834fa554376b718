#include "alike/collection/index_kind.h"

#include <charconv>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {
namespace {

constexpr std::size_t kMostComponents = std::size_t{1} << 20;

/// The N of "pcaN"; 0 for any other word.
std::size_t components(std::string_view word) {
  if (!word.starts_with("pca")) return 0;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data() + 3, word.data() + word.size(), number);
  const bool whole = error == std::errc() && end == word.data() + word.size();
  return whole && number <= kMostComponents ? number : 0;
}

std::optional<IndexKind> kind_of(std::string_view word) {
  for (const auto kind : kIndexKinds) {
    if (word == name_of(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(IndexKind kind) noexcept {
  switch (kind) {
    case IndexKind::automatic: return "auto";
    case IndexKind::flat: return "flat";
    case IndexKind::coded: return "coded";
    case IndexKind::coded4: return "coded4";
    case IndexKind::coded8: return "coded8";
    case IndexKind::graph: return "graph";
  }
  return "auto";
}

IndexKind index_kind_from(std::string_view name) {
  if (const auto kind = kind_of(name)) return *kind;
  std::vector<std::string> names;
  for (const IndexKind kind : kIndexKinds) names.emplace_back(name_of(kind));
  throw Error(ErrorCode::invalid_argument,
              "'" + valid_utf8(name) + "' is not a kind of index" + suggestion(name, names));
}

IndexChain index_chain_from(std::string_view text) {
  const std::size_t comma = text.find(',');
  const auto first = text.substr(0, comma);
  IndexChain chain{components(first), kind_of(first)};
  if (comma != std::string_view::npos) {
    chain.kind = chain.pca > 0 ? kind_of(text.substr(comma + 1)) : std::nullopt;
    if (!chain.kind) chain.pca = 0;
  }
  if (chain.pca > 0 || chain.kind) return chain;
  throw Error(ErrorCode::invalid_argument,
              "'" + valid_utf8(text) +
                  "' is not an index, which is auto, flat, coded, coded4, coded8 or graph, or pcaN "
                  "before one of them: pca128,graph searches the first 128 principal components by "
                  "a graph");
}

}  // namespace alike::collection
