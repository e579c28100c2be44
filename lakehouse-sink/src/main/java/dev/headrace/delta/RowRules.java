package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.Frames;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeCompiler;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.InterpretedProgram;
import dev.headrace.function.EvalContext;
import dev.headrace.function.Interpreter;
import dev.headrace.function.TextLengths;
import dev.headrace.function.UserFunction;
import dev.headrace.functions;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.DeclaredText;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// What a table's owner demands of rows that are written: check constraints, the lengths of texts, generated columns,
/// identity columns, defaults. Not null is checked by whoever writes files.
///
/// A generated column that is null gets its value; one that has another value breaks the rule. A column that rows lack
/// gets its default. A condition that is null is not true, so the row breaks the rule.
///
/// Those of one write, whose rows share the numbers of identity columns. Thread-safe; [#start] gives each writer a
/// worker of its own.
final class RowRules {
    static final String GENERATED = "delta.generationExpression";
    private static final String INVARIANT = "delta.invariants";
    private static final Pattern INVARIANT_TEXT = Pattern.compile("\"expression\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Path table;
    private final StructType columns;
    private final List<Rule> rules;
    private final List<BoundExpr> conditions;
    private final Optional<ComputeProgram> violations;
    private final StructType schema;
    private final boolean givesValues;
    private final EvalContext context;
    private final Optional<IdentityNumbers> numbers;

    /// Where rows that are written come from.
    enum Coming {
        /// They come into the table.
        NEW,
        /// They take the place of rows of the table, and keep their identity.
        CHANGED
    }

    /// Something that must be true of each row.
    ///
    /// @param text for messages
    /// @param condition in SQL
    record Rule(String text, String condition) {}

    private RowRules(Path table, TableMetadata metadata, EvalContext context) {
        this.table = table;
        this.context = context;
        this.numbers = IdentityNumbers.of(table, metadata);
        this.columns = columnsOfRows(metadata);
        this.rules = rulesOf(metadata);
        this.conditions =
                rules.stream().map(rule -> bound(table, columns, rule)).toList();
        this.violations = conditions.isEmpty() ? Optional.empty() : Optional.of(violations());
        this.schema = metadata.schema();
        this.givesValues = schema.fieldList().stream().anyMatch(column -> isGiven(column) || isLimited(column));
        filled(schema.names().stream().collect(Collectors.toSet()));
    }

    /// @throws QueryException `DELTA_INVALID_RULE` if a rule can't be understood
    static RowRules of(Path table, TableMetadata metadata, ZoneId zone) {
        return new RowRules(table, metadata, new EvalContext(zone, 0, 0));
    }

    /// The rules of a table whose expressions may ask for the time, and draw other values than those of another write
    /// in the same millisecond.
    static RowRules of(TableTarget target, TableMetadata metadata) {
        EvalContext context = new EvalContext(target.zone(), target.now() * 1_000, 0);
        return new RowRules(target.table(), metadata, context.ofQuery(target.newId()));
    }

    /// Whether a row need not have a value for a column to get one.
    static boolean isGiven(StructField column) {
        return isComputed(column) || IdentityColumn.isIdentity(column);
    }

    /// Whether the column's values follow from an expression.
    static boolean isComputed(StructField column) {
        return column.metadata().entries().containsKey(GENERATED)
                || column.metadata().entries().containsKey(TableStatement.DEFAULT);
    }

    /// The numbers of identity columns; empty if there are none.
    Optional<IdentityNumbers> numbers() {
        return numbers;
    }

    /// The value of a column that a row lacks: its default, if it has one.
    static Optional<Column> defaultOf(StructField column) {
        return text(column, TableStatement.DEFAULT).map(functions::expr);
    }

    /// Whether the column's texts have a length.
    private static boolean isLimited(StructField column) {
        return !DeclaredText.of(column).equals(DeclaredText.NONE);
    }

    static boolean isGenerated(StructField column) {
        return column.metadata().entries().containsKey(GENERATED);
    }

    private static Optional<String> text(StructField column, String fact) {
        return Optional.ofNullable(column.metadata().entries().get(fact)).map(Object::toString);
    }

    /// Whether a table demands the same of rows.
    boolean sameAsOf(TableMetadata other) {
        return rules.equals(rulesOf(other)) && texts(schema).equals(texts(other.schema()));
    }

    private static Map<String, DeclaredText> texts(StructType columns) {
        return columns.fieldList().stream().collect(Collectors.toMap(StructField::name, DeclaredText::of));
    }

    /// All that must be true of rows, in an order that stays, but the lengths of texts.
    static List<Rule> rulesOf(TableMetadata metadata) {
        List<Rule> rules = new ArrayList<>();
        new TreeMap<>(metadata.configuration()).forEach((key, condition) -> {
            if (key.startsWith(TableAlteration.CONSTRAINT)) {
                String name = key.substring(TableAlteration.CONSTRAINT.length());
                rules.add(new Rule("the constraint '" + name + "' (" + condition + ")", condition));
            }
        });
        for (StructField column : metadata.schema()) {
            text(column, INVARIANT).ifPresent(json -> {
                Matcher found = INVARIANT_TEXT.matcher(json);
                String condition = found.find() ? found.group(1).replace("\\\"", "\"") : json;
                rules.add(new Rule("the rule of column '" + column.name() + "' (" + condition + ")", condition));
            });
            text(column, GENERATED)
                    .ifPresent(expression -> rules.add(new Rule(
                            "the generated column '" + column.name() + "' (" + expression + ")",
                            ClauseColumns.quoted(column.name()) + " <=> CAST((" + expression + ") AS "
                                    + column.dataType().sql() + ")")));
        }
        return rules;
    }

    private static StructType columnsOfRows(TableMetadata metadata) {
        return new StructType(metadata.schema().fieldList().stream()
                .map(field -> new StructField(field.name(), field.dataType(), true))
                .toList());
    }

    /// The columns of the table that a rule speaks of, however it spells them. If it can't be understood, such as one
    /// with a function of another engine, those whose names are in its text.
    static Set<String> columnsOf(Path table, TableMetadata metadata, Rule rule) {
        Set<String> names = new HashSet<>();
        try {
            addColumns(bound(table, columnsOfRows(metadata), rule), metadata.schema(), names);
        } catch (QueryException notUnderstood) {
            metadata.schema().names().stream()
                    .filter(name -> isIn(name, rule.condition()))
                    .forEach(names::add);
        }
        return names;
    }

    private static boolean isIn(String name, String condition) {
        return Pattern.compile(
                        "(?<!\\w)" + Pattern.quote(name) + "(?!\\w)",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS)
                .matcher(condition)
                .find();
    }

    private static void addColumns(BoundExpr expr, StructType schema, Set<String> names) {
        if (expr instanceof BoundExpr.Column column) {
            names.add(schema.field(column.ordinal()).name());
        }
        expr.operands().forEach(operand -> addColumns(operand, schema, names));
    }

    private static BoundExpr bound(Path table, StructType columns, Rule rule) {
        try {
            Column holds = functions.coalesce(functions.expr(rule.condition()), functions.lit(false));
            NamedPlan rows = new NamedPlan.LocalRelation(columns, List.of());
            LogicalPlan plan = Analyzer.analyze(new NamedPlan.Filter(rows, Frames.expression(holds)), Map.of())
                    .plan();
            return ((LogicalPlan.Filter) plan).predicate();
        } catch (QueryException | ClassCastException notUnderstood) {
            throw invalid(table, rule.text(), notUnderstood);
        }
    }

    private static QueryException invalid(Path table, String rule, RuntimeException why) {
        return new QueryException(
                "DELTA_INVALID_RULE",
                table + ": " + rule + " can't be checked, so no rows can be written: " + why.getMessage(),
                why);
    }

    private ComputeProgram violations() {
        BoundExpr broken = new BoundExpr.Not(conditions.getFirst());
        for (BoundExpr condition : conditions.subList(1, conditions.size())) {
            broken = new BoundExpr.Or(broken, new BoundExpr.Not(condition));
        }
        return program(Optional.of(broken), references());
    }

    private List<BoundExpr> references() {
        List<BoundExpr> references = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            references.add(new BoundExpr.Column(
                    i, columns.field(i).name(), columns.field(i).dataType(), true));
        }
        return references;
    }

    private ComputeProgram program(Optional<BoundExpr> predicate, List<BoundExpr> outputs) {
        return ComputeCompiler.whenWorthwhile(
                new InterpretedProgram(predicate, outputs, columns), predicate, outputs, columns);
    }

    /// @param absent names of columns that the rows lack
    private Optional<ComputeProgram> filled(Set<String> absent) {
        List<NamedExpr> values = new ArrayList<>();
        boolean any = false;
        for (StructField column : schema) {
            Column value = functions.col(ClauseColumns.quoted(column.name()));
            Optional<String> generated = text(column, GENERATED);
            Optional<String> instead = text(column, TableStatement.DEFAULT).filter(_ -> absent.contains(column.name()));
            if (generated.isPresent()) {
                any = true;
                value = functions.coalesce(
                        value, functions.expr(generated.get()).cast(column.dataType()));
            } else if (instead.isPresent()) {
                any = true;
                value = functions.expr(instead.get()).cast(column.dataType());
            }
            Optional<UserFunction> checked = TextLengths.checked(column);
            if (checked.isPresent()) {
                any = true;
                value = Frames.column(new NamedExpr.Apply(checked.get(), List.of(Frames.expression(value))));
            }
            values.add(Frames.expression(value.as(column.name())));
        }
        if (!any) {
            return Optional.empty();
        }
        try {
            NamedPlan rows = new NamedPlan.LocalRelation(columns, List.of());
            LogicalPlan plan = Analyzer.analyze(new NamedPlan.Project(rows, values), Map.of())
                    .plan();
            List<BoundExpr> outputs = ((LogicalPlan.Project) plan)
                    .columns().stream().map(output -> output.expr()).toList();
            return Optional.of(program(Optional.empty(), outputs));
        } catch (QueryException | ClassCastException notUnderstood) {
            throw invalid(table, "what a column is generated from, or its default,", notUnderstood);
        }
    }

    boolean isEmpty() {
        return violations.isEmpty() && !givesValues;
    }

    /// @param task whose rows they are: what is drawn, such as by `uuid()`, depends on it, and not on other tasks
    /// @param absent names of columns that the rows lack
    Worker start(int task, Set<String> absent, BufferAllocator allocator) {
        return new Worker(context.ofSplit(task), absent, allocator);
    }

    /// Applies the rules. Used by one thread.
    final class Worker implements AutoCloseable {
        private final Optional<ComputeProgram.Worker> violating;
        private final Optional<ComputeProgram.Worker> filling;

        private Worker(EvalContext ofTask, Set<String> absent, BufferAllocator allocator) {
            filling = filled(absent).map(program -> program.start(ofTask, allocator));
            violating = violations.map(program -> program.start(ofTask, allocator));
        }

        /// The rows with what the table generates.
        ///
        /// @param rows the table's columns; borrowed
        /// @return owned by the caller
        /// @throws DataException `DELTA_CONSTRAINT_VIOLATED`, `EXCEED_LIMIT_LENGTH`
        Chunk apply(Chunk rows, Coming coming, StructType schema) {
            try (Chunk numbered =
                    numbers.isPresent() && coming == Coming.NEW ? numbers.get().give(rows) : shared(rows)) {
                return complete(numbered, schema);
            }
        }

        private Chunk complete(Chunk rows, StructType schema) {
            Chunk complete = filling.isPresent() ? filling.get().run(rows) : shared(rows);
            try {
                check(complete);
                try (Chunk all = complete) {
                    return all.withSchema(schema);
                }
            } catch (RuntimeException failed) {
                complete.close();
                throw failed;
            }
        }

        private static Chunk shared(Chunk rows) {
            List<FieldVector> vectors = new ArrayList<>();
            for (int i = 0; i < rows.columnCount(); i++) {
                vectors.add(rows.share(i));
            }
            return new Chunk(rows.schema(), vectors, rows.rowCount());
        }

        private void check(Chunk rows) {
            if (violating.isEmpty()) {
                return;
            }
            try (Chunk broken = violating.get().run(rows)) {
                if (broken.rowCount() > 0) {
                    throw violated(broken);
                }
            }
        }

        @Override
        public void close() {
            violating.ifPresent(ComputeProgram.Worker::close);
            filling.ifPresent(ComputeProgram.Worker::close);
        }
    }

    private DataException violated(Chunk rows) {
        int which = 0;
        while (which < conditions.size() - 1
                && Boolean.TRUE.equals(Interpreter.evaluate(
                        conditions.get(which), ordinal -> Cell.read(rows.column(ordinal), 0), context))) {
            which++;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < Math.min(6, rows.columnCount()); i++) {
            texts.add(columns.field(i).name() + "=" + Cell.read(rows.column(i), 0));
        }
        return new DataException(
                "DELTA_CONSTRAINT_VIOLATED",
                table + ": the row (" + String.join(", ", texts) + (columns.size() > 6 ? ", …" : "")
                        + ") to write breaks " + rules.get(which).text()
                        + ". Nothing was written; filter such rows out, or mend them.");
    }

    /// A column of which the rows say nothing.
    static FieldVector absent(StructField field, int count, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(field.name(), field.dataType(), allocator);
        vector.setInitialCapacity(count);
        vector.allocateNew();
        vector.setValueCount(count);
        return vector;
    }
}
