// The other end of `IsolatedDecoder`: a process that does nothing but decode.
#pragma once

namespace alike::image {

/// Confines this process (base/sandbox.h) and decodes pictures from descriptor 3 until that is
/// closed. Returns the exit code. To be called by a program that was started as
/// `IsolationOptions` says, first thing, with one thread.
int work_as_decoder();

}  // namespace alike::image
