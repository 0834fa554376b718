// Long work in the background, one after the other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "alike/base/json.h"
#include "alike/base/progress.h"
#include "alike/serve/event_hub.h"

namespace alike::serve {

enum class JobState { waiting, active, paused, done, failed, cancelled };
std::string_view name_of(JobState state) noexcept;

/// Does the work and returns the result. Stopped work throws `interrupted` and continues from
/// its kept results when called again.
using JobWork = std::function<json::object(const Watcher&)>;

struct Job {
  std::uint64_t id = 0;
  std::string kind, collection, title;
  JobState state = JobState::waiting;
  std::string what;  ///< Unit of the present count.
  Progress progress;
  double rate = 0;                            ///< Steps a second, of the part that is under way.
  std::int64_t started_ms = 0, ended_ms = 0;  ///< Since 1970; 0: not yet.
  std::string error;
  json::object result;
};

/// As the interface has it.
json::object to_json(const Job& job);

/// Tells every change to the hub, at most ten times a second for progress. Safe from several
/// threads.
class Jobs {
 public:
  /// `failed` hears of every job that fails; called from the thread of the jobs, and without a lock
  /// held; may be empty.
  explicit Jobs(EventHub& events, std::function<void(const Job&)> failed = {});
  /// Stops the work under way and waits for it.
  ~Jobs();

  Job start(const std::string& kind, const std::string& collection, const std::string& title,
            JobWork work);
  /// Newest first: all that go on, and the last 100 that ended.
  std::vector<Job> all() const;
  /// Throws `not_found`, also for one that ended long ago.
  Job get(std::uint64_t id);
  /// A waiting or active job waits until it is resumed. Throws `not_found`; `HttpError` 409
  /// where the state does not allow it, as the next two.
  Job pause(std::uint64_t id);
  /// A paused, failed or cancelled job waits again for its turn.
  Job resume(std::uint64_t id);
  Job cancel(std::uint64_t id);
  /// Ends the work under way, keeping its results; no job is started any more.
  void stop();
  /// Waits until nothing is under way, but not beyond `until`; whether that is so.
  bool idle_by(std::chrono::steady_clock::time_point until);

 private:
  struct Entry {
    Job job;
    JobWork work;                      ///< Empty once it is done: it is not called again.
    JobState wish = JobState::active;  ///< Its state once it has stopped.
  };

  void run(const std::stop_token& token);
  void work_on(std::uint64_t id, const std::stop_token& token);
  void end(std::uint64_t id, JobState state, const std::string& error, json::object result);
  void report(std::uint64_t id, const Progress& progress);
  // Call the following with the mutex held.
  Entry& entry(std::uint64_t id);
  void ended(Entry& each, JobState state);
  void tell(const Job& job);

  EventHub& events_;
  std::function<void(const Job&)> failed_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::uint64_t, Entry> entries_;  // by id
  std::deque<std::uint64_t> ended_;         // ids in the order of their end; some go on again
  std::uint64_t last_id_ = 0;
  std::stop_source active_stop_;
  std::uint64_t active_ = 0;  // 0: none
  std::int64_t told_ms_ = 0, part_ms_ = 0;
  std::uint64_t part_done_ = 0;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace alike::serve
