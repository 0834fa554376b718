#include "alike/index/kernels/byte_panel.h"

#include "alike/base/cpu.h"

namespace alike::index {

const BytePanel* byte_panel() {
  static const BytePanel* const chosen =
      simd_level() == Simd::avx512 ? &byte_panel_avx512() : nullptr;
  return chosen;
}

}  // namespace alike::index
