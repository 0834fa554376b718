# uwot with umap-learn's defaults and given neighbours.
#
#   Rscript uwot.R ROWS PLACES DISTANCES THREADS OUT
#
# ROWS is their number; PLACES (from 1, the row itself first) are int32 and DISTANCES float64, both
# (rows, 15) and raw, as is OUT, (rows, 2) float64. Prints JSON.
suppressMessages(library(uwot))
asked <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(asked[1])
table_of <- function(name, what, size) {
  matrix(readBin(name, what, rows * 15, size = size), ncol = 15, byrow = TRUE)
}
given <- list(idx = table_of(asked[2], "integer", 4), dist = table_of(asked[3], "double", 8))
threads <- as.integer(asked[4])
set.seed(42)
took <- system.time(map <- umap(NULL, nn_method = given, min_dist = 0.1, n_epochs = 200,
                                n_threads = threads, n_sgd_threads = threads))
writeBin(as.vector(t(map)), asked[5])
cat(sprintf('{"s": %.3f, "cpu_s": %.3f}\n', took[["elapsed"]], took[["user.self"]] + took[["sys.self"]]))
