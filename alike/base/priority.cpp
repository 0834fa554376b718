#include "alike/base/priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace alike {

void lower_priority(int steps) {
  // On Linux a thread has a priority of its own, which POSIX has not.
  const auto thread = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + steps);
}

}  // namespace alike
