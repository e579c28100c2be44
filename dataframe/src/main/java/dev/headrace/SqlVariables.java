package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Scalar;
import dev.headrace.plan.SessionVariables;
import dev.headrace.sql.Parameters;
import dev.headrace.sql.Statement;
import dev.headrace.types.DataType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Statements about variables, and EXECUTE IMMEDIATE, which uses them.
final class SqlVariables {
    private static final NamedPlan ONE_ROW = new NamedPlan.LocalRelation(new StructType(), List.of(List.of()));

    private final Session session;
    private final Variables variables;

    SqlVariables(Session session) {
        this.session = session;
        this.variables = session.variables();
    }

    // ---- DECLARE, DROP

    /// In a script, variables of its block.
    void declare(Statement.DeclareVariables declare) {
        Optional<ScriptScope> script = ScriptScope.innermost();
        script.ifPresent(_ -> checkLocal(declare));
        Variables into = script.map(ScriptScope::own).orElse(variables);
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (List<String> parts : declare.names()) {
            String name = name(parts);
            if (!names.add(name)) {
                throw new QueryException(
                        "DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE",
                        "DECLARE VARIABLE: '" + name + "' stands twice. Name each variable once.");
            }
            if (!declare.replace() && into.get(name).isPresent()) {
                throw new QueryException(
                        "VARIABLE_ALREADY_EXISTS",
                        "DECLARE VARIABLE: there is a variable '" + name
                                + "' already. Write DECLARE OR REPLACE VARIABLE, or SET VARIABLE to give it a value.");
            }
        }
        NamedExpr otherwise = declare.otherwise().orElse(new NamedExpr.Literal(Scalar.NULL));
        checkNoSubquery(otherwise);
        Scalar value = row(List.of(otherwise), declare.type().map(List::of).orElse(List.of()))
                .getFirst();
        names.forEach(name -> into.put(name, new Variables.Variable(value.type(), otherwise, value)));
    }

    private static void checkLocal(Statement.DeclareVariables declare) {
        if (declare.replace()) {
            throw new QueryException(
                    "INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE",
                    "DECLARE OR REPLACE: variables of a script are there for their block, in which each is declared once."
                            + " Write DECLARE.");
        }
        if (declare.names().stream().anyMatch(parts -> parts.size() > 1)) {
            throw new QueryException(
                    "INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE",
                    "DECLARE: a variable of a script belongs to its block, so its name has one part.");
        }
    }

    private static void checkNoSubquery(NamedExpr otherwise) {
        boolean subquery = switch (otherwise) {
            case NamedExpr.ScalarSubquery _, NamedExpr.InSubquery _, NamedExpr.Exists _ -> true;
            default -> false;
        };
        if (subquery) {
            throw new QueryException(
                            "INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION",
                            "DECLARE VARIABLE: a default can't have a subquery in it. Give a constant, and then SET VARIABLE.")
                    .within(otherwise);
        }
        otherwise.operands().forEach(SqlVariables::checkNoSubquery);
    }

    void drop(Statement.DropVariable drop) {
        if (ScriptScope.innermost().isPresent()) {
            throw new QueryException(
                    "UNSUPPORTED_SQL",
                    "DROP TEMPORARY VARIABLE does not stand in a script, whose variables go with their blocks. Drop those of"
                            + " the session behind it.");
        }
        String name = name(drop.name());
        if (!variables.remove(name) && !drop.ifExists()) {
            throw new QueryException(
                    "VARIABLE_NOT_FOUND",
                    "DROP TEMPORARY VARIABLE: there is no variable '" + name
                            + "'. Write IF EXISTS if there need not be one. "
                            + Suggestion.didYouMean(name, variables.names()));
        }
    }

    /// @throws QueryException `UNRESOLVED_VARIABLE` for other qualifiers than those of the session
    private String name(List<String> parts) {
        if (!SessionVariables.areQualifiers(parts.subList(0, parts.size() - 1))) {
            throw unresolved(parts, "Variables are in system.session: write the name alone, or session.name.");
        }
        return parts.getLast();
    }

    private static QueryException unresolved(List<String> parts, String advice) {
        return new QueryException(
                "UNRESOLVED_VARIABLE", "There is no variable '" + String.join(".", parts) + "'. " + advice);
    }

    // ---- SET

    void set(Statement.SetVariables set) {
        set(ScriptScope.innermost(), set.names(), set.row());
    }

    /// @param script whose variables may be meant
    private void set(Optional<ScriptScope> script, List<List<String>> targets, NamedPlan row) {
        List<String> names = new ArrayList<>();
        List<Variables> holders = new ArrayList<>();
        List<Variables.Variable> found = new ArrayList<>();
        for (List<String> parts : targets) {
            Optional<Variables> local = script.flatMap(scope -> scope.holder(parts));
            String name = local.isPresent() ? parts.getLast() : name(parts);
            holders.add(local.orElse(variables));
            found.add(holders.getLast()
                    .get(name)
                    .orElseThrow(() -> unresolved(
                            parts,
                            "Make it with DECLARE VARIABLE. " + Suggestion.didYouMean(name, variables.names()))));
            int at = holders.size() - 1;
            if (IntStream.range(0, at)
                    .anyMatch(i -> name.equalsIgnoreCase(names.get(i)) && holders.get(i) == holders.get(at))) {
                throw new QueryException(
                        "DUPLICATE_ASSIGNMENTS", "'" + name + "' is given two values. Give each variable one.");
            }
            names.add(name);
        }
        List<Optional<NamedExpr>> defaults = found.stream()
                .map(variable -> Optional.of(variable.otherwise()))
                .toList();
        NamedPlan plan =
                DefaultValues.replaced(row, defaults, query -> frame(query).schema());
        List<Scalar> values =
                row(plan, found.stream().map(Variables.Variable::type).toList());
        for (int i = 0; i < names.size(); i++) {
            holders.get(i).put(names.get(i), found.get(i).with(values.get(i)));
        }
    }

    // ---- EXECUTE IMMEDIATE

    DataFrame execute(Statement.Execute execute) {
        List<NamedExpr> exprs = new ArrayList<>(List.of(execute.text()));
        exprs.addAll(execute.arguments());
        List<Scalar> values = row(exprs, List.of());
        Parameters parameters = parameters(execute.arguments(), values.subList(1, values.size()));
        String text = text(values.getFirst());
        Optional<ScriptScope> script = ScriptScope.innermost();
        Supplier<DataFrame> run = () -> execute.into().isEmpty()
                ? SqlStatements.run(session, text, parameters)
                : SqlStatements.run(session, text, parameters, statement -> into(script, execute.into(), statement));
        // The text does not see the variables of a script that it is executed in.
        return script.isPresent() ? ScriptScope.outside(variables, run) : run.get();
    }

    private static String text(Scalar text) {
        if (text.isNull()) {
            throw new QueryException(
                    "NULL_QUERY_STRING_EXECUTE_IMMEDIATE",
                    "EXECUTE IMMEDIATE: the text of the statement is null. Give a text.");
        }
        if (!(text.type() instanceof StringType)) {
            throw new QueryException(
                    "INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE",
                    "EXECUTE IMMEDIATE: the statement has to be a text, not of type "
                            + text.type().simpleString() + ".");
        }
        return text.toString();
    }

    private DataFrame into(Optional<ScriptScope> script, List<List<String>> targets, Statement statement) {
        if (!(statement instanceof Statement.Query(NamedPlan plan))) {
            throw new QueryException(
                    "INVALID_STATEMENT_FOR_EXECUTE_INTO",
                    "EXECUTE IMMEDIATE … INTO takes the row of a query, and the statement is none. Leave INTO out.");
        }
        set(script, targets, plan);
        return session.emptyDataFrame();
    }

    /// By position, and by name for those that have an alias or are variables.
    private static Parameters parameters(List<NamedExpr> arguments, List<Scalar> values) {
        Map<String, NamedExpr> named = new HashMap<>();
        List<NamedExpr> positional = new ArrayList<>();
        List<String> nameless = new ArrayList<>();
        for (NamedExpr argument : arguments) {
            NamedExpr value = new NamedExpr.Literal(values.get(positional.size()));
            positional.add(value);
            Optional<String> name = parameterName(argument);
            if (name.isEmpty()) {
                nameless.add(argument.text());
            } else if (named.put(name.get(), value) != null && argument instanceof NamedExpr.Alias) {
                throw new QueryException(
                        "EXEC_IMMEDIATE_DUPLICATE_ARGUMENT_ALIASES",
                        "EXECUTE IMMEDIATE … USING: there are two values for :" + name.get()
                                + ". Give each parameter one.");
            }
        }
        return new Parameters(named, positional, nameless);
    }

    private static Optional<String> parameterName(NamedExpr argument) {
        return argument instanceof NamedExpr.Name(List<String> parts, OptionalLong _)
                ? Optional.of(parts.getLast())
                : argument.alias();
    }

    // ---- Values

    private DataFrame frame(NamedPlan plan) {
        return DataFrame.of(session, plan, session.tables().open());
    }

    /// The value of an expression without columns.
    Scalar value(NamedExpr expr) {
        return row(List.of(expr), List.of()).getFirst();
    }

    private List<Scalar> row(List<NamedExpr> exprs, List<DataType> types) {
        return row(new NamedPlan.Project(ONE_ROW, exprs), types);
    }

    /// The values of the one row of a query, or nulls if it has none.
    ///
    /// @param types that they are cast to; none: as they are
    /// @throws QueryException `ASSIGNMENT_ARITY_MISMATCH`, `ROW_SUBQUERY_TOO_MANY_ROWS`
    private List<Scalar> row(NamedPlan plan, List<DataType> types) {
        DataFrame given = frame(plan);
        StructType schema = given.schema();
        if (!types.isEmpty() && types.size() != schema.size()) {
            throw new QueryException(
                    "ASSIGNMENT_ARITY_MISMATCH",
                    "SET VARIABLE: the query gives " + schema.size() + " columns for " + types.size()
                            + " variables. Give a column for each.");
        }
        List<DataType> wanted = types.isEmpty()
                ? schema.fieldList().stream().map(field -> field.dataType()).toList()
                : types;
        DataFrame named = given.toDF(
                IntStream.range(0, schema.size()).mapToObj(i -> "_" + i).toArray(String[]::new));
        Column[] columns = IntStream.range(0, schema.size())
                .mapToObj(i -> schema.field(i).dataType().equals(wanted.get(i))
                        ? functions.col("_" + i)
                        : functions.col("_" + i).cast(wanted.get(i)))
                .toArray(Column[]::new);
        List<List<@Nullable Object>> rows = new Execution(named.select(columns).limit(2), "SET VARIABLE").cells();
        if (rows.size() > 1) {
            throw new QueryException(
                    "ROW_SUBQUERY_TOO_MANY_ROWS",
                    "SET VARIABLE: the query gives more than one row. Add a condition or LIMIT 1.");
        }
        return IntStream.range(0, wanted.size())
                .mapToObj(
                        i -> new Scalar(rows.isEmpty() ? null : rows.getFirst().get(i), wanted.get(i)))
                .toList();
    }
}
