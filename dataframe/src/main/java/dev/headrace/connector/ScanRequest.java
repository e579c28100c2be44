package dev.headrace.connector;

import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What a scan is asked for.
///
/// @param columns the columns to give, in this order
/// @param filters predicates over the table's whole schema (not over `columns`), all of which must hold; a scan uses
///     them to read less, and need not apply them row by row
/// @param limit if present, that many rows suffice
public record ScanRequest(List<ScanColumn> columns, List<BoundExpr> filters, OptionalLong limit) {
    public ScanRequest {
        columns = List.copyOf(columns);
        filters = List.copyOf(filters);
    }

    /// All columns of a table, all rows.
    public static ScanRequest all(StructType schema) {
        List<ScanColumn> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            columns.add(new ScanColumn.Stored(i, schema.field(i)));
        }
        return new ScanRequest(columns, List.of(), OptionalLong.empty());
    }

    /// The same, of which rows that do not fulfil these conditions too may be left out.
    public ScanRequest with(List<BoundExpr> more) {
        List<BoundExpr> all = new ArrayList<>(filters);
        all.addAll(more);
        return new ScanRequest(columns, all, limit);
    }

    /// The schema of the chunks that the scan gives.
    public StructType outputSchema() {
        return new StructType(columns.stream().map(ScanColumn::field).toList());
    }

    /// A column that a scan gives.
    public sealed interface ScanColumn {
        StructField field();

        /// A column of the table.
        ///
        /// @param ordinal its place in the table's schema
        /// @param field its name and type; for a struct, the type may lack fields that the query doesn't use
        record Stored(int ordinal, StructField field) implements ScanColumn {}

        /// A column made by decoding a payload column of the table while it is read.
        ///
        /// @param ordinal the payload's place in the table's schema
        record Decoded(int ordinal, PayloadDecoder decoder, StructField field) implements ScanColumn {}
    }
}
