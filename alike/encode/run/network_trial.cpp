#include "alike/encode/run/network_trial.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/base/process.h"
#include "alike/base/text.h"
#include "alike/encode/package/sha256.h"
#include "alike/encode/run/graph.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;
using Milliseconds = std::chrono::milliseconds;

constexpr std::uint64_t kMegabyte = 1 << 20;
constexpr int kModelDescriptor = 3;
constexpr int kSentenceDescriptor = 4;
constexpr int kNoMemoryExit = 1;
constexpr int kFirstErrorExit = 64;  ///< Plus an ErrorCode: that error, its sentence in the file.
constexpr std::uint64_t kMaxSentenceBytes = 64 << 10;
constexpr Milliseconds kLook{20};  ///< Between two looks at the memory of the other process.

struct Trier {
  fs::path program;
  std::vector<std::string> arguments;
};

Trier& trier() {
  static Trier trier;
  return trier;
}

bool is_wanted() {
  const char* wish = std::getenv("ALIKE_NETWORK_TRIAL");  // NOLINT(concurrency-mt-unsafe)
  return !trier().program.empty() && (wish == nullptr || std::string_view(wish) != "off");
}

/// The file that marks a network as tried.
fs::path note_of(const std::string& key) {
  return home() / "cache" / "tried" / sha256(std::as_bytes(std::span(key))).substr(0, 32);
}

bool is_noted(const std::string& key) {
  std::error_code error;
  return fs::exists(note_of(key), error);
}

void note(const std::string& key) {
  try {
    const fs::path file = note_of(key);
    make_folders(file.parent_path());
    File(file, File::Mode::create);
  } catch (const std::exception&) {
    return;  // Then it is tried again next time.
  }
}

std::string key_of_known(const std::string& sha256) { return "known\n" + sha256; }

/// A file in memory that a child can be given.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("alike-network", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw_system_error("cannot make memory for", "a network", errno);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  int descriptor() const { return descriptor_; }
  /// The file by a name that this process can open.
  fs::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// The error of the other process.
[[noreturn]] void throw_sentence(const ProcessEnd& end, const MemoryFile& sentence) {
  const auto code = static_cast<ErrorCode>(end.code - kFirstErrorExit);
  throw Error(code, valid_utf8(read_text(sentence.path(), kMaxSentenceBytes)));
}

/// Resident memory of a process; 0 where it cannot be seen.
std::uint64_t resident_bytes(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  std::uint64_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool is_error_exit(int code) {
  return code == kFirstErrorExit + static_cast<int>(ErrorCode::corrupt) ||
         code == kFirstErrorExit + static_cast<int>(ErrorCode::unsupported);
}

std::string computing_limit(const TrialLimits& limits) {
  return "took more than " + std::to_string(limits.cpu_seconds) + " s of computing";
}

std::string memory_limit(const TrialLimits& limits) {
  return "took more than " + std::to_string(limits.memory_bytes / kMegabyte) + " MB of memory";
}

/// How a trial ended.
struct Outcome {
  ProcessEnd end;
  std::string trouble;  ///< Empty where it ended by itself and with an exit code that it chose.
};

/// Ctrl-C ends the other process, too.
void check_not_interrupted(const ProcessEnd& end) {
  if (end.signal != SIGINT) return;
  throw Error(ErrorCode::interrupted, "stopped while the network was tried");
}

/// Waits for the end; kills a process that takes too much.
Outcome outcome_of(Process& process, const TrialLimits& limits) {
  // Waiting for the processor is not computing: ten times as long by the clock.
  const auto until =
      std::chrono::steady_clock::now() + std::chrono::seconds(10 * limits.cpu_seconds);
  for (;;) {
    if (const auto end = process.wait(kLook)) {
      check_not_interrupted(*end);
      if (end->signal == SIGXCPU) return {*end, computing_limit(limits)};
      if (end->code == kNoMemoryExit) return {*end, memory_limit(limits)};
      const bool chosen = end->is_success() || is_error_exit(end->code);
      return {*end, chosen ? "" : "ended in a crash"};
    }
    if (resident_bytes(process.id()) > limits.memory_bytes) {
      return {process.kill(), memory_limit(limits)};
    }
    if (std::chrono::steady_clock::now() > until) {
      return {process.kill(), computing_limit(limits)};
    }
  }
}

int number(const std::string& word) {
  int value = 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

}  // namespace

void try_networks_with(fs::path program, std::vector<std::string> arguments) {
  trier() = {std::move(program), std::move(arguments)};
}

TrialLimits trial_limits(std::uint64_t model_bytes) noexcept {
  return {.cpu_seconds = 8 + model_bytes / (8 * kMegabyte),
          .memory_bytes = 768 * kMegabyte + 8 * model_bytes,
          .address_space_bytes = 8192 * kMegabyte + 16 * model_bytes};
}

void try_network(std::span<const std::byte> model, const Package& package,
                 const std::string& tensor, Pooling pooling) {
  const std::vector<std::string> words{std::to_string(package.input.framing.size), tensor,
                                       std::string(name_of(pooling)), package.name};
  std::string key = "tried 1\n" + package.sha256;
  for (const auto& word : words) key += '\n' + word;
  if (!is_wanted() || is_noted(key_of_known(package.sha256)) || is_noted(key)) return;
  const TrialLimits limits = trial_limits(model.size());
  // Where OpenVINO may lie. It is this user's to say, as for this process.
  constexpr auto kKept = std::to_array<std::string_view>({"LD_LIBRARY_PATH"});
  const MemoryFile file, sentence;
  File(file.path(), File::Mode::update).write_at(0, model);
  ProcessOptions options{.program = trier().program,
                         .arguments = trier().arguments,
                         .environment = clean_environment(kKept),
                         .folder = "/",
                         .descriptors = {file.descriptor(), sentence.descriptor()},
                         .limits = {.address_space_bytes = limits.address_space_bytes,
                                    .cpu_seconds = limits.cpu_seconds,
                                    .file_bytes = kMaxSentenceBytes,
                                    .open_files = 256}};
  options.arguments.insert(options.arguments.end(), words.begin(), words.end());
  Process process(options);
  const Outcome outcome = outcome_of(process, limits);
  if (!outcome.trouble.empty()) {
    throw Error(ErrorCode::unsupported,
                "encoder '" + package.name + "': its network " + outcome.trouble +
                    " when it was tried, so it is not used; if you trust it, set "
                    "ALIKE_NETWORK_TRIAL=off");
  }
  if (!outcome.end.is_success()) throw_sentence(outcome.end, sentence);
  note(key);
}

void trust_network(const std::string& sha256) { note(key_of_known(sha256)); }

int work_as_network_trial(const std::vector<std::string>& words) {
  if (words.size() != 4) return 2;
  try {
    Package package;
    package.input.framing.size = number(words[0]);
    package.name = words[3];
    const MappedFile model("/proc/self/fd/" + std::to_string(kModelDescriptor));
    try_graph(model.bytes(), package, words[1], pooling_from(words[2]));
    return 0;
  } catch (const Error& error) {
    const std::string_view sentence(error.what());
    File("/proc/self/fd/" + std::to_string(kSentenceDescriptor), File::Mode::update)
        .write_at(0, std::as_bytes(std::span(sentence.substr(0, kMaxSentenceBytes))));
    return kFirstErrorExit + static_cast<int>(error.code());
  } catch (const std::exception&) {
    return kNoMemoryExit;
  }
}

}  // namespace alike::encode
