#include "alike/serve/limits.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::serve {
namespace {

struct Bound {
  const char* name;
  std::int64_t Limits::*member;
};

constexpr std::int64_t kMost = 1'000'000'000;
constexpr auto kBounds = std::to_array<Bound>({
    {"connections", &Limits::connections},
    {"connections-per-address", &Limits::connections_per_address},
    {"streams", &Limits::streams},
    {"streams-per-address", &Limits::streams_per_address},
    {"stream-ms", &Limits::stream_ms},
    {"body-mb", &Limits::body_mb},
    {"body-mb-per-address", &Limits::body_mb_per_address},
    {"answers-mb", &Limits::answers_mb},
    {"answers-mb-per-address", &Limits::answers_mb_per_address},
    {"head-ms", &Limits::head_ms},
    {"body-ms", &Limits::body_ms},
    {"megapixels", &Limits::megapixels},
    {"queue", &Limits::queue},
    {"queue-per-address", &Limits::queue_per_address},
    {"search-wait-ms", &Limits::search_wait_ms},
    {"thumbnail-wait-ms", &Limits::thumbnail_wait_ms},
    {"upload-wait-ms", &Limits::upload_wait_ms},
    {"drain-ms", &Limits::drain_ms},
});

}  // namespace

std::vector<std::string> limit_names() {
  std::vector<std::string> names;
  for (const Bound& bound : kBounds) names.emplace_back(bound.name);
  return names;
}

void set_limit(Limits& limits, const std::string& text) {
  const std::size_t equal = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equal);
  const auto bound = std::ranges::find(kBounds, name, &Bound::name);
  if (bound == kBounds.end()) {
    throw Error(ErrorCode::invalid_argument,
                "there is no limit '" + valid_utf8(name) + "'" + suggestion(name, limit_names()));
  }
  const std::string number = text.substr(std::min(equal + 1, text.size()));
  std::int64_t value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec != std::errc{} || read.ptr != number.data() + number.size() || value < 1 ||
      value > kMost) {
    throw Error(ErrorCode::invalid_argument,
                "the limit '" + name + "' is '" + valid_utf8(number) +
                    "'; give a whole number from 1 to 1000000000, as in " + name + "=100");
  }
  limits.*(bound->member) = value;
}

std::chrono::milliseconds time_for_body(const Limits& limits, std::uint64_t bytes) {
  constexpr std::int64_t kStart = 10'000;  // ms in which nothing need come
  const auto came = static_cast<std::int64_t>(bytes);
  const std::int64_t slow = std::min(kStart, limits.body_ms) + came * 1000 / 1024;
  const std::int64_t whole = limits.body_ms + came / 64;
  return std::chrono::milliseconds(std::min(slow, whole));
}

}  // namespace alike::serve
