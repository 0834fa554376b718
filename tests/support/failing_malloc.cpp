// Preloaded into the program: the N-th allocation that it makes from the start of main() on fails,
// once, where ALIKE_FAIL_MALLOC is N. Where ALIKE_COUNT_MALLOC names a file, their number is
// written to it at the end.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

std::atomic<long> made{0};
long failing = 0;
bool begun = false;
int (*main_function)(int, char**, char**) = nullptr;

bool fails() {
  if (!begun || ++made != failing) return false;
  errno = ENOMEM;
  return true;
}

void write_count() {
  begun = false;
  const char* file = std::getenv("ALIKE_COUNT_MALLOC");
  if (file == nullptr) return;
  const int descriptor = ::open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return;
  ::dprintf(descriptor, "%ld\n", made.load());
  ::close(descriptor);
}

int counted_main(int count, char** words, char** environment) {
  const char* number = std::getenv("ALIKE_FAIL_MALLOC");
  if (number != nullptr) failing = std::atol(number);
  std::atexit(write_count);
  begun = true;
  return main_function(count, words, environment);
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) { return fails() ? nullptr : __libc_realloc(old, size); }

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}

int posix_memalign(void** made_at, std::size_t alignment, std::size_t size) {
  *made_at = fails() ? nullptr : __libc_memalign(alignment, size);
  return *made_at == nullptr ? ENOMEM : 0;
}

int __libc_start_main(int (*program)(int, char**, char**), int count, char** words,
                      void (*before)(), void (*after)(), void (*unload)(), void* stack_end) {
  main_function = program;
  using Start =
      int (*)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto start = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(counted_main, count, words, before, after, unload, stack_end);
}
}
