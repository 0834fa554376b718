#include "alike/index/vector_index.h"

#include <string>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::index {

std::string_view name_of(Metric metric) noexcept {
  switch (metric) {
    case Metric::cosine: return "cosine";
    case Metric::inner_product: return "ip";
    case Metric::l2: return "l2";
  }
  return "cosine";
}

Metric metric_from(std::string_view name) {
  std::vector<std::string> names;
  for (const Metric metric : {Metric::cosine, Metric::inner_product, Metric::l2}) {
    if (name == name_of(metric)) return metric;
    names.emplace_back(name_of(metric));
  }
  throw Error(ErrorCode::invalid_argument,
              "'" + valid_utf8(name) + "' is not a metric" + suggestion(name, names));
}

}  // namespace alike::index
