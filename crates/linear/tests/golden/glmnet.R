# Writes glmnet.json: glmnet's solutions of problems.json, for tests/exact.rs.
#
# Run: Rscript glmnet.R   (glmnet and jsonlite; the versions are written into the file)
#
# `cargo xtask golden` runs Python alone, so this one is run by hand when problems.json changes.
# glmnet rescales penalty factors to a mean of 1, which its λ undoes here.

suppressMessages({library(glmnet); library(jsonlite)})
glmnet.control(fdev = 0, devmax = 1, mxit = 1e8)
problems <- fromJSON("problems.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)
families <- c(gaussian = "gaussian", logistic = "binomial", poisson = "poisson",
              multinomial = "multinomial", multitask = "mgaussian")

solve_case <- function(case) {
  data <- problems$data[[case$data]]
  x <- data$x; y <- data$y; p <- ncol(x)
  weights <- if (is.null(data$weights)) rep(1, nrow(x)) else data$weights
  factors <- if (is.null(case$factors)) rep(1, p) else case$factors
  lower <- rep(-Inf, p); upper <- rep(Inf, p)
  if (!is.null(case$bounds)) {
    lower <- ifelse(case$bounds[, 1] < -1e20, -Inf, case$bounds[, 1])
    upper <- ifelse(case$bounds[, 2] > 1e20, Inf, case$bounds[, 2])
  }
  matrix <- if (grepl("sparse", case$data)) as(x, "dgCMatrix") else x
  shared <- list(x = matrix, y = y, family = families[[case$family]], weights = weights,
                 alpha = case$ratio,
                 penalty.factor = factors, intercept = case$intercept,
                 standardize = case$standardize, maxit = 3e6)
  if (case$family != "multitask") {
    shared$lower.limits <- lower; shared$upper.limits <- upper
  }
  if (case$family == "gaussian") shared$type.gaussian <- "naive"
  if (case$family == "multitask") shared$standardize.response <- FALSE
  lapply(case$lambdas, function(lambda) {
    # The tightest threshold that rounding lets it reach.
    for (threshold in 10^-(20:12)) {
      more <- list(lambda = lambda * mean(factors), thresh = threshold)
      fit <- tryCatch(suppressWarnings(do.call(glmnet, c(shared, more))), error = function(e) NULL)
      if (!is.null(fit) && length(fit$lambda) == 1 && fit$jerr == 0) break
    }
    if (is.list(fit$beta)) {
      coefficients <- t(sapply(fit$beta, function(b) as.numeric(b[, 1])))
      list(intercepts = as.numeric(fit$a0), coefficients = coefficients)
    } else {
      list(intercepts = array(as.numeric(fit$a0)), coefficients = t(as.numeric(fit$beta)))
    }
  })
}

fits <- lapply(problems$cases, solve_case)
names(fits) <- sapply(problems$cases, function(case) case$name)
versions <- list(R = paste(R.version$major, R.version$minor, sep = "."),
                 glmnet = as.character(packageVersion("glmnet")))
writeLines(toJSON(list(versions = versions, fits = fits), digits = NA, auto_unbox = TRUE), "glmnet.json")
