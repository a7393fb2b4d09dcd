package enum TernDataPlaceholder {}
