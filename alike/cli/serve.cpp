// serve: the page and the HTTP interface.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/base/terminal_text.h"
#include "alike/cli/context.h"
#include "alike/cli/isolation.h"
#include "alike/cli/options.h"
#include "alike/cli/serve_keys.h"
#include "alike/cli/verb.h"
#include "alike/encode/package/package.h"
#include "alike/image/isolated/isolated_decoder.h"
#include "alike/serve/server.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDemo = "/usr/share/tuxpaint/stamps";

struct Options {
  std::vector<fs::path> folders, roots;
  std::vector<std::string> limits;
  fs::path key_file, reading_key_file, log_file;
  bool log = false;
  bool in_process = false;
  serve::ServerOptions server;
};

/// A folder of pictures, or the collection itself.
fs::path collection_in(const fs::path& folder) {
  if (path_exists(folder / "catalog.db")) return folder;
  if (const auto found = collection::Collection::find(folder)) return *found;
  throw Error(ErrorCode::not_found, "there is no collection in '" + folder.native() + "'",
              Remedy{"index", {folder.native()}, "to make one"});
}

/// Appends lines to a file that only its owner may read; lines that fail to write are lost.
class LogFile {
 public:
  explicit LogFile(const fs::path& file)
      : descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) throw_system_error("cannot write the log", file.native(), errno);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile() { ::close(descriptor_); }

  /// From any thread: a line is one call of the system.
  void add(const std::string& line) const {
    [[maybe_unused]] const auto written = ::write(descriptor_, line.data(), line.size());
  }

 private:
  int descriptor_;
};

/// Writes lines of JSON to `file`, or to stderr, there without commands to a terminal.
std::function<void(const std::string&)> log_of(const fs::path& file) {
  if (!file.empty()) {
    return
        [log = std::make_shared<const LogFile>(file)](const std::string& text) { log->add(text); };
  }
  return [terminal = ::isatty(STDERR_FILENO) != 0](const std::string& text) {
    std::fputs(terminal ? for_terminal(text).c_str() : text.c_str(), stderr);
  };
}

/// Stops the server at the first Ctrl-C or SIGTERM.
void run_until_stopped(const Context& context, serve::Server& server) {
  const LongWork line(context, "requests", "Stopping; requests under way are answered");
  const std::stop_callback stop(line.watcher().stop, [&] { server.stop(); });
  say(context, "alike is at " + server.url() + "   (Ctrl-C stops it)\n");
  answer_line(context, json::object{{"url", server.url()}, {"pid", ::getpid()}});
  std::fflush(stdout);
  if (server.run()) return;
  tell(context, "A picture was still being worked on; its client is gone");
  std::fflush(stdout);
  ::_exit(kDone);  // files on disk are whole at any moment, and no client waits for the rest
}

/// Connections and collections need descriptors; shells often allow few.
void allow_descriptors() {
  constexpr rlim_t kWanted = 8192;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kWanted) return;
  limit.rlim_cur = std::min(kWanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(const Context& context, Options options) {
  if (options.folders.empty()) {
    if (const auto found = find_collection(context, working_folder())) {
      options.folders.push_back(*found);
    }
  }
  for (const auto& folder : options.folders) {
    options.server.collections.push_back(collection_in(folder));
    trust_if_asked(context, options.server.collections.back());
  }
  for (const auto& root : options.roots) options.server.roots.push_back(real_path(root));
  if (options.roots.empty()) {
    const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
    if (home != nullptr) options.server.roots.emplace_back(home);
  }
  if (is_folder(kDemo)) options.server.demo = kDemo;
  options.server.demo_collection = encode::home() / "demo.alike";
  options.server.key = serve_key(context, options.key_file, "ALIKE_KEY");
  options.server.reading_key = serve_key(context, options.reading_key_file, "ALIKE_READING_KEY");
  options.server.threads = context.threads;
  for (const auto& limit : options.limits) serve::set_limit(options.server.limits, limit);
  const auto line = log_of(options.log_file);
  options.server.failures = line;
  if (options.log) options.server.log = line;
  allow_descriptors();
  constexpr std::chrono::seconds kPatience{8};
  image::decode_apart_with({.patience = kPatience});
  if (!options.in_process) isolate_pictures(context, kPatience);
  serve::Server server(options.server);
  run_until_stopped(context, server);
}

constexpr const char* kNotes =
    R"(Opens a page on which a collection is searched, mapped and compared; it works without network.
Without DIR it shows the collection of this folder, or none: then the page offers to make one.

Only this machine can ask, unless --host names another address; then a key of 16 characters or more
is needed, from --key-file, which is made where it is not there, or from the environment as
ALIKE_KEY. Browsers ask for it as a password (any user), programs send 'Authorization: Bearer KEY'.
A second key, from --reading-key-file or as ALIKE_READING_KEY, lets read and search only. There is
no TLS: put a proxy in front where the network is not yours, and give its name for clients with
--public-name. The page may add folders below --root, or below the home folder, when asked from
this machine.

Failures go to standard error, or to --log-file, one line of JSON each. Bounds on clients can
be changed by --limit; docs/serve.md has a table of them.

The interface is described at /v1/openapi.json; /metrics is for Prometheus.

Examples:
  alike serve
  alike serve ~/Pictures ~/Work/scans --port 8080
  alike serve --host 0.0.0.0 --key-file ~/.config/alike-key
  alike serve --limit connections-per-address=64 --limit body-ms=30000)";

}  // namespace

Verb serve_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {
      .name = "serve",
      .about = "Show collections in a browser",
      .options =
          {Option("DIR", &options->folders, "DIR", "Folders with a collection; otherwise this one",
                  {.checks = {existing_folder}}),
           Option("--host", &options->server.host, "ADDRESS", "Address to listen on",
                  {.shows_default = true}),
           Option("--port", &options->server.port, "N", "Port to listen on; 0 takes a free one",
                  {.range = Range{0, 65535}, .shows_default = true}),
           Option("--public-name", &options->server.public_names, "NAME",
                  "Name of a proxy in front that clients ask for; NAME or NAME:PORT"),
           Option("--key-file", &options->key_file, "FILE",
                  "File with the key that clients must send; made with a new one if it is not "
                  "there"),
           Option("--reading-key-file", &options->reading_key_file, "FILE",
                  "Likewise, a key for reading and searching only"),
           Option("--root", &options->roots, "DIR",
                  "Folders below which the page may add collections",
                  {.checks = {existing_folder}}),
           Option("--no-isolate", &options->in_process,
                  "Decode pictures in the server itself, not in processes of their own"),
           Option("--limit", &options->limits, "NAME=N",
                  "Change a bound on clients; a wrong NAME is answered with all of them"),
           Option("--log", &options->log, "Write a line of JSON for each request"),
           Option("--log-file", &options->log_file, "FILE",
                  "Append the log to this file instead of standard error")},
      .notes = kNotes,
      .run = [&context, options] { serve(context, *options); }};
}

}  // namespace alike::cli
