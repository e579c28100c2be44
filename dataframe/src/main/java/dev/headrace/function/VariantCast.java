package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.types.DataType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantPath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What lies at a path of a variant, as a value of a type; and a value of a type as a variant: the receiver of bound
/// calls. Public because generated code calls it.
///
/// @param type of the value
/// @param tolerant whether what does not fit is null
public record VariantCast(VariantPath path, DataType type, boolean tolerant) {

    /// Null if nothing lies there, or a null.
    public @Nullable Object get(EvalContext context, Slice cell) {
        Optional<Variant> found = path.find(Variant.of(cell));
        return found.isEmpty() ? null : VariantCells.cast(found.get(), type, tolerant, context);
    }

    public Slice make(Object value) {
        return VariantCells.variant(value, type);
    }
}
