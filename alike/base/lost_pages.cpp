#include "alike/base/lost_pages.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace alike {
namespace {

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);  // a handler may use nothing else

std::atomic<MappedRegion*> first_region{nullptr};
struct sigaction previous {};
std::uintptr_t page_bytes = 4096;

/// Zeros from the page of `address` to `end`, that of `region`: page by page would need as many
/// mappings as there are pages, more than the system allows.
bool replace_pages(MappedRegion& region, std::uintptr_t address, std::uintptr_t end) {
  const std::uintptr_t page = address / page_bytes * page_bytes;
  region.lost.store(true);                            // before: a reader of a zero must find it set
  void* const place = reinterpret_cast<void*>(page);  // NOLINT: of an address the signal told
  void* const zeros =
      ::mmap(place, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return zeros != MAP_FAILED;
}

/// The thread that reads a region keeps it registered meanwhile, so that its entry stands still.
/// Others do not: a begin and a size belong together only where the begin is the same afterwards.
bool replaced(std::uintptr_t address) {
  for (MappedRegion* region = first_region.load(); region != nullptr; region = region->next) {
    const std::uintptr_t begin = region->begin.load();
    const std::size_t size = region->size.load();
    if (begin == 0 || region->begin.load() != begin) continue;
    const bool inside = address >= begin && address - begin < size;
    if (inside) return replace_pages(*region, address, begin + size);
  }
  return false;
}

void on_lost_page(int, siginfo_t* about, void*) {
  const int kept = errno;
  const bool by_kernel = about->si_code > 0;
  if (!by_kernel || !replaced(reinterpret_cast<std::uintptr_t>(about->si_addr))) {
    // The instruction runs again, and the signal goes to the handler that was there before.
    ::sigaction(SIGBUS, &previous, nullptr);
    if (!by_kernel) ::raise(SIGBUS);
  }
  errno = kept;
}

}  // namespace

void survive_lost_pages() {
  static const bool installed = [] {
    page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction wanted {};
    wanted.sa_sigaction = on_lost_page;
    wanted.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigemptyset(&wanted.sa_mask);
    return ::sigaction(SIGBUS, &wanted, &previous) == 0;
  }();
  static_cast<void>(installed);
}

MappedRegion* register_region(const void* address, std::size_t size) {
  MappedRegion* region = first_region.load();
  for (; region != nullptr; region = region->next) {
    bool free = false;
    if (region->taken.compare_exchange_strong(free, true)) break;
  }
  if (region == nullptr) {
    region = new MappedRegion;
    region->next = first_region.load();
    while (!first_region.compare_exchange_weak(region->next, region)) {
    }
  }
  region->lost.store(false);
  region->size.store(size);
  region->begin.store(reinterpret_cast<std::uintptr_t>(address));
  return region;
}

void release_region(MappedRegion* region) noexcept {
  region->begin.store(0);
  region->taken.store(false);
}

}  // namespace alike
