package dev.headrace.parquet;

import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;

/// A column that a scan of Parquet files gives.
public sealed interface ParquetColumn {
    /// Its name and type in the chunks.
    StructField field();

    /// A column of the file, found by the field's name; null where a file lacks it. The type of a struct may lack
    /// fields.
    record Stored(StructField field) implements ParquetColumn {}

    /// The same value in every row, such as a partition's.
    record Constant(StructField field, Scalar value) implements ParquetColumn {}

    /// The number of the row within its file, from 0: a bigint.
    record RowPosition(StructField field) implements ParquetColumn {
        public RowPosition(String name) {
            this(new StructField(name, DataTypes.LongType, false));
        }
    }
}
