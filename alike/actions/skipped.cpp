#include "alike/actions/skipped.h"

namespace alike::actions {

json::array to_json(const std::vector<collection::Skipped>& skipped) {
  json::array all;
  for (const auto& [path, reason] : skipped) {
    all.push_back(json::object{{"path", json_text(path)}, {"reason", json_text(reason)}});
  }
  return all;
}

}  // namespace alike::actions
