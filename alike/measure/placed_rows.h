// Rows placed so that their squared distances are those that a metric compares.
#pragma once

#include "alike/base/matrix.h"

namespace alike::measure {

/// The rows (n, width) scaled to length 1 in double; a row of zeros stays.
Matrix unit_rows(MatrixView rows);

/// The rows (n, width) less their mean, which is taken in double: distances stay, and far from zero
/// they no longer cancel.
Matrix centered_rows(MatrixView rows);

}  // namespace alike::measure
