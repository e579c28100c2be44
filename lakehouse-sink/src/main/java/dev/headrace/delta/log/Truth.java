package dev.headrace.delta.log;

/// Which of SQL's three truth values a predicate may have for the rows of a file.
record Truth(boolean mayBeTrue, boolean mayBeFalse, boolean mayBeNull) {
    static final Truth ANYTHING = new Truth(true, true, true);
    static final Truth NULL = new Truth(false, false, true);
    static final Truth TRUE = new Truth(true, false, false);
    static final Truth FALSE = new Truth(false, true, false);

    Truth and(Truth other) {
        return new Truth(
                mayBeTrue && other.mayBeTrue,
                mayBeFalse || other.mayBeFalse,
                (mayBeNull && (other.mayBeNull || other.mayBeTrue)) || (other.mayBeNull && mayBeTrue));
    }

    Truth or(Truth other) {
        return not().and(other.not()).not();
    }

    Truth not() {
        return new Truth(mayBeFalse, mayBeTrue, mayBeNull);
    }

    /// What may be if either of two is the case.
    Truth orElse(Truth other) {
        return new Truth(mayBeTrue || other.mayBeTrue, mayBeFalse || other.mayBeFalse, mayBeNull || other.mayBeNull);
    }
}
