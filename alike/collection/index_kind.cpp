#include "alike/collection/index_kind.h"

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {

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
  std::vector<std::string> names;
  for (const IndexKind kind : kIndexKinds) {
    if (name == name_of(kind)) return kind;
    names.emplace_back(name_of(kind));
  }
  throw Error(ErrorCode::invalid_argument,
              "'" + valid_utf8(name) + "' is not a kind of index" + suggestion(name, names));
}

}  // namespace alike::collection
