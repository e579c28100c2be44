package dev.headrace.plan;

import java.util.function.Supplier;

/// Where the parts of a query are written.
@FunctionalInterface
public interface Origins {
    /// Those of the text whose parts are being analyzed.
    ScopedValue<Origins> CURRENT = ScopedValue.newInstance();

    /// Of a part of the text; [Origin#NONE] of anything else.
    Origin of(NamedExpr part);

    /// Does something in which expressions are bound; they then know where they are written.
    default <T> T within(Supplier<T> analysis) {
        return ScopedValue.where(CURRENT, this).call(analysis::get);
    }

    /// The expression that a part of a query means, and what was bound along with it, as written there.
    static BoundExpr placed(BoundExpr bound, NamedExpr part) {
        Origin origin = CURRENT.isBound() ? CURRENT.get().of(part) : Origin.NONE;
        return origin.isKnown() ? bound.writtenAt(origin) : bound;
    }
}
