// Counters of the server, as Prometheus reads them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace alike::serve {

/// Safe from several threads.
class Metrics {
 public:
  /// One request that was answered: `route` is its pattern, "" where there is none.
  void count(const std::string& route, int status, double seconds);
  /// Adds to a number that goes up and down: "connections", "queued".
  void change(const std::string& name, int by);

  /// One problem that was answered, by the code of its document.
  void count_error(const std::string& code);
  /// One that was refused because there is too much of `reason`: "connections", "searches".
  void count_overload(const std::string& reason);

  /// Text format 0.0.4: alike_requests_total, alike_request_seconds, alike_errors_total,
  /// alike_overload_total, alike_<name>.
  std::string text() const;

 private:
  static constexpr std::array<double, 9> kSteps = {0.001, 0.005, 0.01, 0.025, 0.05,
                                                   0.1,   0.25,  1,    5};
  struct Times {
    std::array<std::uint64_t, kSteps.size()> within{};
    std::uint64_t count = 0;
    double sum = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;  // by route and status
  std::map<std::string, Times> times_;
  std::map<std::string, std::int64_t> values_;
  std::map<std::string, std::uint64_t> errors_, overloads_;
};

}  // namespace alike::serve
