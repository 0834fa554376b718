#include "alike/encode/package/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "alike/base/error.h"

namespace alike::encode {

std::string sha256(std::span<const std::byte> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::io, "SHA-256 is not available in this system's OpenSSL");
  }
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += "0123456789abcdef"[digest.at(i) >> 4];
    text += "0123456789abcdef"[digest.at(i) & 15];
  }
  return text;
}

}  // namespace alike::encode
