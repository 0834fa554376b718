#include "alike/serve/jobs.h"

#include "alike/base/clock.h"
#include "alike/base/error.h"
#include "alike/base/priority.h"
#include "alike/base/sentence.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

constexpr std::int64_t kTellMs = 100;
constexpr std::size_t kMostWaiting = 100, kMostEnded = 100;

json::value time_or_null(std::int64_t ms) {
  return ms == 0 ? json::value(nullptr) : json::value(ms);
}

[[noreturn]] void refuse(const Job& job, const std::string& reason) {
  throw HttpError(
      409, "conflict",
      "job " + std::to_string(job.id) + " is " + std::string(name_of(job.state)) + "; " + reason);
}

}  // namespace

std::string_view name_of(JobState state) noexcept {
  switch (state) {
    case JobState::waiting: return "waiting";
    case JobState::active: return "active";
    case JobState::paused: return "paused";
    case JobState::done: return "done";
    case JobState::failed: return "failed";
    case JobState::cancelled: return "cancelled";
  }
  return "";
}

json::object to_json(const Job& job) {
  const auto& [done, total, skipped] = job.progress;
  json::value eta = nullptr;
  if (job.state == JobState::active && job.rate > 0 && total > done) {
    eta = static_cast<double>(total - done) / job.rate;
  }
  json::object text{{"id", job.id},
                    {"kind", job.kind},
                    {"collection", job.collection},
                    {"title", job.title},
                    {"state", name_of(job.state)},
                    {"what", job.what},
                    {"done", done},
                    {"total", total},
                    {"skipped", skipped},
                    {"rate", job.rate},
                    {"eta", eta},
                    {"started", time_or_null(job.started_ms)},
                    {"ended", time_or_null(job.ended_ms)}};
  if (!job.error.empty()) text["error"] = json_text(job.error);
  if (!job.result.empty()) text["result"] = job.result;
  return text;
}

Jobs::Jobs(EventHub& events, std::function<void(const Job&)> failed)
    : events_(events), failed_(std::move(failed)), thread_([this](const std::stop_token& token) {
        lower_priority(19);  // clients wait for their answers, a job has time
        run(token);
      }) {}

Jobs::~Jobs() { stop(); }

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    thread_.request_stop();
    active_stop_.request_stop();
  }
  changed_.notify_all();
}

Job Jobs::start(const std::string& kind, const std::string& collection, const std::string& title,
                JobWork work) {
  const std::lock_guard lock(mutex_);
  std::size_t waiting = 0;
  for (const auto& [id, each] : entries_) {
    waiting += each.job.state == JobState::waiting || each.job.state == JobState::paused ? 1U : 0U;
  }
  if (waiting >= kMostWaiting) {
    throw Error(ErrorCode::busy, "100 jobs wait already; let some of them end first");
  }
  Entry& made = entries_[++last_id_];
  made.job.id = last_id_;
  made.job.kind = kind;
  made.job.collection = collection;
  made.job.title = title;
  made.work = std::move(work);
  tell(made.job);
  changed_.notify_all();
  return made.job;
}

std::vector<Job> Jobs::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Job> jobs;
  for (auto each = entries_.rbegin(); each != entries_.rend(); ++each)
    jobs.push_back(each->second.job);
  return jobs;
}

Jobs::Entry& Jobs::entry(std::uint64_t id) {
  const auto found = entries_.find(id);
  if (found != entries_.end()) return found->second;
  const bool forgotten = id > 0 && id <= last_id_;
  throw Error(ErrorCode::not_found,
              (forgotten ? "the server has forgotten job " + std::to_string(id) +
                               "; it keeps the last 100 that ended"
                         : "there is no job " + std::to_string(id)));
}

Job Jobs::get(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  return entry(id).job;
}

Job Jobs::pause(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  Entry& each = entry(id);
  if (each.job.state != JobState::waiting && each.job.state != JobState::active) {
    refuse(each.job, "only a waiting or active job can be paused");
  }
  each.wish = JobState::paused;
  if (id == active_) {
    active_stop_.request_stop();
  } else {
    each.job.state = JobState::paused;
    tell(each.job);
  }
  return each.job;
}

Job Jobs::resume(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  Entry& each = entry(id);
  const JobState state = each.job.state;
  if (id == active_ && each.wish != JobState::active) {  // it is still about to stop
    each.wish = JobState::waiting;
    return each.job;
  }
  if (state != JobState::paused && state != JobState::failed && state != JobState::cancelled) {
    refuse(each.job, "it cannot be started again");
  }
  each.job.state = JobState::waiting;
  each.job.error.clear();
  each.job.ended_ms = 0;
  each.wish = JobState::active;
  std::erase(ended_, id);
  tell(each.job);
  changed_.notify_all();
  return each.job;
}

Job Jobs::cancel(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  Entry& each = entry(id);
  const JobState state = each.job.state;
  if (state == JobState::done || state == JobState::failed || state == JobState::cancelled) {
    refuse(each.job, "it has ended");
  }
  each.wish = JobState::cancelled;
  if (id == active_) {
    active_stop_.request_stop();
  } else {
    ended(each, JobState::cancelled);
    tell(each.job);
  }
  return each.job;
}

void Jobs::run(const std::stop_token& token) {
  std::unique_lock lock(mutex_);
  while (!token.stop_requested()) {
    std::uint64_t next = 0;
    for (const auto& [id, each] : entries_) {
      if (each.job.state == JobState::waiting) {
        next = id;
        break;
      }
    }
    if (next == 0) {
      changed_.wait(lock);
      continue;
    }
    active_ = next;
    active_stop_ = std::stop_source();
    Entry& each = entries_.at(next);
    each.job.state = JobState::active;
    each.job.progress = {};
    each.job.rate = 0;
    if (each.job.started_ms == 0) each.job.started_ms = now_ms();
    part_ms_ = 0;
    tell(each.job);
    lock.unlock();
    work_on(next, active_stop_.get_token());
    lock.lock();
  }
}

void Jobs::work_on(std::uint64_t id, const std::stop_token& token) {
  JobWork work;
  {
    const std::lock_guard lock(mutex_);
    work = entries_.at(id).work;
  }
  Watcher watcher;
  watcher.stop = token;
  watcher.report = [this, id](const Progress& progress) { report(id, progress); };
  watcher.begin = [this, id](std::string_view what) {
    const std::lock_guard lock(mutex_);
    entries_.at(id).job.what = what;
    part_ms_ = 0;
  };
  try {
    end(id, JobState::done, "", work(watcher));
  } catch (const Error& error) {
    const bool stopped = error.code() == ErrorCode::interrupted;
    end(id, stopped ? JobState::paused : JobState::failed, stopped ? "" : sentence_of(error), {});
  } catch (const std::exception& error) {
    end(id, JobState::failed, error.what(), {});
  }
}

void Jobs::end(std::uint64_t id, JobState state, const std::string& error, json::object result) {
  Job job;
  {
    const std::lock_guard lock(mutex_);
    Entry& each = entries_.at(id);
    if (state == JobState::paused && each.wish != JobState::active) state = each.wish;
    each.wish = JobState::active;
    active_ = 0;
    each.job.state = state;
    each.job.error = error;
    each.job.result = std::move(result);
    const bool goes_on = state == JobState::paused || state == JobState::waiting;
    each.job.ended_ms = 0;
    if (!goes_on) ended(each, state);
    job = each.job;
    tell(job);
  }
  changed_.notify_all();
  if (job.state == JobState::failed && failed_) failed_(job);
}

void Jobs::ended(Entry& each, JobState state) {
  each.job.state = state;
  each.job.ended_ms = now_ms();
  if (state == JobState::done) each.work = nullptr;
  ended_.push_back(each.job.id);
  if (ended_.size() <= kMostEnded) return;
  entries_.erase(ended_.front());
  ended_.pop_front();
}

bool Jobs::idle_by(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, until, [this] { return active_ == 0; });
}

void Jobs::report(std::uint64_t id, const Progress& progress) {
  const std::lock_guard lock(mutex_);
  Job& job = entries_.at(id).job;
  const std::int64_t now = now_ms();
  if (part_ms_ == 0 || progress.done < job.progress.done) {
    part_ms_ = now;
    part_done_ = progress.done;
  }
  job.progress = progress;
  if (now > part_ms_) {
    job.rate = 1000 * static_cast<double>(progress.done - part_done_) /
               static_cast<double>(now - part_ms_);
  }
  if (now - told_ms_ < kTellMs) return;
  told_ms_ = now;
  tell(job);
}

void Jobs::tell(const Job& job) {
  std::string line = print_json_line(to_json(job));
  line.pop_back();
  events_.tell("job", line);
}

}  // namespace alike::serve
