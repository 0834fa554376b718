#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "alike/cli/app.h"
#include "alike/cli/isolation.h"

namespace {

/// Memory that runs out where nothing can be caught (in a thread of a library, in a destructor)
/// ends the program with a sentence. Acknowledged work is on disk.
[[noreturn]] void end_for_want_of_memory() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::bad_alloc&) {
    constexpr std::string_view kSentence = "alike: there is not enough memory for this\n";
    if (::write(STDERR_FILENO, kSentence.data(), kSentence.size()) < 0) ::_exit(1);
    ::_exit(1);
  } catch (...) {
    __gnu_cxx::__verbose_terminate_handler();  // prints the exception
  }
  std::abort();
}

}  // namespace

int main(int count, char** words) {
  std::set_terminate(end_for_want_of_memory);
  // A parent that ignores it passes that on, and the ends of children would never be known.
  std::signal(SIGCHLD, SIG_DFL);
  // A confined process has nothing to put away.
  if (const auto code = alike::cli::work_for_another(count, words)) std::_Exit(*code);
  return alike::cli::run(count, words);
}
