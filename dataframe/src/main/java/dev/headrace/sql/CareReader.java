package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Reads the statements that Delta adds to Spark's grammar: OPTIMIZE, VACUUM, DESCRIBE HISTORY, DESCRIBE DETAIL,
/// RESTORE, CONVERT TO DELTA, CREATE TABLE … CLONE, ALTER TABLE … SYNC IDENTITY.
final class CareReader {
    private static final Set<String> FIRST_WORDS =
            Set.of("OPTIMIZE", "VACUUM", "DESCRIBE", "DESC", "RESTORE", "CONVERT", "CREATE", "REPLACE", "ALTER");

    private final Tokens tokens;

    private CareReader(Tokens tokens) {
        this.tokens = tokens;
    }

    /// @return empty if it is another kind of statement
    static Optional<TableStatement> read(Reading reading) {
        Tokens tokens = Tokens.of(reading, FIRST_WORDS);
        return FIRST_WORDS.contains(tokens.word())
                ? Optional.ofNullable(new CareReader(tokens).statement())
                : Optional.empty();
    }

    private @org.jspecify.annotations.Nullable TableStatement statement() {
        return switch (tokens.word()) {
            case "OPTIMIZE" -> optimize();
            case "VACUUM" -> vacuum();
            case "RESTORE" -> restore();
            case "CONVERT" -> convert();
            case "CREATE", "REPLACE" -> isClone() ? copy() : null;
            case "ALTER" -> isSync() ? syncIdentity() : null;
            default -> {
                tokens.moveTo(1);
                if (tokens.accept("HISTORY") && tokens.isName()) {
                    yield history();
                }
                tokens.moveTo(1);
                if (tokens.accept("DETAIL") && tokens.isName()) {
                    TableStatement detail = new TableStatement.Detail(tokens.name());
                    tokens.end("the end of the statement");
                    yield detail;
                }
                yield null;
            }
        };
    }

    private TableStatement optimize() {
        tokens.next();
        List<String> table = tokens.name();
        Optional<NamedExpr> condition = Optional.empty();
        if (tokens.accept("WHERE")) {
            int from = tokens.position();
            while (!tokens.isEnd() && !tokens.word().equals("ZORDER")) {
                tokens.next();
            }
            condition = Optional.of(tokens.expression(from, tokens.position(), "a condition"));
        }
        List<String> columns = new ArrayList<>();
        if (tokens.accept("ZORDER")) {
            tokens.expect("BY");
            boolean inBrackets = tokens.accept("(");
            do {
                columns.add(String.join(".", tokens.name()));
            } while (tokens.accept(","));
            if (inBrackets) {
                tokens.expect(")");
            }
        }
        tokens.end("WHERE …, ZORDER BY (…) or the end of the statement");
        return new TableStatement.Optimize(table, condition, columns);
    }

    private TableStatement vacuum() {
        tokens.next();
        List<String> table = tokens.name();
        OptionalDouble hours = OptionalDouble.empty();
        if (tokens.accept("RETAIN")) {
            hours = OptionalDouble.of(tokens.number());
            if (!tokens.accept("HOURS")) {
                tokens.expect("HOUR");
            }
        }
        boolean dryRun = tokens.accept("DRY");
        if (dryRun) {
            tokens.expect("RUN");
        }
        tokens.end("RETAIN … HOURS, DRY RUN or the end of the statement");
        return new TableStatement.Vacuum(table, hours, dryRun);
    }

    private TableStatement history() {
        List<String> table = tokens.name();
        OptionalInt limit = tokens.accept("LIMIT") ? OptionalInt.of((int) tokens.number()) : OptionalInt.empty();
        tokens.end("LIMIT … or the end of the statement");
        return new TableStatement.History(table, limit);
    }

    private TableStatement restore() {
        tokens.next();
        tokens.accept("TABLE");
        List<String> table = tokens.name();
        tokens.accept("TO");
        boolean byVersion = tokens.accept("VERSION");
        if (!byVersion) {
            tokens.expect("TIMESTAMP");
        }
        tokens.expect("AS");
        tokens.expect("OF");
        OptionalLong version = OptionalLong.empty();
        Optional<String> timestamp = Optional.empty();
        if (byVersion) {
            version = OptionalLong.of((long) tokens.number());
        } else {
            timestamp = Optional.of(tokens.string());
        }
        tokens.end("the end of the statement");
        return new TableStatement.Restore(table, version, timestamp);
    }

    private TableStatement convert() {
        tokens.next();
        tokens.expect("TO");
        tokens.expect("DELTA");
        List<String> table = tokens.name();
        boolean statistics = true;
        if (tokens.accept("NO")) {
            tokens.expect("STATISTICS");
            statistics = false;
        }
        List<StructField> partitions = List.of();
        if (tokens.accept("PARTITIONED")) {
            tokens.expect("BY");
            partitions = StructType.fromDDL(tokens.bracketed("a column with its type"))
                    .fieldList();
        }
        tokens.end("NO STATISTICS, PARTITIONED BY (…) or the end of the statement");
        return new TableStatement.Convert(table, partitions, statistics);
    }

    /// Whether CLONE stands where a definition of a table, or its query, would.
    private boolean isClone() {
        for (int i = 1; !tokens.word(i + 1).isEmpty(); i++) {
            String word = tokens.word(i);
            if (Set.of("AS", "USING", "SELECT", "(", ";").contains(word)) {
                return false;
            }
            if (Set.of("SHALLOW", "DEEP").contains(word) && tokens.word(i + 1).equals("CLONE")) {
                return true;
            }
        }
        return false;
    }

    private boolean isSync() {
        for (int i = 1; !tokens.word(i).isEmpty(); i++) {
            if (tokens.word(i).equals("SYNC") && tokens.word(i + 1).equals("IDENTITY")) {
                return true;
            }
        }
        return false;
    }

    private TableStatement syncIdentity() {
        tokens.next();
        tokens.expect("TABLE");
        List<String> table = tokens.name();
        if (!tokens.accept("CHANGE")) {
            tokens.expect("ALTER");
        }
        tokens.accept("COLUMN");
        String column = String.join(".", tokens.name());
        tokens.expect("SYNC");
        tokens.expect("IDENTITY");
        tokens.end("the end of the statement");
        return new TableStatement.SyncIdentity(table, column);
    }

    private TableStatement copy() {
        Statement.Exists ifExists = Statement.Exists.FAIL;
        if (tokens.accept("CREATE")) {
            if (tokens.accept("OR")) {
                tokens.expect("REPLACE");
                ifExists = Statement.Exists.REPLACE;
            }
        } else {
            tokens.expect("REPLACE");
            ifExists = Statement.Exists.REPLACE;
        }
        tokens.expect("TABLE");
        if (ifExists == Statement.Exists.FAIL && tokens.accept("IF")) {
            tokens.expect("NOT");
            tokens.expect("EXISTS");
            ifExists = Statement.Exists.KEEP;
        }
        List<String> target = tokens.name();
        boolean deep = tokens.accept("DEEP");
        if (!deep) {
            tokens.expect("SHALLOW");
        }
        tokens.expect("CLONE");
        List<String> source = tokens.name();
        OptionalLong version = OptionalLong.empty();
        Optional<String> timestamp = Optional.empty();
        if (tokens.accept("VERSION")) {
            tokens.expect("AS");
            tokens.expect("OF");
            version = OptionalLong.of((long) tokens.number());
        } else if (tokens.accept("TIMESTAMP")) {
            tokens.expect("AS");
            tokens.expect("OF");
            timestamp = Optional.of(tokens.string());
        }
        Map<String, String> properties = tokens.accept("TBLPROPERTIES") ? tokens.properties() : Map.of();
        Optional<String> location = tokens.accept("LOCATION") ? Optional.of(tokens.string()) : Optional.empty();
        tokens.end("VERSION AS OF …, TBLPROPERTIES (…), LOCATION '…' or the end of the statement");
        return new TableStatement.Clone(source, target, deep, version, timestamp, properties, location, ifExists);
    }
}
