#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <deque>
#include <thread>

#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"

namespace alike::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kPlainLine =
    std::chrono::seconds(10);  ///< Between lines where there is no terminal.
constexpr auto kRateWindow = std::chrono::seconds(5);
constexpr std::size_t kBarWidth = 24;

std::atomic<int> signal_pipe{-1};  // a signal handler has no other way to the object
std::atomic<int> signals_seen{0};

extern "C" void on_signal(int) {
  const int saved = errno;
  if (signals_seen.fetch_add(1) > 0) ::_exit(130);
  const char byte = 's';
  [[maybe_unused]] const auto written = ::write(signal_pipe.load(), &byte, 1);
  errno = saved;
}

/// Ctrl-C and SIGTERM → a stop request, for as long as it lives.
class StopOnSignal {
 public:
  explicit StopOnSignal(std::stop_source& stop) {
    if (::pipe2(pipe_.data(), O_CLOEXEC) != 0) throw_system_error("cannot make a", "pipe", errno);
    signals_seen = 0;
    signal_pipe = pipe_[1];
    reader_ = std::thread([this, &stop] { watch(stop); });
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &old_[i]);
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  ~StopOnSignal() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &old_[i], nullptr);
    signal_pipe = -1;
    ::close(pipe_[1]);  // which the reader sees, even if writing fails
    reader_.join();
    ::close(pipe_[0]);
  }

 private:
  static constexpr int kLookMs = 500;  // in case the handler could not write

  void watch(std::stop_source& stop) const {
    pollfd request{pipe_[0], POLLIN, 0};
    while (true) {
      const int ready = ::poll(&request, 1, kLookMs);
      if (signals_seen > 0) stop.request_stop();
      if (ready <= 0) continue;
      char byte = 0;
      if (::read(pipe_[0], &byte, 1) == 0) return;  // closed by the destructor
    }
  }

  static constexpr std::array<int, 2> kSignals{SIGINT, SIGTERM};
  std::array<int, 2> pipe_{};
  std::array<struct sigaction, 2> old_{};
  std::thread reader_;
};

/// Work done per second over the last seconds.
class Rate {
 public:
  void add(Clock::time_point now, std::uint64_t done) {
    const bool anew = !points_.empty() && done < points_.back().done;  // another part of the work
    if (anew) points_.clear();
    if (!points_.empty() && done == points_.back().done) return;  // only progress is a point
    points_.push_back({now, done});
    while (points_.size() > 2 && now - points_[1].time >= kRateWindow) points_.pop_front();
  }
  double per_second() const {
    if (points_.empty()) return 0;
    const std::chrono::duration<double> span = points_.back().time - points_.front().time;
    if (span.count() <= 0) return 0;
    return static_cast<double>(points_.back().done - points_.front().done) / span.count();
  }

 private:
  struct Point {
    Clock::time_point time;
    std::uint64_t done;
  };
  std::deque<Point> points_;
};

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  std::string text = "[";
  for (std::size_t i = 0; i < kBarWidth; ++i) text += i < full ? '#' : '.';
  return text + "] ";
}

std::string line(const Progress& progress, const std::string& unit, double rate, bool with_bar) {
  std::string text;
  if (progress.total > 0) {
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    if (with_bar) text += bar(share);
    text += human_count(progress.done) + " of " + human_count(progress.total) + " " + unit;
  } else {
    text += human_count(progress.done) + " " + unit;
  }
  if (rate > 0) {
    text += ", " + human_count(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
    if (progress.total > progress.done) {
      text += ", " + human_duration(static_cast<double>(progress.total - progress.done) / rate) +
              " left";
    }
  }
  if (progress.skipped > 0) text += ", " + human_count(progress.skipped) + " skipped";
  return text;
}

std::size_t terminal_width() {
  winsize size = {};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

struct LongWork::State {
  std::string unit;
  std::string on_stop;
  bool quiet = false;
  bool terminal = false;
  std::stop_source stop;
  Watcher watcher;
  Rate rate;
  bool drawn = false;
  bool told_stop = false;
  Clock::time_point last = Clock::now();
  StopOnSignal signals{stop};

  void report(const Progress& progress) {
    if (quiet) return;
    const auto now = Clock::now();
    if (stop.stop_requested() && !told_stop) {
      told_stop = true;
      erase();
      std::fprintf(stderr, "%s (Ctrl-C again ends at once)\n", on_stop.c_str());
    }
    rate.add(now, progress.done);
    const bool end = progress.total > 0 && progress.done == progress.total;
    if (now - last < (terminal ? Clock::duration(kRedraw) : kPlainLine) && !(end && terminal))
      return;
    last = now;
    std::string text = line(progress, unit, rate.per_second(), terminal);
    if (terminal) {
      text.resize(std::min(text.size(), terminal_width() - 1));
      std::fprintf(stderr, "\r\033[K%s", text.c_str());
      drawn = true;
    } else {
      std::fprintf(stderr, "%s\n", text.c_str());
    }
    std::fflush(stderr);
  }

  void erase() {
    if (!drawn) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    drawn = false;
  }
};

LongWork::LongWork(const Context& context, const std::string& unit, const std::string& on_stop)
    : state_(std::make_unique<State>()) {
  state_->unit = unit;
  state_->on_stop = on_stop;
  state_->quiet = context.quiet;
  state_->terminal = ::isatty(STDERR_FILENO) != 0;
  State& state = *state_;
  state_->watcher.report = [&state](const Progress& progress) { state.report(progress); };
  state_->watcher.stop = state_->stop.get_token();
  state_->watcher.begin = [&state](std::string_view what) {
    state.unit = what;
    state.rate = Rate();
  };
}

LongWork::~LongWork() { state_->erase(); }

const Watcher& LongWork::watcher() const { return state_->watcher; }

void LongWork::clear() { state_->erase(); }

}  // namespace alike::cli
