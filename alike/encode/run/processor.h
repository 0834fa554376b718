// Whether this processor can run encoders.
#pragma once

namespace alike::encode {

/// Whether it has SSE4.2, the least that OpenVINO's kernels are compiled for.
bool has_sse42() noexcept;

/// Throws `unsupported` without SSE4.2: OpenVINO would end the process with SIGILL.
void check_processor(bool sse42 = has_sse42());

}  // namespace alike::encode
