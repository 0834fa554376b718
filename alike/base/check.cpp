#include "alike/base/check.h"

#include "alike/base/error.h"

namespace alike {
namespace {

std::string given_for(std::size_t count, const std::string& things, std::size_t rows) {
  return std::to_string(count) + " " + things + " are given for " + std::to_string(rows) +
         " rows; give one for each";
}

}  // namespace

void require(bool holds, const std::string& sentence) {
  if (!holds) throw Error(ErrorCode::invalid_argument, sentence);
}

void require_for_each_row(std::size_t count, const std::string& things, std::size_t rows) {
  if (count != rows) require(false, given_for(count, things, rows));
}

void require_for_each_row_or_none(std::size_t count, const std::string& things, std::size_t rows) {
  if (count != 0 && count != rows) require(false, given_for(count, things, rows) + ", or none");
}

}  // namespace alike
