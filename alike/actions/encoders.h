// Encoder packages, as programs read them.
#pragma once

#include <vector>

#include "alike/base/json.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/package/package.h"

namespace alike::actions {

json::object to_json(const encode::Layer& layer);
json::object to_json(const encode::Package& package);
/// All encoders that there are.
struct Encoders {
  std::vector<encode::Package> installed;
  std::vector<encode::KnownEncoder> available;  ///< Known, but not installed.
  std::vector<encode::DamagedPackage> damaged;
};
/// Reads the folder of packages. Throws `io`.
Encoders list_encoders();
/// The three lists in this order, as the command line answers them.
json::array to_json(const Encoders& encoders);

/// As the page lists them, without the folders on disk: {name, title, licence, installed, …}.
json::object brief_json(const encode::Package& package);
json::array brief_json(const Encoders& encoders);
/// The layers of a package: {name, tensor, channels, side, is_default, cost}.
json::array layers_json(const encode::Package& package);

}  // namespace alike::actions
