// Pages of mapped files that cannot be read: a signal becomes an error.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace alike {

/// A mapped file, as the handler of the signal looks it up.
struct MappedRegion {
  std::atomic<std::uintptr_t> begin{0};  ///< 0: unused.
  std::atomic<std::size_t> size{0};
  std::atomic<bool> lost{false};  ///< A page of it could not be read.
  std::atomic<bool> taken{true};
  MappedRegion* next = nullptr;  ///< Set before others see this one.
};

/// Lets the process live on when a page of a `MappedFile` cannot be read (SIGBUS: the file was cut
/// short, the disk failed): the rest of that mapping then reads as zeros, and
/// `MappedFile::check_no_page_lost` throws. For the whole process; the program `alike` calls it,
/// users of the library may. Other causes of SIGBUS go to the handler that was there before.
void survive_lost_pages();

/// Tells the handler of a mapping. Any thread. Never null; regions are used again, never freed.
MappedRegion* register_region(const void* address, std::size_t size);
/// Before the mapping goes.
void release_region(MappedRegion* region) noexcept;

}  // namespace alike
