#include "alike/encode/run/processor.h"

#include "alike/base/error.h"

namespace alike::encode {

bool has_sse42() noexcept {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") != 0;
}

void check_processor(bool sse42) {
  if (sse42) return;
  throw Error(ErrorCode::unsupported,
              "this processor has no SSE4.2, which OpenVINO, that computes encoders, is made for; "
              "index and embed pictures on a machine made after 2010 (Intel Nehalem, AMD Bulldozer "
              "or later), and search here by id:N or in rows brought by 'alike import'");
}

}  // namespace alike::encode
