package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BeginEndCompoundBlockContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BeginLabelContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CaseStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CompoundBodyContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CompoundStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConditionValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DeclareConditionStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DeclareHandlerStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.EndLabelContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ForStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IfElseStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LoopStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RepeatStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SearchedCaseStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetStatementInsideSqlScriptContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetVariableInsideSqlScriptContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SimpleCaseStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleCompoundStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SqlStateValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhileStatementContext;
import org.jspecify.annotations.Nullable;

/// Reads what scripts consist of, and checks labels and the places of declarations. The statements in it are read when
/// they are reached, each by a reading of its own.
final class ScriptReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final Pattern SQL_STATE = Pattern.compile("(?!00|01|XX)[A-Z0-9]{5}");

    private final SqlText text;
    private final Names names;
    private final LiteralReader literals;
    private final Supplier<Reading> readings;
    private final Deque<Label> labels = new ArrayDeque<>();

    /// The conditions that are declared in the blocks around what is read; none hides another.
    private final Deque<Set<String>> conditions = new ArrayDeque<>();

    private record Label(String name, Labelled what) {}

    /// What names of labels stand for; none hides another.
    private enum Labelled {
        BLOCK,
        LOOP,
        /// The row of a FOR, which is no label: nothing leaves it.
        ROW
    }

    /// What may still be declared in a block.
    private enum Declarations {
        ALL,
        HANDLERS,
        NONE
    }

    /// @param reading of the script as a whole
    /// @param readings of its parts
    ScriptReader(Reading reading, Supplier<Reading> readings) {
        this.text = reading.text();
        this.names = reading.names();
        this.literals = reading.literals();
        this.readings = readings;
    }

    Script.Block script(SingleCompoundStatementContext context) {
        return block(Optional.empty(), context.compoundBody());
    }

    private Script.Block block(BeginEndCompoundBlockContext context) {
        return labelled(
                context.beginLabel(),
                context.endLabel(),
                Labelled.BLOCK,
                label -> block(label, context.compoundBody()));
    }

    private Script.Block block(Optional<String> label, @Nullable CompoundBodyContext body) {
        List<Script> steps = new ArrayList<>();
        List<Script.Handler> handlers = new ArrayList<>();
        Set<Script.Handled> handled = new HashSet<>();
        Declarations allowed = Declarations.ALL;
        conditions.push(new HashSet<>());
        for (CompoundStatementContext each : statements(body)) {
            if (each.statement() instanceof CreateVariableContext declare) {
                if (allowed != Declarations.ALL) {
                    throw text.error(
                            "INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING",
                            "Variables are declared at the beginning of BEGIN … END, before handlers and other statements.",
                            declare);
                }
                steps.add(run(declare));
            } else if (each.declareConditionStatement() != null) {
                if (allowed != Declarations.ALL) {
                    throw misplacedCondition(each);
                }
                declare(each.declareConditionStatement());
            } else if (each.declareHandlerStatement() != null) {
                if (allowed == Declarations.NONE) {
                    throw misplacedHandler(each);
                }
                allowed = Declarations.HANDLERS;
                handlers.add(handler(each.declareHandlerStatement(), handled));
            } else {
                allowed = Declarations.NONE;
                steps.add(step(each));
            }
        }
        conditions.pop();
        return new Script.Block(label, steps, handlers);
    }

    private static List<CompoundStatementContext> statements(@Nullable CompoundBodyContext body) {
        return body == null ? List.of() : body.compoundStatement();
    }

    /// Statements of a branch or a loop, where nothing is declared.
    private List<Script> steps(@Nullable CompoundBodyContext body) {
        List<Script> steps = new ArrayList<>();
        for (CompoundStatementContext each : statements(body)) {
            if (each.statement() instanceof CreateVariableContext declare) {
                throw text.error(
                        "INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE",
                        "Variables are declared at the beginning of BEGIN … END: put one around these statements.",
                        declare);
            }
            if (each.declareConditionStatement() != null) {
                throw misplacedCondition(each);
            }
            if (each.declareHandlerStatement() != null) {
                throw misplacedHandler(each);
            }
            steps.add(step(each));
        }
        return steps;
    }

    private QueryException misplacedCondition(ParserRuleContext at) {
        return text.error(
                "INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT",
                "Conditions are declared at the beginning of BEGIN … END, before handlers and other statements.",
                at);
    }

    private QueryException misplacedHandler(ParserRuleContext at) {
        return text.error(
                "INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION",
                "Handlers are declared in BEGIN … END, behind variables and conditions and before other statements.",
                at);
    }

    private Script step(CompoundStatementContext context) {
        if (context.statement() != null) {
            return run(context.statement());
        }
        if (context.setStatementInsideSqlScript() != null) {
            return set(context.setStatementInsideSqlScript());
        }
        if (context.beginEndCompoundBlock() != null) {
            return block(context.beginEndCompoundBlock());
        }
        if (context.ifElseStatement() != null) {
            return choice(context.ifElseStatement());
        }
        if (context.caseStatement() != null) {
            return choice(context.caseStatement());
        }
        if (context.leaveStatement() != null) {
            String label = names.plain(context.leaveStatement().strictIdentifier());
            known(label, "LEAVE", context);
            return new Script.Leave(label);
        }
        if (context.iterateStatement() != null) {
            String label = names.plain(context.iterateStatement().strictIdentifier());
            if (known(label, "ITERATE", context).what() != Labelled.LOOP) {
                throw text.error(
                        "INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND",
                        "ITERATE " + label + ": '" + label
                                + "' is the label of BEGIN … END, which has no rounds. LEAVE " + label
                                + " goes behind it.",
                        context);
            }
            return new Script.Iterate(label);
        }
        return loop(context);
    }

    private Script loop(CompoundStatementContext context) {
        if (context.whileStatement() != null) {
            WhileStatementContext loop = context.whileStatement();
            return labelled(
                    loop.beginLabel(),
                    loop.endLabel(),
                    Labelled.LOOP,
                    label -> new Script.Loop(
                            label,
                            Optional.of(condition(loop.booleanExpression())),
                            steps(loop.compoundBody()),
                            Optional.empty()));
        }
        if (context.repeatStatement() != null) {
            RepeatStatementContext loop = context.repeatStatement();
            return labelled(
                    loop.beginLabel(),
                    loop.endLabel(),
                    Labelled.LOOP,
                    label -> new Script.Loop(
                            label,
                            Optional.empty(),
                            steps(loop.compoundBody()),
                            Optional.of(condition(loop.booleanExpression()))));
        }
        if (context.loopStatement() != null) {
            LoopStatementContext loop = context.loopStatement();
            return labelled(
                    loop.beginLabel(),
                    loop.endLabel(),
                    Labelled.LOOP,
                    label -> new Script.Loop(label, Optional.empty(), steps(loop.compoundBody()), Optional.empty()));
        }
        if (context.forStatement() != null) {
            ForStatementContext loop = context.forStatement();
            return labelled(loop.beginLabel(), loop.endLabel(), Labelled.LOOP, label -> each(label, loop));
        }
        throw text.unsupported("This kind of statement is not supported in a script.", context);
    }

    private Script each(Optional<String> label, ForStatementContext loop) {
        Script.Part<NamedPlan> query = part(reading -> reading.queries().query(loop.query()));
        if (loop.strictIdentifier() == null) {
            return new Script.For(label, Optional.empty(), query, steps(loop.compoundBody()));
        }
        String variable = names.plain(loop.strictIdentifier());
        return within(
                variable,
                Labelled.ROW,
                loop,
                () -> new Script.For(label, Optional.of(variable), query, steps(loop.compoundBody())));
    }

    // ---- Labels

    private <T extends Script> T labelled(
            @Nullable BeginLabelContext begin,
            @Nullable EndLabelContext end,
            Labelled what,
            Function<Optional<String>, T> read) {
        Optional<String> label = Optional.ofNullable(begin).map(it -> names.plain(it.strictIdentifier()));
        Optional<String> last = Optional.ofNullable(end).map(it -> names.plain(it.strictIdentifier()));
        if (end != null && label.isEmpty()) {
            throw text.error(
                    "END_LABEL_WITHOUT_BEGIN_LABEL",
                    "'" + last.orElseThrow() + "' stands at the end, but no label at the beginning. Write "
                            + last.orElseThrow() + ": there.",
                    end);
        }
        if (end != null && !last.orElseThrow().equalsIgnoreCase(label.orElseThrow())) {
            throw text.error(
                    "LABELS_MISMATCH",
                    "The label at the beginning is '" + label.orElseThrow() + "', that at the end '"
                            + last.orElseThrow() + "'. Write the same one.",
                    end);
        }
        return begin == null ? read.apply(label) : within(label.orElseThrow(), what, begin, () -> read.apply(label));
    }

    private <T> T within(String label, Labelled what, ParserRuleContext at, Supplier<T> read) {
        if (find(label).isPresent()) {
            throw text.error(
                    "LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS",
                    "'" + label
                            + "' is already the label, or the variable of FOR, of what this stands in. Choose another"
                            + " name.",
                    at);
        }
        labels.push(new Label(label, what));
        T inside = read.get();
        labels.pop();
        return inside;
    }

    private Optional<Label> find(String label) {
        return labels.stream()
                .filter(known -> known.name().equalsIgnoreCase(label))
                .findFirst();
    }

    private Label known(String label, String statement, ParserRuleContext at) {
        return find(label)
                .filter(known -> known.what() != Labelled.ROW)
                .orElseThrow(() -> text.error(
                        "INVALID_LABEL_USAGE.DOES_NOT_EXIST",
                        statement + " " + label + ": this does not stand in a block or loop with the label '" + label
                                + "'.",
                        at));
    }

    // ---- Branches

    private Script choice(IfElseStatementContext context) {
        List<BooleanExpressionContext> conditions = context.booleanExpression();
        return new Script.If(branches(conditions, this::condition, context.conditionalBodies), steps(context.elseBody));
    }

    private Script choice(CaseStatementContext context) {
        return switch (context) {
            case SearchedCaseStatementContext choice ->
                new Script.If(
                        branches(choice.conditions, this::condition, choice.conditionalBodies), steps(choice.elseBody));
            case SimpleCaseStatementContext choice ->
                new Script.Case(
                        expression(choice.caseVariable),
                        branches(choice.conditionExpressions, this::expression, choice.conditionalBodies),
                        steps(choice.elseBody));
            default -> throw text.unsupported("This kind of CASE is not supported.", context);
        };
    }

    private <C> List<Script.Branch> branches(
            List<C> conditions, Function<C, Script.Part<NamedExpr>> read, List<CompoundBodyContext> bodies) {
        return IntStream.range(0, conditions.size())
                .mapToObj(i -> new Script.Branch(read.apply(conditions.get(i)), steps(bodies.get(i))))
                .toList();
    }

    // ---- Conditions and handlers

    /// Makes the name one that handlers may have. What raises such conditions, SIGNAL, is not in the grammar.
    private void declare(DeclareConditionStatementContext context) {
        String name = names.plain(context.strictIdentifier());
        if (!NAME.matcher(name).matches()) {
            throw text.error(
                    "INVALID_ERROR_CONDITION_DECLARATION.SPECIAL_CHARACTER_FOUND",
                    "'" + name + "' is no name of a condition: it has letters, digits and underscores.",
                    context.strictIdentifier());
        }
        if (conditions.stream().anyMatch(known -> known.contains(name.toUpperCase(Locale.ROOT)))) {
            throw text.error(
                    "DUPLICATE_CONDITION_IN_SCOPE",
                    "'" + name + "' is already a condition of this block, or of one around it. Choose another name.",
                    context);
        }
        if (context.sqlStateValue() != null) {
            sqlState(context.sqlStateValue());
        }
        conditions.element().add(name.toUpperCase(Locale.ROOT));
    }

    /// @return in upper case
    private String sqlState(SqlStateValueContext context) {
        String given = literals.string(context.stringLit());
        String state = given.toUpperCase(Locale.ROOT);
        if (!SQL_STATE.matcher(state).matches()) {
            throw text.error(
                    "INVALID_SQLSTATE",
                    "'" + given
                            + "' is no SQLSTATE of an error: write five letters and digits that don't begin with 00, 01 or XX,"
                            + " such as '22012'.",
                    context);
        }
        return state;
    }

    private Script.Handler handler(DeclareHandlerStatementContext context, Set<Script.Handled> ofBlock) {
        if (context.CONTINUE() != null) {
            throw text.unsupported("CONTINUE handlers are not supported, as in Spark: write EXIT.", context);
        }
        Set<Script.Handled> handled = new HashSet<>();
        for (ConditionValueContext each : context.conditionValues().cvList) {
            Script.Handled meant = handled(each);
            if (!handled.add(meant)) {
                throw text.error(
                        meant instanceof Script.Handled.State
                                ? "INVALID_HANDLER_DECLARATION.DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION"
                                : "INVALID_HANDLER_DECLARATION.DUPLICATE_CONDITION_IN_HANDLER_DECLARATION",
                        "The handler is for " + meant + " twice. Name it once.",
                        each);
            }
            if (!ofBlock.add(meant)) {
                throw text.error(
                        meant instanceof Script.Handled.State
                                ? "DUPLICATE_EXCEPTION_HANDLER.SQLSTATE"
                                : "DUPLICATE_EXCEPTION_HANDLER.CONDITION",
                        "There is a handler for " + meant + " in this block already. Keep one of them.",
                        each);
            }
        }
        if (handled.stream().map(ScriptReader::isClass).distinct().count() > 1) {
            throw text.error(
                    "INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION",
                    "SQLEXCEPTION and NOT FOUND don't stand beside names of conditions and SQLSTATEs. Declare two handlers.",
                    context.conditionValues());
        }
        Script action;
        if (context.beginEndCompoundBlock() != null) {
            action = block(context.beginEndCompoundBlock());
        } else {
            action =
                    context.statement() != null ? run(context.statement()) : set(context.setStatementInsideSqlScript());
        }
        return new Script.Handler(handled, action);
    }

    private static boolean isClass(Script.Handled handled) {
        return handled instanceof Script.Handled.NotFound || handled instanceof Script.Handled.SqlException;
    }

    private Script.Handled handled(ConditionValueContext context) {
        if (context.SQLEXCEPTION() != null) {
            return new Script.Handled.SqlException();
        }
        if (context.sqlStateValue() != null) {
            return new Script.Handled.State(sqlState(context.sqlStateValue()));
        }
        return context.multipartIdentifier() == null
                ? new Script.Handled.NotFound()
                : new Script.Handled.Condition(String.join(".", names.of(context.multipartIdentifier()))
                        .toUpperCase(Locale.ROOT));
    }

    // ---- Parts

    private Script run(StatementContext context) {
        return new Script.Run(part(reading -> new StatementReader(reading).statement(context)));
    }

    private Script set(SetStatementInsideSqlScriptContext context) {
        if (context instanceof SetVariableInsideSqlScriptContext set) {
            return new Script.Run(part(reading -> new VariableReader(reading).set(set)));
        }
        throw text.unsupported("This kind of SET is not supported in a script.", context);
    }

    private Script.Part<NamedExpr> condition(BooleanExpressionContext context) {
        return part(reading -> reading.expressions().condition(context));
    }

    private Script.Part<NamedExpr> expression(ExpressionContext context) {
        return part(reading -> reading.expressions().expression(context));
    }

    private <T> Script.Part<T> part(Function<Reading, T> read) {
        return () -> {
            Reading reading = readings.get();
            return new SqlParser.Parsed<>(read.apply(reading), reading.text());
        };
    }
}
