package dev.headrace.connector;

import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Something that can be read: its schema, and scans of it. Immutable; a table is opened once and may be scanned many
/// times, from several threads.
public sealed interface Table permits BatchTable, StreamTable {
    StructType schema();

    /// What `explain` shows, such as `parquet /data/orders`. No secrets.
    String description();

    default boolean isStreaming() {
        return this instanceof StreamTable;
    }

    /// This table with one more column behind its own: `_metadata`, a struct that says where a row is from. Empty if
    /// there is nothing to say. Queries see the column only where they name it.
    default Optional<Table> withMetadata() {
        return Optional.empty();
    }

    /// The files that it is made of, as URIs; empty if it is made of none.
    default List<String> inputFiles() {
        return List.of();
    }

    /// About how many rows there are, if that is cheap to know.
    default OptionalLong rowCount() {
        return OptionalLong.empty();
    }

    /// How many rows there are, exactly, if that is known without reading them: `count()` then reads none.
    default OptionalLong exactRowCount() {
        return OptionalLong.empty();
    }

    /// Between which values a column of [#schema] is, if that is cheap to know and the values are numbers, dates or
    /// timestamps.
    default Optional<ColumnRange> columnRange(int ordinal) {
        return Optional.empty();
    }

    /// Which of the predicates over [#schema] a scan can use to leave out data. The scan may still give rows for which
    /// they are not true: the engine filters again.
    default boolean usesFilter(dev.headrace.plan.BoundExpr predicate) {
        return false;
    }

    /// Whether scans can decode this payload themselves, so that a parser writes straight into columns.
    default boolean decodes(PayloadDecoder decoder) {
        return false;
    }
}
