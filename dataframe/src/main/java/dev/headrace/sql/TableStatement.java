package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.DataType;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What an SQL text asks of one table that keeps versions: changes of its rows, of what it is, and care.
public sealed interface TableStatement {
    /// Under which name a column's metadata has its default, in SQL; Spark's.
    String DEFAULT = "CURRENT_DEFAULT";

    /// The property of a table that is its comment.
    String COMMENT = "comment";

    /// The table's name, or a format and a path as in `` delta.`/data` ``.
    List<String> table();

    /// `MERGE INTO`.
    ///
    /// @param source with its alias
    /// @param evolves `WITH SCHEMA EVOLUTION`: the table gets columns that the source has
    record Merge(
            List<String> table,
            Optional<String> alias,
            NamedPlan source,
            NamedExpr condition,
            List<Clause> matched,
            List<Clause> notMatched,
            List<Clause> notMatchedBySource,
            boolean evolves)
            implements TableStatement {
        public Merge {
            table = List.copyOf(table);
            matched = List.copyOf(matched);
            notMatched = List.copyOf(notMatched);
            notMatchedBySource = List.copyOf(notMatchedBySource);
        }
    }

    /// What a merge does with a row.
    ///
    /// @param values for an update or insert what columns become; absent for all columns of the source
    record Clause(Does does, Optional<NamedExpr> condition, Optional<Map<String, NamedExpr>> values) {
        public Clause {
            values = values.map(LinkedHashMap::new);
        }
    }

    /// The kinds of [Clause].
    enum Does {
        UPDATE,
        DELETE,
        INSERT
    }

    /// `UPDATE … SET`.
    record Update(
            List<String> table, Optional<String> alias, Map<String, NamedExpr> values, Optional<NamedExpr> condition)
            implements TableStatement {
        public Update {
            table = List.copyOf(table);
            values = new LinkedHashMap<>(values);
        }
    }

    /// `DELETE FROM`.
    record Delete(List<String> table, Optional<String> alias, Optional<NamedExpr> condition) implements TableStatement {
        public Delete {
            table = List.copyOf(table);
        }
    }

    /// `OPTIMIZE`.
    ///
    /// @param zOrderBy the columns by which rows are clustered; empty to put small files together only
    record Optimize(List<String> table, Optional<NamedExpr> condition, List<String> zOrderBy)
            implements TableStatement {
        public Optimize {
            table = List.copyOf(table);
            zOrderBy = List.copyOf(zOrderBy);
        }
    }

    /// `VACUUM`.
    record Vacuum(List<String> table, OptionalDouble retainHours, boolean dryRun) implements TableStatement {
        public Vacuum {
            table = List.copyOf(table);
        }
    }

    /// `DESCRIBE HISTORY`.
    record History(List<String> table, OptionalInt limit) implements TableStatement {
        public History {
            table = List.copyOf(table);
        }
    }

    /// `DESCRIBE DETAIL`.
    record Detail(List<String> table) implements TableStatement {
        public Detail {
            table = List.copyOf(table);
        }
    }

    /// `RESTORE TABLE`, to a version or to a time.
    record Restore(List<String> table, OptionalLong version, Optional<String> timestamp) implements TableStatement {
        public Restore {
            table = List.copyOf(table);
        }
    }

    /// `CONVERT TO DELTA`.
    ///
    /// @param partitionColumns with their types, in the order of the directories
    /// @param statistics whether the log is to say what files hold
    record Convert(List<String> table, List<StructField> partitionColumns, boolean statistics)
            implements TableStatement {
        public Convert {
            table = List.copyOf(table);
            partitionColumns = List.copyOf(partitionColumns);
        }
    }

    /// `CREATE TABLE … CLONE`.
    ///
    /// @param table the source
    /// @param target the table that is made
    /// @param deep whether files are copied, rather than named
    /// @param version of the source; absent for the newest, or if there is a timestamp
    /// @param location where the target lies, if it is said
    record Clone(
            List<String> table,
            List<String> target,
            boolean deep,
            OptionalLong version,
            Optional<String> timestamp,
            Map<String, String> properties,
            Optional<String> location,
            Statement.Exists ifExists)
            implements TableStatement {
        public Clone {
            table = List.copyOf(table);
            target = List.copyOf(target);
            properties = Map.copyOf(properties);
        }

        /// The same with a target that lies there.
        public Clone at(String path) {
            return new Clone(table, target, deep, version, timestamp, properties, Optional.of(path), ifExists);
        }
    }

    /// `CREATE TABLE` without rows.
    ///
    /// @param schema with what else is said of a column (`NOT NULL`, comments, defaults, generated values) in its
    ///     metadata, under Delta's names
    record Create(
            List<String> table,
            StructType schema,
            List<String> partitionColumns,
            Map<String, String> properties,
            Statement.Exists ifExists)
            implements TableStatement {
        public Create {
            table = List.copyOf(table);
            partitionColumns = List.copyOf(partitionColumns);
            properties = Map.copyOf(properties);
        }
    }

    /// `ALTER TABLE … SET TBLPROPERTIES`.
    record SetProperties(List<String> table, Map<String, String> properties) implements TableStatement {
        public SetProperties {
            table = List.copyOf(table);
            properties = new LinkedHashMap<>(properties);
        }
    }

    /// `ALTER TABLE … UNSET TBLPROPERTIES`.
    record UnsetProperties(List<String> table, List<String> keys, boolean ifExists) implements TableStatement {
        public UnsetProperties {
            table = List.copyOf(table);
            keys = List.copyOf(keys);
        }
    }

    /// `ALTER TABLE … ADD COLUMNS`.
    record AddColumns(List<String> table, List<AddedColumn> columns) implements TableStatement {
        public AddColumns {
            table = List.copyOf(table);
            columns = List.copyOf(columns);
        }
    }

    /// A column that a table gets.
    ///
    /// @param place absent for behind all others
    record AddedColumn(StructField column, Optional<Place> place) {}

    /// Where a column stands.
    sealed interface Place {
        /// `FIRST`.
        record First() implements Place {}

        /// `AFTER`.
        record After(String column) implements Place {}
    }

    /// `ALTER TABLE … ALTER COLUMN`.
    record AlterColumns(List<String> table, List<AlteredColumn> columns) implements TableStatement {
        public AlterColumns {
            table = List.copyOf(table);
            columns = List.copyOf(columns);
        }
    }

    /// What becomes of one column.
    record AlteredColumn(String name, ColumnChange change) {}

    /// One change of a column.
    sealed interface ColumnChange {
        /// `TYPE`.
        ///
        /// @param texts where in it texts have a length
        record Type(DataType type, DeclaredText texts) implements ColumnChange {}

        /// `COMMENT`.
        record Comment(String text) implements ColumnChange {}

        /// `FIRST`, `AFTER`.
        record Move(Place place) implements ColumnChange {}

        /// `SET NOT NULL`, `DROP NOT NULL`.
        record Nullability(boolean nullable) implements ColumnChange {}

        /// `SET DEFAULT`, `DROP DEFAULT`.
        ///
        /// @param value in SQL, as it is written; absent for no default any more
        record Default(Optional<String> value) implements ColumnChange {}
    }

    /// `ALTER TABLE … RENAME COLUMN`.
    record RenameColumn(List<String> table, String from, String to) implements TableStatement {
        public RenameColumn {
            table = List.copyOf(table);
        }
    }

    /// `ALTER TABLE … DROP COLUMNS`.
    record DropColumns(List<String> table, List<String> columns, boolean ifExists) implements TableStatement {
        public DropColumns {
            table = List.copyOf(table);
            columns = List.copyOf(columns);
        }
    }

    /// `ALTER TABLE … ALTER COLUMN … SYNC IDENTITY`.
    record SyncIdentity(List<String> table, String column) implements TableStatement {
        public SyncIdentity {
            table = List.copyOf(table);
        }
    }

    /// `ALTER TABLE … ADD CONSTRAINT … CHECK`.
    ///
    /// @param condition in SQL, as it is written
    record AddConstraint(List<String> table, String name, String condition) implements TableStatement {
        public AddConstraint {
            table = List.copyOf(table);
        }
    }

    /// `ALTER TABLE … DROP CONSTRAINT`.
    record DropConstraint(List<String> table, String name, boolean ifExists) implements TableStatement {
        public DropConstraint {
            table = List.copyOf(table);
        }
    }
}
