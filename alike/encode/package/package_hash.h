// The hash of the parts of a package that decide its rows.
#pragma once

#include <string>

#include "alike/encode/package/package.h"

namespace alike::encode {

/// SHA-256, hexadecimal, of all in the package that changes the rows of `layer` (short name or
/// tensor): the network, how pixels enter it, the tensor that the layer stands for, where bfloat16
/// begins. Titles, costs and other layers do not count.
std::string package_hash(const Package& package, const std::string& layer);

}  // namespace alike::encode
