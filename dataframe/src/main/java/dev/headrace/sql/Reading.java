package dev.headrace.sql;

import java.time.ZoneId;
import org.antlr.v4.runtime.ParserRuleContext;

/// One reading of one SQL text: the readers of its parts, which call each other.
final class Reading {
    private final SqlText text;
    private final Names names;
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
        this.names = new Names(text);
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

    /// Remembers where a part of the plan stands.
    <T> T placed(T part, ParserRuleContext context) {
        return text.placed(part, context);
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
