package enum TernRuntimePlaceholder {}
