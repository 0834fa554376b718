#include "alike/encode/get/wheel.h"

#include <array>
#include <chrono>
#include <csignal>

#include "alike/base/draft_folder.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/base/process.h"
#include "alike/base/text.h"
#include "alike/encode/package/package.h"
#include "alike/encode/package/sha256.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1ULL << 30;
constexpr std::size_t kMaxWords = 1000;     ///< Bytes of pip's output.
constexpr std::chrono::hours kPatience{1};  ///< For a download over a slow line.

/// The system's Python: PATH could lead into an untrusted folder.
fs::path python() {
  for (const char* place : {"/usr/bin/python3", "/usr/local/bin/python3"}) {
    if (path_exists(place)) return place;
  }
  throw Error(ErrorCode::not_found,
              "there is no /usr/bin/python3 and no /usr/local/bin/python3, which fetches encoders "
              "once; Debian: apt install python3-pip");
}

/// The user's settings for pip: its options, proxies, certificates and the place of its
/// configuration. PYTHON* and LD_* are not among them, as they name code.
std::vector<std::string> environment_for_pip(const fs::path& scratch) {
  constexpr auto kKept = std::to_array<std::string_view>(
      {"PIP_*", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY",
       "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
       "XDG_CONFIG_HOME", "XDG_CACHE_HOME"});
  auto environment = clean_environment(kKept);
  environment.push_back("TMPDIR=" + scratch.native());
  return environment;
}

/// Runs python3 isolated (-I: neither the current folder nor PYTHON* nor the user's own packages
/// name modules) in `scratch`; throws `io` with the end of its output unless it succeeds.
void run_python(const fs::path& scratch, const std::vector<std::string>& words,
                const std::string& trouble) {
  ProcessOptions options;
  options.program = python();
  options.arguments = words;
  options.arguments.insert(options.arguments.begin(), "-I");
  options.environment = environment_for_pip(scratch);
  options.folder = scratch;
  options.output = scratch / "words.txt";
  Process child(options);
  const auto end = child.wait(kPatience);
  if (!end) throw Error(ErrorCode::io, trouble + ": it did not end within an hour");
  if (end->is_success()) return;
  if (end->signal == SIGINT) {
    throw Error(ErrorCode::interrupted, "python3 was stopped; nothing was added");
  }
  std::string text = read_text(options.output);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() > kMaxWords) text = "… " + text.substr(text.size() - kMaxWords);
  throw Error(ErrorCode::io, trouble + ":\n" + valid_utf8(text));
}

bool is_whole(const fs::path& file, const Wheel& wheel) {
  return path_exists(file) && sha256(read_file(file, kMaxBytes)) == wheel.sha256;
}

}  // namespace

fs::path fetch(const Wheel& wheel) {
  const fs::path folder = absolute_path(download_cache()) / "wheels";
  fs::path file = folder / wheel.file;
  if (is_whole(file, wheel)) return file;
  make_folders(folder);
  const DraftFolder scratch(file);
  const fs::path requirements = scratch.path() / "requirements.txt";
  replace_file(requirements, wheel.requirement + " --hash=sha256:" + wheel.sha256 + "\n");
  run_python(scratch.path(),
             {"-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
              "--only-binary=:all:", "--require-hashes", "--dest", scratch.path(), "--requirement",
              requirements},
             "pip could not fetch " + wheel.requirement +
                 " (python3 with pip and a network are needed once; Debian: python3-pip)");
  if (!is_whole(scratch.path() / wheel.file, wheel)) {
    throw Error(ErrorCode::corrupt, "pip fetched another file than the " + wheel.file +
                                        " with the SHA-256 " + wheel.sha256);
  }
  rename_path(scratch.path() / wheel.file, file);
  return file;
}

std::vector<std::byte> read_member(const fs::path& wheel, const std::string& member) {
  const DraftFolder scratch(absolute_path(wheel));
  run_python(scratch.path(), {"-m", "zipfile", "--extract", absolute_path(wheel), scratch.path()},
             "cannot unpack '" + wheel.native() + "'");
  const fs::path file = scratch.path() / member;
  if (!path_exists(file)) {
    throw Error(ErrorCode::corrupt, "'" + wheel.native() + "' has no member " + member);
  }
  return read_file(file, kMaxBytes);
}

}  // namespace alike::encode
