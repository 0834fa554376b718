#include "alike/encode/package/sha256.h"

#include <gtest/gtest.h>

#include "tests/support/damage.h"

namespace alike::encode {
namespace {

std::string of(const std::string& text) { return sha256(std::as_bytes(std::span(text))); }

TEST(Sha256, gives_the_digests_of_the_standard) {
  // FIPS 180-2, appendix B, and of nothing: printf '' | sha256sum
  EXPECT_EQ(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, every_flipped_bit_changes_it) {
  const std::string whole(130, 'm');
  test::each_flip(whole, 2000, [&](const std::string& text) { EXPECT_NE(of(text), of(whole)); });
}

}  // namespace
}  // namespace alike::encode
