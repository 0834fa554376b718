#include "alike/encode/wheel.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/encode/package.h"
#include "alike/encode/sha256.h"

extern char** environ;

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1ULL << 30;
constexpr std::size_t kMaxWords = 1000;

/// A new folder that goes with this object.
class ScratchFolder {
 public:
  explicit ScratchFolder(const fs::path& parent) {
    std::error_code error;
    fs::create_directories(parent, error);
    std::string name = (parent / ".part-XXXXXX").native();
    if (error || ::mkdtemp(name.data()) == nullptr) {
      throw_system_error("cannot make a folder in", parent.native(), error ? error.value() : errno);
    }
    path_ = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Starts the program with both outputs going to `file`; returns its exit status.
int run_into(const fs::path& file, std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int trouble =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (trouble != 0) throw_system_error("cannot start", words[0], trouble);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw_system_error("cannot wait for", words[0], errno);
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) {
    throw Error(ErrorCode::interrupted, words[0] + " was stopped; nothing was added");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs python3; throws `io` with the end of what it said unless it succeeds.
void run_python(const fs::path& scratch, std::vector<std::string> words,
                const std::string& trouble) {
  const fs::path said = scratch / "words.txt";
  words.insert(words.begin(), "python3");
  if (run_into(said, std::move(words)) == 0) return;
  std::string text = read_text(said);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (text.size() > kMaxWords) text = "… " + text.substr(text.size() - kMaxWords);
  throw Error(ErrorCode::io, trouble + ":\n" + valid_utf8(text));
}

bool is_whole(const fs::path& file, const Wheel& wheel) {
  return fs::exists(file) && sha256(read_file(file, kMaxBytes)) == wheel.sha256;
}

}  // namespace

fs::path fetch(const Wheel& wheel) {
  const fs::path folder = download_cache() / "wheels";
  fs::path file = folder / wheel.file;
  if (is_whole(file, wheel)) return file;
  const ScratchFolder scratch(folder);
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
  fs::rename(scratch.path() / wheel.file, file);
  return file;
}

std::vector<std::byte> read_member(const fs::path& wheel, const std::string& member) {
  const ScratchFolder scratch(wheel.parent_path());
  run_python(scratch.path(), {"-m", "zipfile", "--extract", wheel, scratch.path()},
             "cannot unpack '" + wheel.native() + "'");
  const fs::path file = scratch.path() / member;
  if (!fs::exists(file)) {
    throw Error(ErrorCode::corrupt, "'" + wheel.native() + "' has no member " + member);
  }
  return read_file(file, kMaxBytes);
}

}  // namespace alike::encode
