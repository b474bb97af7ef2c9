# Solves a case again and again, as solve.py does: Rscript glmnet.R FOLDER
suppressMessages(library(glmnet))
folder <- commandArgs(TRUE)[1]
case <- jsonlite::fromJSON(file.path(folder, "case.json"))
n <- case$rows; p <- case$features
numbers <- function(name, count) readBin(file.path(folder, name), "double", count, endian = "little")
whole <- function(name, count) {
  low <- readBin(file.path(folder, name), "integer", 2 * count, endian = "little")
  low[seq(1, 2 * count, 2)]
}
y <- numbers("y", n); lambdas <- numbers("lambdas", 100); folds <- whole("folds", n) + 1L
if (case$density < 1) {
  starts <- whole("starts", p + 1); entries <- starts[p + 1]
  x <- new("dgCMatrix", i = whole("rows", entries), p = starts, x = numbers("x", entries), Dim = c(n, p))
} else x <- matrix(numbers("x", n * p), n, p)
glmnet.control(fdev = 0, devmax = 1)
solve_case <- function(tolerance) {
  options <- list(x, y, family = if (case$family == "logistic") "binomial" else "gaussian",
                  alpha = case$ratio, lambda = lambdas, standardize = FALSE, thresh = tolerance,
                  maxit = 1e8, type.gaussian = if (p < 500) "covariance" else "naive")
  if (case$task == "folds") return(do.call(cv.glmnet, c(options, list(foldid = folds)))$cvm)
  do.call(glmnet, options)
}
cat("\"ready\"\n"); flush(stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  start <- proc.time()
  fit <- solve_case(as.numeric(line))
  took <- sum((proc.time() - start)[1:2])
  out <- file(file.path(folder, "glmnet.answer"), "wb")
  answer <- if (case$task == "folds") fit else as.vector(as.matrix(rbind(fit$a0, fit$beta)))
  writeBin(answer, out, endian = "little"); close(out)
  cat(took, "\n"); flush(stdout())
}
