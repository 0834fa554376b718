// A thread that may read files of others and write none.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

namespace alike::test {

/// Whether `without_leave` can do that: only root can become another user.
inline bool can_be_without_leave() { return ::geteuid() == 0; }

/// Does `work`, which must not throw, in a thread that runs as "nobody".
template <class Work>
void without_leave(const Work& work) {
  std::thread([&] {
    constexpr long kNobody = 65534;
    // The function of the C library would do it for all threads.
    if (::syscall(SYS_setresuid, kNobody, kNobody, kNobody) == 0) work();
  }).join();
}

}  // namespace alike::test
