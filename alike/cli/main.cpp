#include <cstdlib>

#include "alike/cli/app.h"
#include "alike/cli/isolation.h"

int main(int count, char** words) {
  // Such a process has nothing to put away.
  if (const auto code = alike::cli::work_for_another(count, words)) std::_Exit(*code);
  return alike::cli::run(count, words);
}
