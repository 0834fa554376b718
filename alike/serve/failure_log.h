// Failures, one line of JSON each.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "alike/base/json.h"
#include "alike/serve/dispatcher.h"
#include "alike/serve/jobs.h"

namespace alike::serve {

/// "2026-11-29T17:05:09.040Z" of milliseconds since 1970.
std::string utc_time(std::int64_t ms);

/// At most twenty lines a second, so that no client fills the disk; the next line says how
/// many were left out. Safe from several threads.
class FailureLog {
 public:
  /// `line` is called for one line at a time, which ends with a line feed.
  explicit FailureLog(std::function<void(const std::string& line)> line) : line_(std::move(line)) {}

  void add(const Failure& failure);
  void add(const Job& job);

 private:
  void write(json::object document);

  const std::function<void(const std::string& line)> line_;
  std::mutex mutex_;
  std::int64_t second_ = 0;
  int written_ = 0;  // in that second
  std::uint64_t left_out_ = 0;
};

}  // namespace alike::serve
