// An untrusted file of the ConvNet Playground: any accepted one can be written and read again.
#include <cmath>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/judge/playground_files.h"
#include "fuzz/support.h"

using namespace alike;

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {R"({"0": [["0", "1.0"], ["1", "0.524"]], "1": [["1", "1.0"]]})",
               R"([{"x":-0.94,"y":-6.9,"class":"6"}])", R"({"block1_conv1": [12.5, 100, 0]})",
               R"({"a": {"b": {"cosine": {"block1_conv1": [12.5]}}}})",
               R"({"dictionary": {"a": {"0": "x", "1": "y"}}, "classlist": {"a": ["x", "y"]}})"});
  return 0;
}

namespace {

/// Reads, writes and reads again; the second text must be the first.
template <class Read>
void try_kind(std::string_view text, const Read& read) {
  std::string written;
  try {
    written = judge::text_of(read(text, "the file"));
  } catch (const Error&) {
    return;
  }
  if (judge::text_of(read(written, "the copy")) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_from(data, size);
  try_kind(text, judge::playground_similarity_from);
  try_kind(text, judge::playground_points_from);
  try_kind(text, judge::playground_scores_from);
  try_kind(text, judge::playground_model_scores_from);
  try_kind(text, judge::playground_datasets_from);
  return 0;
}
