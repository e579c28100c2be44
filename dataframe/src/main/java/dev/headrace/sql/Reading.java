package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ByteType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import org.antlr.v4.runtime.ParserRuleContext;

/// One reading of one SQL text: the readers of its parts, which call each other.
final class Reading {
    private final SqlText text;
    private final ZoneId zone;
    private final Names names;
    private final Constants constants;
    private final LiteralReader literals;
    private final TypeReader types;
    private final ExpressionReader expressions;
    private final FunctionReader functions;
    private final WindowReader windows;
    private final RelationReader relations;
    private final SelectReader selects;
    private final QueryReader queries;

    Reading(SqlText text, Parameters parameters, ZoneId zone, Relations tables) {
        this.text = text;
        this.zone = zone;
        this.names = new Names(text, this);
        this.constants = new Constants(zone);
        this.literals = new LiteralReader(text, parameters, zone);
        this.types = new TypeReader(text, names, literals);
        this.expressions = new ExpressionReader(this);
        this.functions = new FunctionReader(this);
        this.windows = new WindowReader(this);
        this.relations = new RelationReader(this, tables);
        this.selects = new SelectReader(this);
        this.queries = new QueryReader(this);
    }

    SqlText text() {
        return text;
    }

    /// Of the session.
    ZoneId zone() {
        return zone;
    }

    /// Remembers where a part of the plan stands.
    <T> T placed(T part, ParserRuleContext context) {
        return text.placed(part, context);
    }

    /// The value of an expression that has to be known now; empty if it isn't.
    Optional<Scalar> constant(NamedExpr expr) {
        return text.within(() -> constants.value(expr));
    }

    /// The same if it is a whole number.
    OptionalLong wholeNumber(NamedExpr expr) {
        return constant(expr)
                .filter(value -> value.type() instanceof ByteType
                        || value.type() instanceof ShortType
                        || value.type() instanceof IntegerType
                        || value.type() instanceof LongType)
                .map(Scalar::value)
                .map(number -> OptionalLong.of(((Number) number).longValue()))
                .orElse(OptionalLong.empty());
    }

    Names names() {
        return names;
    }

    LiteralReader literals() {
        return literals;
    }

    TypeReader types() {
        return types;
    }

    ExpressionReader expressions() {
        return expressions;
    }

    FunctionReader functions() {
        return functions;
    }

    WindowReader windows() {
        return windows;
    }

    RelationReader relations() {
        return relations;
    }

    SelectReader selects() {
        return selects;
    }

    QueryReader queries() {
        return queries;
    }
}
