package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.plan.BoundExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// A column of the input or, however deep, a field within a struct column: what generated code reads from its own
/// vector.
///
/// @param ordinals the column's ordinal, then the fields' within their structs
record Path(List<Integer> ordinals) {
    static Optional<Path> of(BoundExpr expr) {
        return switch (expr) {
            case BoundExpr.Column column -> Optional.of(new Path(List.of(column.ordinal())));
            case BoundExpr.GetField(BoundExpr struct, int ordinal) -> of(struct).map(parent -> parent.child(ordinal));
            case BoundExpr other -> Optional.empty();
        };
    }

    private Path child(int ordinal) {
        List<Integer> all = new ArrayList<>(ordinals);
        all.add(ordinal);
        return new Path(all);
    }

    boolean isColumn() {
        return ordinals.size() == 1;
    }

    /// The struct that this is a field of.
    Path parent() {
        return new Path(ordinals.subList(0, ordinals.size() - 1));
    }

    int last() {
        return ordinals.getLast();
    }

    /// For the names of variables.
    String suffix() {
        return ordinals.stream().map(String::valueOf).collect(Collectors.joining("_"));
    }

    FieldVector vector(Chunk input) {
        return isColumn()
                ? input.column(last())
                : ((StructVector) parent().vector(input))
                        .getChildrenFromFields()
                        .get(last());
    }

    /// Whether neither the column nor a struct around it has a null.
    boolean noNulls(Chunk input) {
        return vector(input).getNullCount() == 0 && (isColumn() || parent().noNulls(input));
    }
}
