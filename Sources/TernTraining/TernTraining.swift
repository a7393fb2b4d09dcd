package enum TernTrainingPlaceholder {}
