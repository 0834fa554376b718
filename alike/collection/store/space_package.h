// Whether an encoder package still gives the rows that a space holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "alike/base/error.h"
#include "alike/collection/catalog/catalog.h"

namespace alike::collection {

/// Keeps `encode::package_hash` of the package that the rows of a space are made with, under the
/// key of the space. Belongs in a transaction.
void remember_package(Catalog& catalog, std::int64_t key, const Space& space,
                      const encode::Package& package);
/// False for a space that an older alike made.
bool remembers_package(Catalog& catalog, std::int64_t key);
/// The installed encoder of `space`. A collection holds its name and never a path, which would
/// load an encoder that came with the pictures. Throws `invalid_argument`, and as
/// `encode::load_package`.
encode::Package package_of(const Space& space);

/// The fault of `package` for the rows of `space`, as a sentence with the way out; nothing when
/// they were made with it, as far as the catalog remembers that.
std::optional<std::string> package_misfit(Catalog& catalog, const Space& space,
                                          const encode::Package& package);
/// Throws `invalid_argument` with the sentence of `package_misfit`.
void check_package(Catalog& catalog, const Space& space, const encode::Package& package);

/// The command that gets `package` back as it was; for one that alike cannot get, the one that
/// fills a new space.
Remedy package_remedy(const encode::Package& package);

}  // namespace alike::collection
