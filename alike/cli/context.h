// What every verb is given: the global options, and the way to a collection, an encoder, an output.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/base/progress.h"
#include "alike/collection/collection.h"
#include "alike/encode/package/package.h"

namespace alike::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kInterrupted = 130;

struct Context {
  std::filesystem::path program = "alike";  ///< Its whole path where it was called by path.
  std::filesystem::path directory;          ///< -C as typed; it is the current folder already.
  std::filesystem::path collection;         ///< --collection; empty: look for one.
  bool trust = false;  ///< --trust: its pictures may lie outside its own folder.
  bool json = false;
  bool quiet = false;
  int threads = 1;
  int exit_code = 0;  ///< What a verb that did not throw ends with.
};

/// Where the collection is that the options or the current folder name. Throws `not_found` with
/// the way to make one.
std::filesystem::path collection_folder(const Context& context);

/// As `collection_folder`, but looks from `start` on; where --collection names one it may not be
/// there yet.
std::optional<std::filesystem::path> find_collection(const Context& context,
                                                     const std::filesystem::path& start);

/// With --trust, notes that the user allows the collection to name pictures outside its folder.
void trust_if_asked(const Context& context, const std::filesystem::path& folder);

/// The package called `name`; a known one that is not there yet is fetched, which is told.
encode::Package package_for(const Context& context, const std::string& name);

/// Writes text for people to stdout; not with --json.
void say(const Context& context, const std::string& text);
/// As `say`, whatever the bytes do to a terminal: pictures in its own language.
void say_bytes(const Context& context, const std::string& bytes);
/// Tells on stderr what goes on; not with --quiet.
void tell(const Context& context, const std::string& text);
/// Writes the one JSON document; only with --json.
void answer(const Context& context, const json::value& document);
/// Writes one of several, each in a line.
void answer_line(const Context& context, const json::value& document);

/// The command of a remedy as it can be typed here: for the collection in use, with the -C and
/// --collection that were given.
std::string command(const Context& context, const Remedy& remedy);
/// What went wrong, or was done, and the command that helps, where there is one.
std::string with_remedy(const Context& context, const std::string& text,
                        const std::optional<Remedy>& remedy);
std::string with_remedy(const Context& context, const Error& error);

/// A progress line and a stop token for Ctrl-C, for as long as it lives. The first Ctrl-C asks the
/// work to stop and keep what is done, the second ends the process.
class LongWork {
 public:
  /// `unit`: what is counted, such as "pictures". `on_stop`: what Ctrl-C is answered.
  LongWork(const Context& context, const std::string& unit,
           const std::string& on_stop = "Stopping; what is done is kept");
  LongWork(const LongWork&) = delete;
  LongWork& operator=(const LongWork&) = delete;
  ~LongWork();
  const Watcher& watcher() const;
  /// Takes the progress line away, so that something else can be written.
  void clear();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::cli
