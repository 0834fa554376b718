// The context of a verb: the global options, and the way to a collection, an encoder, an output.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

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
  std::size_t max_pixels = 0;  ///< --max-pixels; 0: the limits of image/decode.h.
  int exit_code = 0;           ///< Of a verb that did not throw.
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

/// The package called `name`; a known one that is missing is fetched, with a remark.
encode::Package package_for(const Context& context, const std::string& name);

/// Writes text for people to stdout; not with --json.
void say(const Context& context, const std::string& text);
/// As `say`, control sequences too: pictures in the terminal's own language.
void say_bytes(const Context& context, const std::string& bytes);
/// Writes a remark to stderr; not with --quiet.
void tell(const Context& context, const std::string& text);
/// Writes the one JSON document; only with --json.
void answer(const Context& context, const json::value& document);
/// Writes one of several, each in a line.
void answer_line(const Context& context, const json::value& document);

/// The command of a remedy as it can be typed here: for the collection in use, with the -C and
/// --collection that were given.
std::string command(const Context& context, const Remedy& remedy);
/// The sentence of an error or a result, with the command that helps, where there is one.
std::string with_remedy(const Context& context, const std::string& text,
                        const std::optional<Remedy>& remedy);
std::string with_remedy(const Context& context, const Error& error);

/// A progress line and a stop token for Ctrl-C, for as long as it lives. The first Ctrl-C asks the
/// work to stop and keep its results, the second ends the process.
class LongWork {
 public:
  /// `unit`: of the count, such as "pictures". `on_stop`: the answer to Ctrl-C.
  LongWork(const Context& context, const std::string& unit,
           const std::string& on_stop = "Stopping; finished work is kept");
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
