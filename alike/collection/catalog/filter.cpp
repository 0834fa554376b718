#include "alike/collection/catalog/filter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {
namespace {

constexpr int kMaxDepth = 50;
// SQLite takes expressions 1000 deep (each 'and' and 'or' is a step) and patterns of 50,000 bytes.
constexpr std::size_t kMaxValues = 900;
constexpr std::size_t kMaxPattern = 10'000;

enum class Kind { number, text, date };

struct Field {
  std::string_view name;
  Kind kind;
  std::string_view column;
  std::int64_t per_second = 0;  ///< Units of a date column.
};

constexpr auto kFields = std::to_array<Field>({
    {"id", Kind::number, "id"},
    {"path", Kind::text, "composed(path)"},
    {"label", Kind::text, "composed(label)"},
    {"width", Kind::number, "width"},
    {"height", Kind::number, "height"},
    {"size", Kind::number, "size"},
    {"added", Kind::date, "added_ms", 1'000},
    {"modified", Kind::date, "modified_ns", 1'000'000'000},
});

struct Token {
  enum class Kind { word, number, text, symbol, end };
  Kind kind = Kind::end;
  std::string text;
  std::size_t position = 0;  ///< Bytes before it.
};

bool is_letter(char letter) { return std::isalpha(static_cast<unsigned char>(letter)) != 0; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return text;
}

[[noreturn]] void refuse(std::size_t position, const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument,
              "--where, character " + std::to_string(position + 1) + ": " + sentence);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    const std::size_t start = at_;
    if (at_ == text_.size()) return {Token::Kind::end, "the end", start};
    const char first = text_[at_];
    if (first == '"' || first == '\'') return quoted(first);
    if (is_letter(first)) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || text_[at_] == '_')) ++at_;
      return {Token::Kind::word, std::string(text_.substr(start, at_ - start)), start};
    }
    if (is_digit(first) || first == '-' || first == '+') {
      ++at_;
      while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
      return {Token::Kind::number, std::string(text_.substr(start, at_ - start)), start};
    }
    for (const std::string_view symbol : {"==", "!=", "<=", ">=", "<", ">", "=", "(", ")", ","}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return {Token::Kind::symbol, std::string(symbol), start};
    }
    refuse(start, "'" + valid_utf8(text_.substr(start, 1)) +
                      "' has no meaning here; texts stand in quotation marks");
  }

 private:
  /// A doubled quotation mark stands for one.
  Token quoted(char mark) {
    const std::size_t start = at_++;
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == mark) {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != mark) {
          ++at_;
          return {Token::Kind::text, value, start};
        }
        ++at_;
      }
      value += text_[at_];
    }
    refuse(start, "the text that begins here has no closing " + std::string(1, mark));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Seconds since 1970, UTC, of "2026-01-31", "2026-01-31 12:30" or "2026-01-31T12:30:59".
std::optional<std::int64_t> seconds(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  char between = ' ';
  int used = 0;
  // NOLINTNEXTLINE(cert-err34-c): numbers of four digits at most
  const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%n%c%2d:%2d%n:%2d%n", &year, &month, &day,
                               &used, &between, &hour, &minute, &used, &second, &used);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  const bool whole = read == 3 || ((read == 6 || read == 7) && (between == ' ' || between == 'T'));
  if (!whole || static_cast<std::size_t>(used) != text.size() || !date.ok() || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::seconds(days).count() + hour * 3600 + minute * 60 + second;
}

/// Recursive descent: or → and → not → parentheses or a comparison.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

  Filter parse() {
    either();
    if (token_.kind != Token::Kind::end) unexpected("'and', 'or' or the end");
    return std::move(filter_);
  }

 private:
  void either() {
    filter_.sql += '(';
    both();
    while (accept_word("or")) {
      filter_.sql += " OR ";
      both();
    }
    filter_.sql += ')';
  }

  void both() {
    condition();
    while (accept_word("and")) {
      filter_.sql += " AND ";
      condition();
    }
  }

  void condition() {
    if (++depth_ > kMaxDepth)
      refuse(token_.position, "more than 50 parentheses or 'not' in each other");
    if (accept_word("not")) {
      filter_.sql += "NOT ";
      condition();
    } else if (accept_symbol("(")) {
      either();
      if (!accept_symbol(")")) unexpected("')', 'and' or 'or'");
    } else {
      comparison();
    }
    --depth_;
  }

  void comparison() {
    const Field& field = this->field();
    const std::size_t position = token_.position;
    if (accept_word("not")) {
      if (!is_word("in") && !is_word("like")) unexpected("'in' or 'like'");
      filter_.sql += "NOT ";
    }
    if (accept_word("in")) return list(field);
    if (accept_word("like")) {
      if (field.kind != Kind::text) refuse(position, "'like' is for path and label");
      if (token_.kind != Token::Kind::text) unexpected("a text such as \"2019/%\"");
      if (token_.text.size() > kMaxPattern) refuse(token_.position, "the pattern is too long");
      return value(field, std::string(field.column) + " LIKE ?");
    }
    for (const char* symbol : {"=", "==", "!=", "<=", ">=", "<", ">"}) {
      if (accept_symbol(symbol)) return compare(field, symbol);
    }
    unexpected("one of = == != < <= > >= like in");
  }

  void compare(const Field& field, const std::string& symbol) {
    if (field.name == "label" && (symbol == "=" || symbol == "!=")) {
      if (symbol == "!=") filter_.sql += "NOT ";
      return label();
    }
    value(field, std::string(field.column) + " " + symbol + " ?");
  }

  /// The label itself and those of the folders below it.
  void label() {
    if (token_.kind != Token::Kind::text) unexpected("a text such as \"animals\"");
    const std::string column(find("label")->column);
    filter_.sql += "(" + column + " = ? OR substr(" + column + ", 1, ?) = ?)";
    const std::string text = composed(token_.text);
    const std::string below = text + "/";
    std::int64_t letters = 0;  // SQLite counts characters, not bytes
    for (const char byte : below) letters += (byte & '\xc0') != '\x80' ? 1 : 0;
    keep(text);
    keep(letters);
    keep(below);
    advance();
  }

  void list(const Field& field) {
    if (!accept_symbol("(")) unexpected("'('");
    filter_.sql += '(';
    for (bool first = true; first || accept_symbol(","); first = false) {
      if (!first) filter_.sql += " OR ";
      compare(field, "=");
    }
    if (!accept_symbol(")")) unexpected("',' or ')'");
    filter_.sql += ')';
  }

  /// Appends `sql`, which has one '?', and the token as its value.
  void value(const Field& field, const std::string& sql) {
    filter_.sql += sql;
    if (field.kind == Kind::number) {
      if (token_.kind != Token::Kind::number) unexpected("a number");
      number();
    } else if (token_.kind != Token::Kind::text) {
      unexpected(field.kind == Kind::date ? "a date such as \"2026-01-31\""
                                          : "a text in quotation marks");
    } else if (field.kind == Kind::date) {
      const auto time = seconds(token_.text);
      if (!time) unexpected("a date such as \"2026-01-31\" or \"2026-01-31 12:30\"");
      const std::int64_t most = std::numeric_limits<std::int64_t>::max() / field.per_second;
      keep(std::clamp(*time, -most, most) * field.per_second);
    } else {
      keep(composed(token_.text));
    }
    advance();
  }

  void number() {
    const char* const begin = token_.text.data() + (token_.text[0] == '+' ? 1 : 0);
    const char* const end = token_.text.data() + token_.text.size();
    std::int64_t whole = 0;
    if (const auto [at, error] = std::from_chars(begin, end, whole);
        error == std::errc() && at == end) {
      return keep(whole);
    }
    double real = 0;
    const auto [at, error] = std::from_chars(begin, end, real);
    if (error != std::errc() || at != end) unexpected("a number");
    keep(real);
  }

  const Field& field() {
    std::vector<std::string> names(kFields.size());
    std::ranges::transform(kFields, names.begin(), [](const auto& each) { return each.name; });
    if (token_.kind != Token::Kind::word) unexpected("a field (" + joined(names) + ")");
    const Field* const found = find(lower(token_.text));
    if (found == nullptr) {
      refuse(token_.position,
             "there is no field '" + token_.text + "'" + suggestion(token_.text, names));
    }
    advance();
    return *found;
  }

  static const Field* find(std::string_view name) {
    const auto* found = std::ranges::find(kFields, name, &Field::name);
    return found == kFields.end() ? nullptr : found;
  }

  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  template <class T>
  void keep(T&& value) {
    if (filter_.values.size() >= kMaxValues) refuse(token_.position, "more than 900 values");
    filter_.values.emplace_back(std::forward<T>(value));
  }

  bool is_word(const char* word) const {
    return token_.kind == Token::Kind::word && lower(token_.text) == word;
  }
  bool accept_word(const char* word) {
    if (!is_word(word)) return false;
    advance();
    return true;
  }
  bool accept_symbol(const char* symbol) {
    if (token_.kind != Token::Kind::symbol || token_.text != symbol) return false;
    advance();
    return true;
  }
  void advance() { token_ = lexer_.next(); }

  [[noreturn]] void unexpected(const std::string& wanted) const {
    const bool end = token_.kind == Token::Kind::end;
    refuse(token_.position,
           (end ? "the expression ends here" : "'" + valid_utf8(token_.text) + "' stands here") +
               "; expected: " + wanted);
  }

  Lexer lexer_;
  Token token_;
  Filter filter_;
  int depth_ = 0;
};

}  // namespace

Filter parse_filter(std::string_view expression) { return Parser(expression).parse(); }

}  // namespace alike::collection
