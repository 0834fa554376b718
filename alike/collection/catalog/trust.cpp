#include "alike/collection/catalog/trust.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "alike/base/file.h"
#include "alike/base/json.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"
#include "alike/encode/package/package.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestPath = 4096;
constexpr std::uint64_t kLargestList = 16 << 20;

/// Without links; as it is where something of it is missing.
fs::path real(const fs::path& path) {
  std::error_code error;
  auto found = fs::weakly_canonical(path, error);
  return error ? absolute_path(path).lexically_normal() : found;
}

bool lies_in(const fs::path& pictures, const fs::path& folder) {
  const auto below = pictures.lexically_relative(folder);
  return !below.empty() && *below.begin() != "..";
}

/// The key of the two in the list.
std::string key_of(const fs::path& folder, const fs::path& pictures) {
  const std::string both = real(folder).native() + '\0' + real(pictures).native();
  return content_hash(bytes_of(both));
}

bool needs_trust(const fs::path& folder, const fs::path& pictures) {
  return !lies_in(real(pictures), real(folder).parent_path());
}

/// As it stands in the list, which has no such quotation marks within a text.
std::string entry_of(const std::string& key) { return "\"key\":\"" + key + '"'; }

/// "" where there is none yet. An unreadable list is not taken for empty: it would be replaced.
std::string list() try {
  return read_text(trust_file(), kLargestList);
} catch (const Error& error) {
  if (error.code() != ErrorCode::not_found) throw;
  return "";
}

/// The home of alike, locked, so that two processes lose no entry of each other. Where the file
/// system has no locks it is as good as it can be.
File locked_home() {
  const fs::path home = trust_file().parent_path();
  make_folders(home);
  File folder(home, ::open(home.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) throw_system_error("cannot open the folder", home.native(), errno);
  constexpr int kTries = 250;
  for (int i = 0; ::flock(folder.descriptor(), LOCK_EX | LOCK_NB) != 0; ++i) {
    const bool is_taken = errno == EWOULDBLOCK || errno == EINTR;
    if (!is_taken) break;
    if (i == kTries) {
      throw Error(ErrorCode::busy, "a process keeps '" + home.native() + "' locked; try again");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return folder;
}

}  // namespace

UntrustedPictures::UntrustedPictures(const fs::path& folder, const fs::path& pictures)
    : Error(ErrorCode::io,
            "the collection '" + valid_utf8(folder.native()) +
                "' names pictures outside its own folder, in '" + valid_utf8(pictures.native()) +
                "', and this user has not allowed that: they are not opened",
            Remedy{"status",
                   {"--collection", absolute_path(folder).native(), "--trust"},
                   "to allow it once, if you trust it"}) {}

void check_trusted(const fs::path& folder, const fs::path& pictures) {
  if (!needs_trust(folder, pictures)) return;
  if (list().find(entry_of(key_of(folder, pictures))) == std::string::npos) {
    throw UntrustedPictures(folder, pictures);
  }
}

void trust(const fs::path& folder, const fs::path& pictures) {
  if (!needs_trust(folder, pictures)) return;
  const std::string key = key_of(folder, pictures);
  const File lock = locked_home();
  std::string known = list();
  if (known.find(entry_of(key)) != std::string::npos) return;
  if (!known.empty() && !known.ends_with('\n')) known += '\n';
  known += print_json_line(json::object{{"key", key},
                                        {"collection", json_text(real(folder).native())},
                                        {"pictures", json_text(real(pictures).native())}});
  replace_file(trust_file(), known);
}

void trust_own(const fs::path& folder, const fs::path& pictures) noexcept {
  try {
    trust(folder, pictures);
  } catch (const std::exception&) {
    // The user is asked when pictures are to be opened.
  }
}

fs::path trust_file() { return encode::home() / "trusted"; }

void check_item_path(std::string_view path) {
  const fs::path parts(path);
  const char* wrong = nullptr;
  if (path.empty()) wrong = "is empty";
  if (path.size() > kLongestPath) wrong = "is longer than 4,096 bytes";
  if (path.find('\0') != std::string_view::npos) wrong = "has a zero byte in it";
  if (parts.is_absolute()) wrong = "is absolute";
  if (std::ranges::find(parts, fs::path("..")) != parts.end()) wrong = "has '..' in it";
  if (wrong == nullptr) return;
  throw Error(ErrorCode::corrupt, "the path of an item, '" + valid_utf8(path.substr(0, 200)) +
                                      "', " + wrong +
                                      "; it is not opened, since it would lead out "
                                      "of the folder of pictures");
}

}  // namespace alike::collection
