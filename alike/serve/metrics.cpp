#include "alike/serve/metrics.h"

#include <cstdio>

namespace alike::serve {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// A counter by one label.
std::string counter(const std::string& name, const std::string& help, const std::string& by,
                    const std::map<std::string, std::uint64_t>& counts) {
  std::string text = "# HELP " + name + " " + help + "\n# TYPE " + name + " counter\n";
  for (const auto& [cause, count] : counts) {
    text += name + "{" + by + "=\"" + cause + "\"} " + std::to_string(count) + "\n";
  }
  return text;
}

std::string label(const std::string& route) {
  return "{route=\"" + (route.empty() ? "none" : route) + "\"";
}

}  // namespace

void Metrics::count(const std::string& route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
  Times& times = times_[route];
  for (std::size_t i = 0; i < kSteps.size(); ++i) times.within[i] += seconds <= kSteps[i] ? 1U : 0U;
  ++times.count;
  times.sum += seconds;
}

void Metrics::count_error(const std::string& code) {
  const std::lock_guard lock(mutex_);
  ++errors_[code];
}

void Metrics::count_overload(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++overloads_[reason];
}

void Metrics::change(const std::string& name, int by) {
  const std::lock_guard lock(mutex_);
  values_[name] += by;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text =
      "# HELP alike_requests_total Requests answered.\n# TYPE alike_requests_total counter\n";
  for (const auto& [key, count] : requests_) {
    text += "alike_requests_total" + label(key.first) + ",status=\"" + std::to_string(key.second) +
            "\"} " + std::to_string(count) + "\n";
  }
  text +=
      "# HELP alike_request_seconds Time from the whole request to its answer.\n"
      "# TYPE alike_request_seconds histogram\n";
  for (const auto& [route, times] : times_) {
    const std::string name = "alike_request_seconds";
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
      text += name + "_bucket" + label(route) + ",le=\"" + number(kSteps[i]) + "\"} " +
              std::to_string(times.within[i]) + "\n";
    }
    text += name + "_bucket" + label(route) + ",le=\"+Inf\"} " + std::to_string(times.count) +
            "\n" + name + "_sum" + label(route) + "} " + number(times.sum) + "\n" + name +
            "_count" + label(route) + "} " + std::to_string(times.count) + "\n";
  }
  text += counter("alike_errors_total", "Problems answered, by code.", "code", errors_);
  text += counter("alike_overload_total", "Refused with 503, by exhausted resource.", "reason",
                  overloads_);
  for (const auto& [name, value] : values_) {
    text += "# TYPE alike_" + name + " gauge\nalike_" + name + " " + std::to_string(value) + "\n";
  }
  return text;
}

}  // namespace alike::serve
