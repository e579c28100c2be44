package dev.headrace.parquet;

import dev.headrace.parquet.LeafReader.Leaf;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.schema.PrimitiveType;

/// How one column of a scan is read from one file: the tree of readers to be, checked against the file's schema.
sealed interface ColumnPlan {
    /// The file lacks it.
    ///
    /// @param value what all rows have; absent for null
    record Missing(Optional<Scalar> value) implements ColumnPlan {}

    record Primitive(Leaf leaf, PrimitiveType type, LeafTarget target) implements ColumnPlan {}

    /// @param extra a leaf to learn from which structs are null, if no field that is read tells
    record Struct(StructReader.Shape shape, List<ColumnPlan> fields, int witness, Optional<Primitive> extra)
            implements ColumnPlan {
        public Struct {
            fields = List.copyOf(fields);
        }
    }

    record Repeated(ListReader.Shape shape, ColumnPlan element) implements ColumnPlan {}

    /// A variant.
    ///
    /// @param stored its parts, as a struct of the type `type`
    record OfVariant(ColumnPlan stored, StructType type, VariantParts parts) implements ColumnPlan {}

    /// The greatest repetition level of the leaf whose levels describe this; -1 if there is none.
    default int witnessRepetition() {
        return switch (this) {
            case Missing(var _) -> -1;
            case Primitive primitive -> primitive.leaf().maxRepetition();
            case Struct struct ->
                struct.extra()
                        .map(Primitive::witnessRepetition)
                        .orElseGet(() -> struct.fields().get(struct.witness()).witnessRepetition());
            case Repeated repeated -> repeated.element().witnessRepetition();
            case OfVariant variant -> variant.stored().witnessRepetition();
        };
    }

    /// Starts the readers. The caller closes them.
    default ColumnReader open(FileInput input, BufferAllocator allocator) {
        return switch (this) {
            case Missing(Optional<Scalar> value) -> new MissingReader(value);
            case Primitive(Leaf leaf, PrimitiveType type, LeafTarget target) ->
                new LeafReader(leaf, target.open(type, allocator), input, allocator);
            case Struct(StructReader.Shape shape, List<ColumnPlan> fields, int witness, Optional<Primitive> extra) -> {
                List<ColumnReader> readers = new ArrayList<>();
                fields.forEach(field -> readers.add(field.open(input, allocator)));
                ColumnReader levels =
                        extra.map(leaf -> leaf.open(input, allocator)).orElseGet(() -> readers.get(witness));
                yield new StructReader(shape, readers, levels, allocator);
            }
            case Repeated(ListReader.Shape shape, ColumnPlan element) ->
                new ListReader(shape, element.open(input, allocator), allocator);
            case OfVariant(ColumnPlan stored, StructType type, VariantParts parts) ->
                new VariantReader(stored.open(input, allocator), type, parts, allocator);
        };
    }
}
