// Which threads go first.
#pragma once

namespace alike {

/// Lets other threads go first: the processor time of this thread, and of those that it starts from
/// now on, counts less by `steps` of nice(1), about a fifth a step, up to 19 in all. For good.
void lower_priority(int steps);

}  // namespace alike
