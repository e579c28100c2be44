package dev.headrace.connector;

import dev.headrace.plan.LogicalPlan;
import dev.headrace.types.StructType;
import java.nio.file.Path;

/// The rows that a streaming query leaves out, as a stream of the same query: each batch has those that it has left out
/// in its other results.
public record LeftOutRows(Kind kind) implements StreamTable {
    /// Why rows are left out.
    public enum Kind {
        /// The row as JSON, the operator that has left it out, the time from which on what it belongs to is final, and
        /// the watermark by which it had gone out.
        LATE(
                "lateRows",
                new StructType()
                        .add("row", "string")
                        .add("operator", "string")
                        .add("final_at", "timestamp")
                        .add("watermark", "timestamp")),
        /// The error's code and message, where in a topic the row is from and its bytes there (null if its columns
        /// don't say), and the row as JSON.
        REJECTED(
                "deadLetters",
                new StructType()
                        .add("error", "string")
                        .add("message", "string")
                        .add("topic", "string")
                        .add("partition", "int")
                        .add("offset", "bigint")
                        .add("value", "binary")
                        .add("row", "string"));

        private final String text;
        private final StructType schema;

        Kind(String text, StructType schema) {
            this.text = text;
            this.schema = schema;
        }

        public StructType schema() {
            return schema;
        }

        /// The method that takes such rows.
        @Override
        public String toString() {
            return text;
        }
    }

    /// Whether a plan reads such rows.
    public static boolean areReadBy(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Scan scan && scan.table() instanceof LeftOutRows
                || plan.inputs().stream().anyMatch(LeftOutRows::areReadBy);
    }

    @Override
    public StructType schema() {
        return kind.schema();
    }

    @Override
    public String description() {
        return kind.toString();
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        throw new IllegalStateException("rows that a query leaves out are no source: " + kind);
    }
}
