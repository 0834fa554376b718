#include "alike/measure/factors/disentanglement.h"

#include <gtest/gtest.h>

#include <limits>
#include <stop_token>
#include <string>

#include "alike/base/error.h"
#include "tests/support/made_codes.h"

namespace alike::measure {
namespace {

using test::codes_of;
using test::factor_table;

DisentanglementOptions small_votes() {
  DisentanglementOptions options;
  options.batch = 16;
  options.train_votes = 600;
  options.test_votes = 300;
  return options;
}

struct Expected {
  const char* kind;
  double disentanglement, completeness, informativeness, mig, sap, factor_vae, beta_vae;
};

/// Printed by tests/measure/factors/reference_factors.py.
constexpr Expected kExpected[]{{"perfect", 0.999999999, 0.999999999, 1.000000000, 0.995253490,
                                0.289166667, 1.000000000, 1.000000000},
                               {"permuted", 0.999999999, 0.999999999, 1.000000000, 0.995253490,
                                0.345000000, 1.000000000, 1.000000000},
                               {"rotated", 0.000901279, 0.000978495, 0.987500000, 0.011692137,
                                0.018333333, 0.303333333, 0.326666667},
                               {"blurred", 0.711150161, 0.700572336, 0.765833333, 0.688274650,
                                0.292500000, 1.000000000, 1.000000000},
                               {"continuous", 0.655887741, 0.660247383, 0.716666667, 0.673458902,
                                0.300833333, 1.000000000, 0.996666667},
                               {"noise", 0.003652771, 0.003904290, 0.326666667, 0.001352291,
                                0.010000000, 0.266666667, 0.303333333}};

TEST(Disentanglement, is_that_of_the_published_definitions) {
  const FactorTable factors = factor_table();
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.kind);
    const auto result = disentanglement(codes_of(expected.kind, factors), factors, small_votes());
    EXPECT_NEAR(result.mig, expected.mig, 1e-6);
    EXPECT_NEAR(result.sap, expected.sap, 1e-6);
    EXPECT_NEAR(result.factor_vae, expected.factor_vae, 1e-6);
    EXPECT_NEAR(result.beta_vae, expected.beta_vae, 1e-6);
    // Which of equally good splits is taken is random there and moves these by 0.001 and 0.007.
    EXPECT_NEAR(result.dci.disentanglement, expected.disentanglement, 0.004);
    EXPECT_NEAR(result.dci.completeness, expected.completeness, 0.004);
    EXPECT_NEAR(result.dci.informativeness.value, expected.informativeness, 0.01);
  }
}

TEST(Disentanglement, of_perfect_codes_is_whole_in_any_order) {
  const FactorTable factors = factor_table();
  const Matrix codes = codes_of("perfect", factors);
  Matrix turned(codes.rows(), 4);  // the dims in another order, two of them mirrored
  for (std::size_t i = 0; i < codes.rows(); ++i) {
    const auto row = codes.row(i);
    turned.row(i)[0] = row[2];
    turned.row(i)[1] = -row[0];
    turned.row(i)[2] = row[3];
    turned.row(i)[3] = 1 - row[1];
  }
  const auto options = small_votes();
  const Dci one = dci(codes, factors, options), other = dci(turned, factors, options);
  EXPECT_NEAR(one.disentanglement, 1, 1e-8);
  EXPECT_NEAR(one.completeness, 1, 1e-8);
  EXPECT_EQ(one.informativeness.value, 1);
  EXPECT_NEAR(other.disentanglement, one.disentanglement, 1e-9);
  EXPECT_NEAR(other.completeness, one.completeness, 1e-9);
  EXPECT_NEAR(one.importance[1 * 4 + 1], 1, 1e-12);
  EXPECT_NEAR(other.importance[3 * 4 + 1], 1, 1e-12);
  EXPECT_GT(mutual_information_gap(codes, factors), 0.99);
  EXPECT_NEAR(mutual_information_gap(turned, factors), mutual_information_gap(codes, factors),
              1e-9);
  EXPECT_EQ(factor_vae_score(turned, factors, options), 1);
  EXPECT_EQ(beta_vae_score(turned, factors, options), 1);
}

TEST(Disentanglement, of_entangled_codes_tells_factors_apart_and_dims_not) {
  const FactorTable factors = factor_table();
  const auto result = disentanglement(codes_of("rotated", factors), factors, small_votes());
  EXPECT_GT(result.dci.informativeness.value, 0.95);  // all is there
  EXPECT_LT(result.dci.disentanglement, 0.01);        // but nowhere alone
  EXPECT_LT(result.mig, 0.02);
  EXPECT_LT(result.sap, 0.05);
}

TEST(Disentanglement, does_not_depend_on_threads) {
  const FactorTable factors = factor_table();
  const Matrix codes = codes_of("blurred", factors);
  auto options = small_votes();
  options.trees = 10;
  const auto one = disentanglement(codes, factors, options).measures();
  options.threads = 3;
  const auto three = disentanglement(codes, factors, options).measures();
  ASSERT_EQ(one.size(), 7U);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].name, three[i].name);
    EXPECT_EQ(one[i].value, three[i].value) << one[i].name;
    EXPECT_EQ(one[i].values, three[i].values);
    EXPECT_GE(one[i].value, 0);
    EXPECT_LE(one[i].value, 1);
  }
  EXPECT_EQ(one[2].rows.size(), 300U);
}

TEST(Disentanglement, leaves_out_what_is_constant_and_says_so) {
  FactorTable factors = factor_table();
  const Matrix perfect = codes_of("perfect", factors);
  factors.names.insert(factors.names.begin() + 1, "still");
  std::vector<int> values;
  for (std::size_t i = 0; i < perfect.rows(); ++i) {
    for (std::size_t f = 0; f < 4; ++f) {
      values.push_back(factors.values[i * 4 + f]);
      if (f == 0) values.push_back(7);
    }
  }
  factors.values = values;
  Matrix codes(perfect.rows(), 5);
  for (std::size_t i = 0; i < codes.rows(); ++i) {
    codes.row(i)[0] = 3;
    std::ranges::copy(perfect.row(i), codes.row(i).begin() + 1);
  }
  const auto result = disentanglement(codes, factors, small_votes());
  EXPECT_EQ(result.constant_factors, std::vector<std::string>{"still"});
  EXPECT_EQ(result.factors, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(result.constant_dims, 1U);
  EXPECT_NEAR(result.dci.disentanglement, 1, 1e-8);
  EXPECT_GT(result.mig, 0.99);
  EXPECT_EQ(result.factor_vae, 1);
}

/// Is it refused, with a sentence that has `part` in it?
void expect_refused(const Matrix& codes, const FactorTable& factors, const std::string& part,
                    const DisentanglementOptions& options = {}) {
  try {
    disentanglement(codes, factors, options);
    ADD_FAILURE() << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Disentanglement, refuses_what_cannot_be_judged) {
  const FactorTable factors = factor_table();
  Matrix codes = codes_of("perfect", factors);
  expect_refused(codes, {}, "0 factors");
  expect_refused(codes, {{"a"}, std::vector<int>(900)}, "0 factors");
  FactorTable others = factors;
  others.values.resize(4 * 899);
  expect_refused(codes, others, "899 rows");
  others = factors;
  others.values[4 * 17 + 2] = -1;
  expect_refused(codes, others, "row 17");
  others.values[4 * 17 + 2] = 9;
  expect_refused(codes, others, "value 9 of factor 'c' has one row only");
  expect_refused(Matrix(900, 4), factors, "are the same");
  expect_refused(Matrix(900, 1), factors, "rows of 1 numbers");
  expect_refused(Matrix(2, 4), {{"a", "b"}, {0, 1, 1, 0}}, "more rows than factors");
  codes.row(5)[2] = std::numeric_limits<float>::quiet_NaN();
  expect_refused(codes, factors, "row 5 of the codes");
  codes.row(5)[2] = 0;
  for (const DisentanglementOptions& options : std::vector<DisentanglementOptions>{
           {.test_share = 1}, {.trees = 0}, {.bins = 1}, {.batch = 1}, {.test_votes = 0}}) {
    expect_refused(codes, factors, "", options);
  }
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(disentanglement(codes, factors, small_votes(), {{}, source.get_token()}), Error);
}

}  // namespace
}  // namespace alike::measure
