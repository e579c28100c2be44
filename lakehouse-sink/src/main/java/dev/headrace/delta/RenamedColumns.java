package dev.headrace.delta;

import dev.headrace.connector.ChangeLayout;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Columns of changed rows that a table still has under the name that they had at the source before.
///
/// @param before the table's name of each, by that of the rows
record RenamedColumns(Map<String, String> before) {
    RenamedColumns {
        before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
    }

    /// @param renamed what columns are called in the rows, by what they were called before
    /// @throws QueryException `CHANGES_RENAMED_COLUMN` if the table has a column under two of its names, or can't
    ///     rename columns
    static RenamedColumns of(Path table, TableMetadata metadata, Map<String, String> renamed) {
        Map<String, String> before = new LinkedHashMap<>();
        renamed.forEach((from, to) -> {
            if (TableSchema.find(metadata.schema(), from) < 0) {
                return;
            }
            String other = before.containsKey(to) ? before.get(to) : to;
            if (before.containsKey(to) || TableSchema.find(metadata.schema(), to) >= 0) {
                throw new QueryException(
                        "CHANGES_RENAMED_COLUMN",
                        table + ": renaming(\"" + from + "\", \"" + to + "\"): the table has both '" + from + "' and '"
                                + other
                                + "', so it is not clear which of them is the column. Bring their values together"
                                + " (UPDATE … SET " + other + " = coalesce(" + other + ", " + from + ")) and drop '"
                                + from
                                + "', or take renaming(…) out of the query.");
            }
            before.put(to, from);
        });
        if (!before.isEmpty() && !ColumnMapping.isMapped(metadata)) {
            throw new QueryException(
                    "CHANGES_RENAMED_COLUMN",
                    table + ": the column '" + before.values().iterator().next()
                            + "' can't be renamed, because the table does not map its columns by name. Let it, which writes no"
                            + " file anew: ALTER TABLE … SET TBLPROPERTIES ('" + ColumnMapping.MODE + "' = 'name').");
        }
        return new RenamedColumns(before);
    }

    /// Those that are to have the rows' name now.
    ///
    /// @param seen the names that rows have come with
    RenamedColumns due(Set<String> seen) {
        return only(seen, true);
    }

    /// Those that keep the table's name for now.
    RenamedColumns notDue(Set<String> seen) {
        return only(seen, false);
    }

    private RenamedColumns only(Set<String> seen, boolean due) {
        Map<String, String> left = new LinkedHashMap<>();
        before.forEach((to, from) -> {
            if (seen.contains(to) == due) {
                left.put(to, from);
            }
        });
        return new RenamedColumns(left);
    }

    /// What the table calls a column of the rows.
    String inTable(String name) {
        return before.entrySet().stream()
                .filter(column -> column.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(name);
    }

    /// The rows' columns under the table's names.
    StructType inTable(StructType rows) {
        return new StructType(rows.fieldList().stream()
                .map(field -> field.withName(inTable(field.name())))
                .toList());
    }

    ChangeLayout inTable(ChangeLayout layout) {
        return layout.named(this::inTable);
    }

    /// The table with the rows' names. A column that has its own already stays.
    TableMetadata applied(Path table, TableMetadata metadata) {
        TableMetadata changed = metadata;
        for (Map.Entry<String, String> column : before.entrySet()) {
            if (TableSchema.find(changed.schema(), column.getValue()) >= 0) {
                changed = TableAlteration.renamed(table, changed, column.getValue(), column.getKey());
            }
        }
        return changed;
    }

    /// For the table's history.
    List<String> texts() {
        return before.entrySet().stream()
                .map(column -> column.getValue() + " to " + column.getKey())
                .toList();
    }
}
