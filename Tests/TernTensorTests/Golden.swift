// Draws of the key of seed 7, written down once: they must never change.
let goldenUniform = [0.5973180864447036, 0.28786968766474397, 0.9471846477701018]
let goldenNormal = [0.24641134215455915, -0.5596189515987209, 1.618148007965292]
let goldenIntegers = [59, 28, 94, 70]
let goldenOrder = [4, 7, 2, 1, 5, 3, 0, 6]
