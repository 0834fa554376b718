// Preloaded into the program: the time of day is ALIKE_CLOCK_SHIFT seconds away from the true one;
// where ALIKE_CLOCK_JUMPS is set, it goes to another decade between 1970 and 2262 each second.
// Clocks that only count are left alone.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

constexpr long kDecade = 315'576'000;

long shift(long now, long seconds_up) {
  const char* text = std::getenv("ALIKE_CLOCK_SHIFT");
  if (text != nullptr) return std::atol(text);
  if (std::getenv("ALIKE_CLOCK_JUMPS") == nullptr) return 0;
  return seconds_up * 7919 % 29 * kDecade - now;  // decades in no order
}

int shifted(clockid_t clock, timespec* time) {
  const long result = ::syscall(SYS_clock_gettime, clock, time);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) {
    return static_cast<int>(result);
  }
  timespec up{};
  ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &up);
  time->tv_sec += shift(time->tv_sec, up.tv_sec);
  return 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) { return shifted(clock, time); }

int gettimeofday(timeval* time, void*) {
  timespec now{};
  shifted(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

std::time_t time(std::time_t* into) {
  timespec now{};
  shifted(CLOCK_REALTIME, &now);
  if (into != nullptr) *into = now.tv_sec;
  return now.tv_sec;
}
}
