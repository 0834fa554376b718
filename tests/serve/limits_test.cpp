#include "alike/serve/limits.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"

namespace alike::serve {
namespace {

TEST(Limits, are_set_by_name) {
  Limits limits;
  set_limit(limits, "streams-per-address=7");
  EXPECT_EQ(limits.streams_per_address, 7);
  for (const auto& name : limit_names()) set_limit(limits, name + "=12");
  EXPECT_EQ(limits.connections, 12);
  EXPECT_EQ(limits.drain_ms, 12);
}

TEST(Limits, say_what_is_wrong_with_a_name_or_a_number) {
  Limits limits;
  const auto sentence = [&](const char* text) -> std::string {
    try {
      set_limit(limits, text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      return error.what();
    }
    return "";
  };
  EXPECT_NE(sentence("stream=3").find("'streams'"), std::string::npos);
  for (const char* bad : {"streams", "streams=", "streams=0", "streams=-1", "streams=1.5",
                          "streams=1000000001", "streams=9999999999999999999", "streams=1 "}) {
    EXPECT_NE(sentence(bad).find("whole number"), std::string::npos) << bad;
  }
}

TEST(Limits, give_a_body_time_by_what_has_come_of_it) {
  const Limits limits;
  using Ms = std::chrono::milliseconds;
  EXPECT_EQ(time_for_body(limits, 0), Ms(10'000));
  EXPECT_EQ(time_for_body(limits, 10 * 1024), Ms(20'000));
  // A trickle of 1.2 KB a second ends after a minute, whatever is still to come.
  EXPECT_LT(time_for_body(limits, 64 * 1200), Ms(63'000));
  // A photograph of 4 MB has two minutes, the largest upload five and a half.
  EXPECT_EQ(time_for_body(limits, 4 << 20), Ms(60'000 + 65'536));
  EXPECT_LT(time_for_body(limits, 16 << 20), Ms(330'000));
}

}  // namespace
}  // namespace alike::serve
