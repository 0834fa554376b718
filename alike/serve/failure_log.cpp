#include "alike/serve/failure_log.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "alike/base/clock.h"

namespace alike::serve {
namespace {

constexpr int kLinesASecond = 20;

}  // namespace

std::string utc_time(std::int64_t ms) {
  const std::time_t seconds = ms / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> rest{};
  std::snprintf(rest.data(), rest.size(), ".%03dZ", static_cast<int>(ms % 1000));
  return std::string(text.data()) + rest.data();
}

void FailureLog::add(const Failure& failure) {
  write({{"request", failure.request},
         {"peer", failure.peer},
         {"method", json_text(failure.method)},
         {"route", failure.route},
         {"status", failure.status},
         {"code", failure.code},
         {"cause", json_text(failure.cause)}});
}

void FailureLog::add(const Job& job) {
  write({{"job", job.id},
         {"kind", job.kind},
         {"collection", job.collection},
         {"code", "job_failed"},
         {"cause", json_text(job.error)}});
}

void FailureLog::write(json::object document) {
  if (!line_) return;
  const std::int64_t now = now_ms();
  json::object whole{{"time", utc_time(now)}, {"level", "error"}};
  for (auto& member : document) whole[member.key()] = std::move(member.value());
  const std::lock_guard lock(mutex_);
  if (now / 1000 != second_) {
    second_ = now / 1000;
    written_ = 0;
  }
  if (++written_ > kLinesASecond) {
    ++left_out_;
    return;
  }
  if (left_out_ > 0) whole["left_out"] = std::exchange(left_out_, 0);
  line_(print_json_line(whole));
}

}  // namespace alike::serve
