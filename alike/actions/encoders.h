// Encoder packages, as programs read them.
#pragma once

#include "alike/base/json.h"
#include "alike/encode/package/package.h"

namespace alike::actions {

json::object to_json(const encode::Layer& layer);
json::object to_json(const encode::Package& package);
/// What is installed, what can be had, and what is damaged.
json::array encoders_json();

}  // namespace alike::actions
