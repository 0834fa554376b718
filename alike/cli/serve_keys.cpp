#include "alike/cli/serve_keys.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

/// 128 bits of the system's randomness in 32 letters.
std::string new_key() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw_system_error("cannot draw a", "key", errno);
  }
  std::string key;
  for (const unsigned char byte : bytes) {
    std::array<char, 3> text{};
    std::snprintf(text.data(), text.size(), "%02x", byte);
    key += text.data();
  }
  return key;
}

void make_key_file(const Context& context, const fs::path& file) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) throw_system_error("cannot make the key file", file.native(), errno);
  const std::string line = new_key() + "\n";
  const ssize_t written = ::write(made, line.data(), line.size());
  const int error = errno;
  ::close(made);
  if (written != static_cast<ssize_t>(line.size())) {
    ::unlink(file.c_str());
    throw_system_error("cannot write the key file", file.native(), error);
  }
  tell(context, "A new key is in " + printable(file.native()));
}

void refuse_open_file(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    throw_system_error("cannot look at", file.native(), errno);
  }
  if ((status.st_mode & (S_IRWXO | S_IWGRP)) == 0) return;
  throw Error(ErrorCode::invalid_argument,
              "others than its owner may read or change the key file '" + file.native() +
                  "'; take that from them: chmod 600 " + shell_word(file.native()));
}

}  // namespace

std::string serve_key(const Context& context, const fs::path& file, const char* variable) {
  if (file.empty()) {
    const char* key = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    return key == nullptr ? "" : key;
  }
  if (!path_exists(file)) make_key_file(context, file);
  refuse_open_file(file);
  std::string key = read_text(file, 4096);
  while (key.ends_with('\n') || key.ends_with('\r') || key.ends_with(' ')) key.pop_back();
  if (key.empty()) {
    throw Error(ErrorCode::invalid_argument, "'" + file.native() + "' holds no key");
  }
  return key;
}

}  // namespace alike::cli
