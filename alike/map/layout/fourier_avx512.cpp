#include "alike/map/layout/fourier_passes.h"

namespace alike::map {

void fourier_avx512(Lines& lines, Lines& room, const FourierPlan& plan) {
  all_passes(lines, room, plan);
}

}  // namespace alike::map
