package dev.headrace.function.aggregate;

import dev.headrace.chunk.Slice;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantSchema;
import org.jspecify.annotations.Nullable;

/// `schema_of_variant_agg`: the type that all variants of a group have in common.
record VariantSchemaFold() implements Fold<DataType> {
    @Override
    public DataType resultType() {
        return DataTypes.StringType;
    }

    @Override
    public DataType stateType() {
        return DataTypes.StringType;
    }

    @Override
    public @Nullable DataType add(@Nullable DataType state, @Nullable Object[] arguments) {
        if (!(arguments[0] instanceof Slice cell)) {
            return state;
        }
        DataType type = VariantSchema.of(Variant.of(cell));
        return state == null ? type : VariantSchema.merge(state, type);
    }

    @Override
    public DataType merge(DataType a, DataType b) {
        return VariantSchema.merge(a, b);
    }

    @Override
    public Object toCell(DataType state) {
        return Slice.utf8(state.json());
    }

    @Override
    public DataType fromCell(Object cell) {
        return DataType.fromJson(cell.toString());
    }

    @Override
    public Object result(@Nullable DataType state) {
        return Slice.utf8(VariantSchema.text(state == null ? DataTypes.NullType : state));
    }
}
