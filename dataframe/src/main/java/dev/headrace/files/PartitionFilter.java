package dev.headrace.files;

import dev.headrace.errors.DataException;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Leaves out files whose partition values rule them out.
///
/// @param tableSchema what the predicates refer to, by ordinal
/// @param zone the session time zone
public record PartitionFilter(PartitionColumns partitions, StructType tableSchema, ZoneId zone) {
    /// Whether rows of a file may satisfy predicates; those over other than partition columns tell nothing.
    ///
    /// @throws dev.headrace.errors.QueryException `INVALID_PARTITION_VALUE`
    public boolean mayMatch(InputFile file, List<BoundExpr> predicates) {
        for (BoundExpr predicate : predicates) {
            if (decides(predicate) && !holds(file, predicate)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a predicate is about partition columns alone, so that all rows of a file satisfy it or none does.
    public boolean decides(BoundExpr predicate) {
        return switch (predicate) {
            case BoundExpr.Column column -> partitionOrdinal(column.ordinal()) >= 0;
            case BoundExpr.Call call when !call.function().deterministic() || call.function().takesContext() -> false;
            default -> predicate.operands().stream().allMatch(this::decides);
        };
    }

    private int partitionOrdinal(int tableOrdinal) {
        return partitions
                .schema()
                .indexOf(tableSchema.field(tableOrdinal).name())
                .orElse(-1);
    }

    private boolean holds(InputFile file, BoundExpr predicate) {
        try {
            return Boolean.TRUE.equals(
                    Interpreter.evaluate(predicate, ordinal -> cell(file, ordinal), new EvalContext(zone, 0, 0)));
        } catch (DataException failsForItsRows) {
            // It fails the query if the file has rows: reading them will tell.
            return true;
        }
    }

    private @Nullable Object cell(InputFile file, int tableOrdinal) {
        return partitions.value(partitionOrdinal(tableOrdinal), file);
    }
}
