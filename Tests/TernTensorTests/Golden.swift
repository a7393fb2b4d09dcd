// Draws of the key of seed 7, written down once: they must never change.
let goldenUniform: [Double] = []
let goldenNormal: [Double] = []
let goldenIntegers: [Int] = []
let goldenOrder: [Int] = []
