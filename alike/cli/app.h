// The program: words typed → a verb → an exit code.
#pragma once

namespace alike::cli {

/// Runs the program. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
int run(int count, char** words);

}  // namespace alike::cli
