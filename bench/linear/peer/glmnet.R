# Solves a case again and again, as solve.py does: Rscript glmnet.R FOLDER
suppressMessages(library(glmnet))
folder <- commandArgs(TRUE)[1]
case <- jsonlite::fromJSON(file.path(folder, "case.json"))
n <- case$rows; p <- case$features
numbers <- function(name, count) readBin(file.path(folder, name), "double", count, endian = "little")
y <- numbers("y", n); lambdas <- numbers("lambdas", 100)
if (case$density < 1) {
  whole <- function(name, count) {
    low <- readBin(file.path(folder, name), "integer", 2 * count, endian = "little")
    low[seq(1, 2 * count, 2)]
  }
  starts <- whole("starts", p + 1); entries <- starts[p + 1]
  x <- new("dgCMatrix", i = whole("rows", entries), p = starts, x = numbers("x", entries), Dim = c(n, p))
} else x <- matrix(numbers("x", n * p), n, p)
glmnet.control(fdev = 0, devmax = 1)
cat("\"ready\"\n"); flush(stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  start <- proc.time()
  fit <- glmnet(x, y, if (case$family == "logistic") "binomial" else "gaussian", alpha = case$ratio,
                lambda = lambdas, standardize = FALSE, thresh = as.numeric(line), maxit = 1e8,
                type.gaussian = if (p < 500) "covariance" else "naive")
  took <- sum((proc.time() - start)[1:2])
  out <- file(file.path(folder, "glmnet.answer"), "wb")
  writeBin(as.vector(as.matrix(rbind(fit$a0, fit$beta))), out, endian = "little"); close(out)
  cat(took, "\n"); flush(stdout())
}
