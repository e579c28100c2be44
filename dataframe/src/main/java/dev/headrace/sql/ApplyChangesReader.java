package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;

/// Reads `APPLY CHANGES INTO`, which is Databricks' syntax, also with its newer words `AUTO CDC INTO` and
/// `CREATE FLOW … AS`.
///
/// ```text
/// [CREATE FLOW name AS] {APPLY CHANGES | AUTO CDC} INTO table
/// FROM source [DEBEZIUM [{JSON | AVRO} (column type, …) [REGISTRY 'address' [WITH ('option' = 'value', …)]]]]
/// KEYS (column, …)
/// [clauses, in any order, each once]
/// ```
final class ApplyChangesReader {
    private static final Set<String> FIRST_WORDS = Set.of("APPLY", "AUTO", "CREATE");
    private static final String CLAUSES =
            "IGNORE NULL UPDATES, APPLY AS DELETE WHEN, APPLY AS TRUNCATE WHEN, MARK DELETES"
                    + " IN, SEQUENCE BY, COLUMNS, RENAME COLUMNS, STORED AS SCD TYPE, TRIGGER, OPTIONS or the end of the statement";

    private final Reading reading;
    private final Tokens tokens;
    private final Set<String> seen = new HashSet<>();

    private ApplyChangesReader(Reading reading, Tokens tokens) {
        this.reading = reading;
        this.tokens = tokens;
    }

    /// @return empty if it is another kind of statement
    static Optional<Statement> read(Reading reading) {
        Tokens tokens = Tokens.of(reading, FIRST_WORDS);
        if (!FIRST_WORDS.contains(tokens.word())) {
            return Optional.empty();
        }
        Optional<String> name = Optional.empty();
        if (tokens.startsWith("CREATE", "FLOW")) {
            tokens.moveTo(2);
            name = Optional.of(String.join(".", tokens.name()));
            tokens.expect("AS");
        }
        boolean either = tokens.startsWith("APPLY", "CHANGES") || tokens.startsWith("AUTO", "CDC");
        return either ? Optional.of(new ApplyChangesReader(reading, tokens).statement(name)) : Optional.empty();
    }

    private Statement statement(Optional<String> name) {
        tokens.next();
        tokens.next();
        tokens.expect("INTO");
        List<String> target = tokens.name();
        tokens.expect("FROM");
        NamedPlan source = source();
        Optional<Statement.Envelopes> envelopes =
                tokens.accept("DEBEZIUM") ? Optional.of(envelopes()) : Optional.empty();
        tokens.expect("KEYS");
        List<String> keys = columnNames();
        List<ChangeClause> clauses = new ArrayList<>();
        while (!tokens.isEnd()) {
            clauses.add(clause(envelopes.isPresent()));
        }
        tokens.end(CLAUSES);
        return new Statement.ApplyChanges(name, target, source, envelopes, keys, clauses);
    }

    /// All up to the word that must follow it.
    private NamedPlan source() {
        int from = tokens.position();
        while (!tokens.isEnd() && !tokens.word().equals("DEBEZIUM") && !tokens.startsWith("KEYS", "(")) {
            tokens.skip();
        }
        int to = tokens.position();
        SqlBaseParser.RelationContext relation = tokens.part(from, to, "a stream", SqlBaseParser::relation);
        tokens.moveBehind(relation.getStop());
        if (tokens.position() < to) {
            throw tokens.syntax("DEBEZIUM or KEYS (…)");
        }
        return reading.relations().relation(relation);
    }

    private Statement.Envelopes envelopes() {
        boolean avro = tokens.accept("AVRO");
        if (!avro && !tokens.accept("JSON")) {
            return new Statement.Envelopes(Optional.empty(), Optional.empty(), Map.of());
        }
        String row = tokens.bracketed("the columns of the row with their types");
        Optional<String> registry = Optional.empty();
        Map<String, String> options = Map.of();
        if (avro) {
            tokens.expect("REGISTRY");
            registry = Optional.of(tokens.string());
            options = tokens.accept("WITH") ? tokens.properties() : options;
        }
        return new Statement.Envelopes(Optional.of(row), registry, options);
    }

    private ChangeClause clause(boolean debezium) {
        int from = tokens.position();
        String clause = clauseWords();
        if (!seen.add(clause)) {
            throw tokens.error("PARSE_SYNTAX_ERROR", "Syntax error: " + clause + " stands twice.", from);
        }
        return switch (clause) {
            case "IGNORE NULL UPDATES" -> new ChangeClause.IgnoreNulls(tokens.accept("ON") ? columnNames() : List.of());
            case "APPLY AS DELETE WHEN" -> new ChangeClause.DeleteWhen(condition(debezium, clause, from));
            case "APPLY AS TRUNCATE WHEN" -> new ChangeClause.TruncateWhen(condition(debezium, clause, from));
            case "MARK DELETES IN" -> new ChangeClause.MarkDeletes(columnName());
            case "SEQUENCE BY" -> {
                NamedExpr order = expression("a column or an expression");
                yield new ChangeClause.SequenceBy(
                        order, tokens.accept("AS") ? Optional.of(columnName()) : Optional.empty());
            }
            case "COLUMNS" -> columns();
            case "RENAME COLUMNS" -> new ChangeClause.Rename(renamed());
            case "STORED AS SCD TYPE" -> type();
            case "TRIGGER" -> trigger();
            default -> new ChangeClause.Options(tokens.properties());
        };
    }

    /// The words that a clause begins with, which are passed over.
    private String clauseWords() {
        for (String clause : List.of(
                "IGNORE NULL UPDATES",
                "APPLY AS DELETE WHEN",
                "APPLY AS TRUNCATE WHEN",
                "MARK DELETES IN",
                "SEQUENCE BY",
                "COLUMNS",
                "RENAME COLUMNS",
                "STORED AS SCD TYPE",
                "TRIGGER",
                "OPTIONS")) {
            String[] words = clause.split(" ");
            if (tokens.word().equals(words[0])
                    && (!words[0].equals("APPLY") || tokens.word(2).equals(words[2]))) {
                for (String word : words) {
                    tokens.expect(word);
                }
                return clause;
            }
        }
        throw tokens.syntax(CLAUSES);
    }

    private NamedExpr condition(boolean debezium, String clause, int from) {
        if (debezium) {
            throw tokens.error(
                    "UNSUPPORTED_SQL",
                    clause + ": Debezium's messages say themselves what they do. Leave the clause out.",
                    from);
        }
        return expression("a condition");
    }

    private NamedExpr expression(String what) {
        int from = tokens.position();
        while (!tokens.isEnd() && !isClause()) {
            tokens.skip();
        }
        return tokens.expression(from, tokens.position(), what);
    }

    /// Whether an expression ends here: a clause begins with words that stand beside each other in no expression.
    private boolean isClause() {
        return tokens.startsWith("IGNORE", "NULL")
                || tokens.startsWith("APPLY", "AS")
                || tokens.startsWith("MARK", "DELETES")
                || tokens.startsWith("SEQUENCE", "BY")
                || tokens.startsWith("COLUMNS", "(")
                || tokens.startsWith("COLUMNS", "*")
                || tokens.startsWith("RENAME", "COLUMNS")
                || tokens.startsWith("STORED", "AS")
                || tokens.startsWith("TRIGGER", "AVAILABLE")
                || tokens.startsWith("TRIGGER", "EVERY")
                || tokens.startsWith("OPTIONS", "(")
                || tokens.word().equals("AS");
    }

    private ChangeClause columns() {
        if (!tokens.accept("*")) {
            return new ChangeClause.Only(columnNames());
        }
        tokens.expect("EXCEPT");
        return new ChangeClause.Except(columnNames());
    }

    private Map<String, String> renamed() {
        Map<String, String> names = new LinkedHashMap<>();
        tokens.expect("(");
        do {
            int place = tokens.position();
            String from = columnName();
            for (Map.Entry<String, String> before : names.entrySet()) {
                if (before.getKey().equalsIgnoreCase(from)) {
                    throw tokens.error(
                            "CHANGES_RENAMED_COLUMN",
                            "RENAME COLUMNS (…): '" + before.getKey() + "' is renamed to '" + before.getValue()
                                    + "' already. A column has one name now: leave the other one out.",
                            place);
                }
            }
            tokens.expect("TO");
            names.put(from, columnName());
        } while (tokens.accept(","));
        tokens.expect(")");
        return names;
    }

    private ChangeClause type() {
        boolean history = tokens.accept("2");
        if (!history && !tokens.accept("1")) {
            throw tokens.syntax("1 or 2");
        }
        return new ChangeClause.StoredAs(history);
    }

    private ChangeClause trigger() {
        if (tokens.accept("EVERY")) {
            return new ChangeClause.Every(tokens.string());
        }
        if (!tokens.accept("AVAILABLE")) {
            throw tokens.syntax("AVAILABLE NOW or EVERY '…'");
        }
        tokens.expect("NOW");
        return new ChangeClause.AvailableNow();
    }

    private List<String> columnNames() {
        List<String> names = new ArrayList<>();
        tokens.expect("(");
        do {
            names.add(columnName());
        } while (tokens.accept(","));
        tokens.expect(")");
        return names;
    }

    private String columnName() {
        int from = tokens.position();
        List<String> parts = tokens.name();
        if (parts.size() > 1) {
            throw tokens.error(
                    "PARSE_SYNTAX_ERROR",
                    "Syntax error: '" + String.join(".", parts) + "' is no column of the rows. Name it without dots.",
                    from);
        }
        return parts.getFirst();
    }
}
