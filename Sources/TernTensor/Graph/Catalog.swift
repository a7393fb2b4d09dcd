/// Every primitive, for what iterates over them: tests, help, documentation.
package enum Catalog {
  package static let all: [Primitive] = [
    .negate, .abs, .sign, .square, .reciprocal, .sqrt, .rsqrt, .exp, .expm1, .log, .log1p, .sin, .cos, .tan, .asin, .acos, .atan, .sinh,
    .cosh, .tanh, .sigmoid, .softplus, .relu, .gelu, .erf, .floor, .ceil, .round, .isNaN, .isFinite, .not,
    .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power, .maximum, .minimum, .atan2, .reluGradient, .tanhGradient,
    .sigmoidGradient, .geluGradient, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .and, .or, .xor, .choose, .cast,
    .sum, .product, .largest, .smallest, .any, .all, .argmax, .argmin, .cumsum, .softmax, .logSoftmax, .logSumExp, .softmaxGradient, .logSoftmaxGradient, .standardRows, .standardRowsGradient,
    .reshape, .transpose, .broadcast, .concat, .slice, .sliceUpdate, .embed, .take, .pick, .unpick, .scatterAdd, .scatterSet, .argsort, .matmul,
    .convolve, .convolveInput, .convolveFilter, .poolMax, .poolMaxGradient, .poolMaxPick, .poolMean, .poolMeanGradient,
    .settle, .lastOfEquals, .foldKey, .draw,
    .solve, .solveTriangle, .leastSquares, .cholesky, .qr, .svd, .eigh, .det, .logDet, .cofactors,
  ]

  package static let differentiable: [Primitive] = all.filter { $0.gradient != nil }
}
