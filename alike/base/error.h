// The one exception type of alike.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alike {

/// The kind of error. Callers branch on this; people read `what()`.
enum class ErrorCode {
  invalid_argument,  ///< A value is outside its range, or values do not fit together.
  not_found,         ///< A named thing (item, space, encoder, file) is not there.
  io,                ///< The operating system refused: permission, a broken disk, network.
  no_space,          ///< The disk or the quota is full.
  corrupt,           ///< Bytes on disk or from outside are damaged or of another kind than stated.
  unsupported,       ///< Valid, but not something this build or this format version handles.
  busy,              ///< Another process holds a needed resource, such as the writer lock.
  interrupted,       ///< The caller asked to stop.
};

/// The stable lower-case name used in JSON and HTTP, such as "not_found".
std::string_view name_of(ErrorCode code) noexcept;

/// A command that helps, as data: the command line prints it as it can be typed, the page says or
/// does the same in its own way.
struct Remedy {
  std::string verb;                    ///< Of the program, such as "repair".
  std::vector<std::string> arguments;  ///< Such as "--space" and its name.
  std::string purpose;                 ///< The purpose: "to mend what can be mended".

  friend bool operator==(const Remedy&, const Remedy&) = default;
};

/// 'repair', for damage of a collection.
Remedy repair_remedy();

/// Thrown for everything that ends the work. The sentence names the fault, the value, and the way
/// out, unless a remedy does: "GraphOptions.degree is 1; it must be at least 2".
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& sentence, std::optional<Remedy> remedy = std::nullopt)
      : std::runtime_error(sentence), code_(code), remedy_(std::move(remedy)) {}

  ErrorCode code() const noexcept { return code_; }
  const std::optional<Remedy>& remedy() const noexcept { return remedy_; }

 private:
  ErrorCode code_;
  std::optional<Remedy> remedy_;
};

/// Throws `io` (`not_found` for ENOENT, `no_space` for a full disk) with `what`, the path and the
/// system's own words for `error_number`; a full disk is named as such.
[[noreturn]] void throw_system_error(std::string_view what, std::string_view path,
                                     int error_number);

}  // namespace alike
