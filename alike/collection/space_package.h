// Whether an encoder package still gives the rows that a space holds.
#pragma once

#include <optional>
#include <string>

#include "alike/collection/collection.h"

namespace alike::collection {

/// What is wrong with `package` for the rows of `space`, as a sentence with the way out; nothing
/// when it is what they were made with, as far as the space remembers that.
std::optional<std::string> package_misfit(const Space& space, const encode::Package& package);

/// The command that gets `package` back as it was; for one that alike cannot get, the one that
/// fills a new space.
std::string package_remedy(const encode::Package& package);

/// Throws `invalid_argument` with the sentence of `package_misfit`.
void check_package(const Space& space, const encode::Package& package);

}  // namespace alike::collection
