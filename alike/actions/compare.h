// The results of `judge::compare`, as people and programs read them.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/judge/comparison.h"

namespace alike::actions {

/// The encoders of the spaces of a collection, each once, by name.
std::vector<std::string> encoders_of(const collection::Collection& collection);

/// The judged data, the method, and the parts left out: a sentence each, of all that are compared.
std::vector<std::string> how_compared(const judge::Comparison& comparison);

json::object to_json(const judge::Comparison& comparison);
/// A line for each measure of each representation.
std::string to_csv(const judge::Comparison& comparison);

}  // namespace alike::actions
