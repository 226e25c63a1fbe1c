# Indicators of clusters and relatedness of industries by R's own functions, from the CSV files that
# indicators_r.py puts into FOLDER: firms.csv (id, industry, region, employees, label, group), links.csv
# (supplier, buyer: each pair once, no self-trade), main.csv (label, group).
#
# usage: Rscript indicators.R FOLDER      writes clusters_r.csv and relatedness_r.csv there
setwd(commandArgs(trailingOnly = TRUE)[1])
text <- c(id = "character", industry = "character", region = "character", group = "character",
          supplier = "character", buyer = "character")
read <- function(file) {
  header <- names(read.csv(file, nrows = 1))
  read.csv(file, colClasses = ifelse(header %in% names(text), "character", "numeric"),
           na.strings = NULL, encoding = "UTF-8")
}
firms <- read("firms.csv")
links <- read("links.csv")
main <- read("main.csv")
label <- setNames(firms$label, firms$id)

bits <- function(size) {
  p <- size[size > 0] / sum(size)
  -sum(p * log2(p))
}

industries <- function(weight, suffix) {
  size <- tapply(weight, list(firms$label, firms$group), sum, default = 0)
  share <- prop.table(size, 1)
  quotient <- sweep(share, 2, colSums(size) / sum(size), "/")
  division <- substr(firms$industry, 1, 3)
  one <- function(row) {
    own <- firms$label == main$label[row]
    at <- as.character(main$label[row])
    inside <- split(weight[own], division[own])
    classes <- tapply(weight[own], firms$industry[own], sum)
    part <- sapply(inside, sum) / sum(weight[own])
    within <- mapply(function(d) bits(classes[substr(names(classes), 1, 3) == d]), names(inside))
    c(quotient[at, main$group[row]], sum(share[at, ] * quotient[at, ]), max(quotient[at, ]),
      sum(part * within), bits(sapply(inside, sum)), bits(classes))
  }
  found <- t(sapply(seq_len(nrow(main)), one))
  colnames(found) <- paste0(c("lq_main", "lq_mean", "lq_largest", "related_variety",
                              "unrelated_variety", "entropy"), "_", suffix)
  found
}

# Each pair of partners in both directions.
partners <- unique(data.frame(a = c(links$supplier, links$buyer), b = c(links$buyer, links$supplier)))
degree <- table(factor(partners$a, levels = firms$id))

slope <- function(y, x) unname(coef(lm(y ~ x))[2])

inside <- function(cluster) {
  own <- partners[label[partners$a] == cluster & label[partners$b] == cluster, ]
  k <- table(own$a)
  if (length(k) < 2) return(rep(NA, 6))
  size <- sort(as.numeric(k), decreasing = TRUE)
  ordinal <- log(seq_along(size))
  ties <- log(rank(-size, ties.method = "average"))
  mean_degree <- tapply(k[own$b], own$a, mean)[names(k)]
  varies <- length(unique(size)) > 1
  when <- function(value) if (varies) value else NA
  c(if (varies) -slope(log(size), ordinal) else 0,
    when(summary(lm(log(size) ~ ordinal))$r.squared),
    if (varies) -slope(log(size), ties) else 0,
    when(slope(as.numeric(mean_degree), as.numeric(k))),
    when(suppressWarnings(cor(as.numeric(k), as.numeric(mean_degree)))),
    when(cor(as.numeric(k[own$a]), as.numeric(k[own$b]))))
}

share_in <- function(cluster) {
  own <- names(which(label == cluster & degree[names(label)] > 0))
  from <- partners[partners$a %in% own, ]
  mean(tapply(label[from$b] == cluster, from$a, mean))
}

structure <- t(sapply(main$label, inside))
colnames(structure) <- c("hierarchy", "hierarchy_r_squared", "hierarchy_average_ties",
                         "assortativity_slope", "assortativity_pearson", "assortativity_newman")
clusters <- data.frame(label = main$label, industries(rep(1, nrow(firms)), "firms"),
                       industries(firms$employees, "employees"), structure,
                       share_in = sapply(main$label, share_in))

# Relatedness of industries (rows) over regions (columns).
employees <- tapply(firms$employees, list(firms$industry, firms$region), sum, default = 0)
share <- prop.table(employees, 1)
away <- sweep(share, 2, colMeans(share))
industry <- setNames(firms$industry, firms$id)
codes <- rownames(employees)
flows <- unclass(table(factor(industry[links$supplier], codes), factor(industry[links$buyer], codes)))
sold <- prop.table(flows, 1)
bought <- prop.table(flows, 2)
sold[is.nan(sold)] <- 0
bought[is.nan(bought)] <- 0
matrices <- list("LC-Emp" = cor(t(employees)),
                 "LC-Est" = cor(t(unclass(table(firms$industry, firms$region)))),
                 "COI" = tcrossprod(away) / (1 - sum(colMeans(share)^2)),
                 "IO" = pmax(sold, t(sold), bought, t(bought)))
pairs <- which(upper.tri(matrices$COI), arr.ind = TRUE)
relatedness <- data.frame(industry_a = codes[pairs[, 1]], industry_b = codes[pairs[, 2]],
                          sapply(matrices, function(m) m[pairs]), check.names = FALSE)

exact <- function(frame) {
  whole <- sapply(frame, is.numeric)
  frame[whole] <- lapply(frame[whole], function(x) ifelse(is.na(x), "", sprintf("%.17g", x)))
  frame
}
write.csv(exact(clusters), "clusters_r.csv", row.names = FALSE, quote = FALSE)
write.csv(exact(relatedness), "relatedness_r.csv", row.names = FALSE, quote = FALSE)
