// Encoder packages, as programs read them.
#pragma once

#include "alike/base/json.h"
#include "alike/encode/package/package.h"

namespace alike::actions {

json::object to_json(const encode::Layer& layer);
json::object to_json(const encode::Package& package);
/// The encoders installed, available and damaged.
json::array encoders_json();

}  // namespace alike::actions
