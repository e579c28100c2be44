package dev.headrace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;

/// Makes random tables and queries in the SQL that Spark and DuckDB share. Their rows, in any order, are determined by
/// the tables: numbers stay small enough to be exact, and what depends on an order is ordered by all columns.
final class RandomQueries {
    private static final List<String> TEXTS = List.of("", "a", "A", "ab", "b ", "ba", "zz", "\u00e9");
    private static final int DEPTH = 3;

    private final Random random;
    private final List<Relation> tables = new ArrayList<>();
    private int names;
    private int joins;

    RandomQueries(Random random) {
        this.random = random;
    }

    enum Type {
        INT,
        BIGINT,
        DOUBLE,
        DECIMAL,
        STRING,
        BOOLEAN,
        DATE;

        String sql() {
            return this == DECIMAL ? "DECIMAL(12,2)" : name();
        }

        boolean isWhole() {
            return this == INT || this == BIGINT;
        }
    }

    record Column(String name, Type type) {}

    /// A query, or a table, and what it gives.
    record Relation(String sql, List<Column> columns) {
        String names() {
            return String.join(", ", columns.stream().map(Column::name).toList());
        }

        List<Column> of(Type type) {
            return columns.stream().filter(column -> column.type() == type).toList();
        }
    }

    /// A new table, which the queries that follow may read.
    ///
    /// @return a query of its rows
    String table(String name) {
        List<Column> columns = new ArrayList<>();
        for (Type type : Type.values()) {
            columns.add(new Column(fresh(), type));
        }
        columns.add(new Column(fresh(), pick(List.of(Type.values()))));
        int rows = chance(0.1) ? 0 : 1 + random.nextInt(14);
        StringJoiner values = new StringJoiner(", ");
        for (int row = 0; row < Math.max(1, rows); row++) {
            StringJoiner cells = new StringJoiner(", ", "(", ")");
            for (Column column : columns) {
                cells.add("CAST(" + (chance(0.2) ? "NULL" : literal(column.type())) + " AS "
                        + column.type().sql() + ")");
            }
            values.add(cells.toString());
        }
        Relation table = new Relation(name, columns);
        tables.add(table);
        return "SELECT * FROM (VALUES " + values + ") AS t(" + table.names() + ")" + (rows == 0 ? " WHERE false" : "");
    }

    /// A query of the tables.
    String query() {
        joins = 0;
        Relation relation = pick(tables);
        for (int steps = 1 + random.nextInt(5); steps > 0; steps--) {
            relation = step(relation);
        }
        return relation.columns().size() > 12 || !relation.sql().startsWith("SELECT")
                ? project(relation).sql()
                : relation.sql();
    }

    private Relation step(Relation in) {
        return switch (random.nextInt(13)) {
            case 0, 1 -> project(in);
            case 2 -> new Relation("SELECT " + in.names() + from(in) + " WHERE " + condition(in, DEPTH), in.columns());
            case 3, 4, 5 -> joins++ < 2 ? join(in, other()) : project(in);
            case 6 -> semiJoin(in, renamed(pick(tables)));
            case 7 -> scalars(in, renamed(pick(tables)));
            case 8, 9 -> aggregate(in);
            case 10 -> window(in);
            case 11 -> chance(0.3) ? new Relation("SELECT DISTINCT " + in.names() + from(in), in.columns()) : set(in);
            default -> top(in);
        };
    }

    /// Something small to be joined with.
    private Relation other() {
        Relation relation = pick(tables);
        return switch (random.nextInt(4)) {
            case 0 -> project(relation);
            case 1 -> aggregate(relation);
            default -> renamed(relation);
        };
    }

    private Relation renamed(Relation in) {
        List<Column> columns = new ArrayList<>();
        StringJoiner select = new StringJoiner(", ");
        for (Column column : in.columns()) {
            Column renamed = new Column(fresh(), column.type());
            columns.add(renamed);
            select.add(column.name() + " AS " + renamed.name());
        }
        return new Relation("SELECT " + select + from(in), columns);
    }

    private String from(Relation in) {
        String source = in.sql().startsWith("SELECT") ? "(" + in.sql() + ")" : in.sql();
        return " FROM " + source + " AS " + fresh();
    }

    private Relation project(Relation in) {
        List<Column> columns = new ArrayList<>();
        StringJoiner select = new StringJoiner(", ");
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            Column column = new Column(fresh(), pick(List.of(Type.values())));
            columns.add(column);
            select.add(expression(in, column.type(), DEPTH) + " AS " + column.name());
        }
        return new Relation("SELECT " + select + from(in), columns);
    }

    private Relation join(Relation left, Relation right) {
        List<Column> columns = new ArrayList<>(left.columns());
        columns.addAll(right.columns());
        Relation both = new Relation("", columns);
        String kind = pick(List.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"));
        String condition = "";
        if (!kind.equals("CROSS JOIN")) {
            String equal = equality(left, right);
            boolean more = !kind.equals("FULL JOIN") && chance(0.3);
            condition = " ON " + equal + (more ? " AND " + condition(both, 1) : "");
        }
        return new Relation(
                "SELECT " + both.names() + from(left) + " " + kind + from(right).substring(" FROM".length())
                        + condition,
                columns);
    }

    private String equality(Relation left, Relation right) {
        Type type = pick(left.columns()).type();
        String a = column(left, type);
        String b = column(right, type);
        return chance(0.2) ? a + " IS NOT DISTINCT FROM " + b : a + " = " + b;
    }

    private Relation semiJoin(Relation in, Relation other) {
        Type type = pick(in.columns()).type();
        String value = column(in, type);
        String not = chance(0.4) ? "NOT " : "";
        String condition = chance(0.5)
                ? not + "EXISTS (SELECT 1" + from(other) + " WHERE " + column(other, type) + " = " + value + ")"
                : value + " " + not + "IN (SELECT " + column(other, type) + from(other) + ")";
        return new Relation("SELECT " + in.names() + from(in) + " WHERE " + condition, in.columns());
    }

    private Relation scalars(Relation in, Relation other) {
        Type type = pick(in.columns()).type();
        String inner = column(other, type);
        Column column = new Column(fresh(), chance(0.5) ? Type.BIGINT : type);
        String what = column.type() == type ? "max(" + inner + ")" : "count(" + inner + ")";
        String where = chance(0.6) ? " WHERE " + inner + " = " + column(in, type) : "";
        List<Column> columns = new ArrayList<>(in.columns());
        columns.add(column);
        return new Relation(
                "SELECT " + in.names() + ", (SELECT " + what + from(other) + where + ") AS " + column.name() + from(in),
                columns);
    }

    private Relation aggregate(Relation in) {
        List<Column> keys = new ArrayList<>();
        StringJoiner inner = new StringJoiner(", ");
        for (int i = random.nextInt(3); i > 0; i--) {
            Column key = new Column(fresh(), pick(List.of(Type.values())));
            keys.add(key);
            inner.add(expression(in, key.type(), 1) + " AS " + key.name());
        }
        List<Column> values = new ArrayList<>();
        for (Type type : Type.values()) {
            Column value = new Column(fresh(), type);
            values.add(value);
            inner.add(expression(in, type, 1) + " AS " + value.name());
        }
        // Of no rows, Spark's sets of groups give none, DuckDB's a total.
        boolean sets = keys.size() == 2 && chance(0.2);
        Relation rows = new Relation("SELECT " + inner + from(in) + (sets ? oneRow(keys, values) : ""), values);
        List<Column> columns = new ArrayList<>(keys);
        StringJoiner select = new StringJoiner(", ");
        keys.forEach(key -> select.add(key.name()));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            Column column = new Column(fresh(), pick(List.of(Type.values())));
            columns.add(column);
            select.add(aggregateCall(rows, column.type()) + " AS " + column.name());
        }
        String names = String.join(", ", keys.stream().map(Column::name).toList());
        String group = keys.isEmpty()
                ? ""
                : " GROUP BY " + (sets ? pick(List.of("ROLLUP", "CUBE")) + " (" + names + ")" : names);
        String having = chance(0.2) ? " HAVING count(*) > 1" : "";
        return new Relation("SELECT " + select + from(rows) + group + having, columns);
    }

    private String oneRow(List<Column> keys, List<Column> values) {
        StringJoiner cells = new StringJoiner(", ", " UNION ALL SELECT ", "");
        for (List<Column> columns : List.of(keys, values)) {
            columns.forEach(column -> cells.add(
                    "CAST(" + literal(column.type()) + " AS " + column.type().sql() + ")"));
        }
        return cells.toString();
    }

    private String aggregateCall(Relation rows, Type type) {
        String filter = chance(0.2) ? " FILTER (WHERE " + condition(rows, 1) + ")" : "";
        String value = column(rows, type);
        String distinct = chance(0.2) ? "DISTINCT " : "";
        String call = switch (type) {
            case BIGINT ->
                pick(List.of(
                        "count(*)",
                        "count(" + distinct + pick(rows.columns()).name() + ")",
                        "sum(" + distinct + value + ")"));
            case INT -> pick(List.of("sum(" + distinct + value + ")", "min(" + value + ")", "max(" + value + ")"));
            case DECIMAL, DOUBLE ->
                pick(List.of("sum(" + distinct + value + ")", "min(" + value + ")", "max(" + value + ")"));
            case BOOLEAN -> pick(List.of("bool_and(" + value + ")", "bool_or(" + value + ")"));
            case STRING, DATE -> pick(List.of("min(" + value + ")", "max(" + value + ")"));
        };
        return switch (type) {
            case INT, BIGINT -> "CAST(" + call + filter + " % 1000 AS " + type + ")";
            case DECIMAL -> "CAST(" + call + filter + " AS DECIMAL(12,2))";
            default -> call + filter;
        };
    }

    private Relation window(Relation in) {
        Type type = pick(List.of(Type.BIGINT, Type.BIGINT, Type.INT, Type.DOUBLE, Type.STRING, Type.DATE));
        String partition = chance(0.6) ? "PARTITION BY " + pick(in.columns()).name() + " " : "";
        String all = order(in);
        String value = column(in, type);
        Column column = new Column(fresh(), type);
        String some = "ORDER BY " + pick(in.columns()).name() + pick(List.of("", " DESC")) + " NULLS FIRST";
        String rows = pick(List.of(
                "",
                " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
                " ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING",
                " ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING",
                " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"));
        String ranges = pick(List.of(
                "",
                " RANGE BETWEEN 3 PRECEDING AND CURRENT ROW",
                " RANGE BETWEEN 2 PRECEDING AND 4 FOLLOWING",
                " RANGE BETWEEN 1 FOLLOWING AND 5 FOLLOWING",
                " RANGE BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING"));
        String byNumber = "ORDER BY " + column(in, Type.INT) + " NULLS FIRST";
        String call = type == Type.BIGINT
                ? pick(List.of(
                        "row_number() OVER (" + partition + all + ")",
                        "rank() OVER (" + partition + some + ")",
                        "dense_rank() OVER (" + partition + some + ")",
                        "ntile(3) OVER (" + partition + all + ")",
                        "count(" + pick(in.columns()).name() + ") OVER (" + partition + all + rows + ")",
                        "count(*) OVER (" + partition + some + ")",
                        "count(*) OVER (" + partition + byNumber + ranges + ")"))
                : pick(List.of(
                        pick(List.of("min", "max")) + "(" + value + ") OVER (" + partition + all + rows + ")",
                        pick(List.of("min", "max")) + "(" + value + ") OVER (" + partition + byNumber + ranges + ")",
                        pick(List.of("lag", "lead")) + "(" + value + ", " + random.nextInt(3) + ") OVER (" + partition
                                + all + ")",
                        pick(List.of("first_value", "last_value")) + "(" + value + ") OVER (" + partition + all + rows
                                + ")",
                        type == Type.STRING || type == Type.DATE
                                ? "max(" + value + ") OVER (" + partition + some + ")"
                                : "sum(" + value + ") OVER (" + partition + all + rows + ")"));
        String bounded = type.isWhole() ? "CAST(" + call + " % 1000 AS " + type + ")" : call;
        List<Column> columns = new ArrayList<>(in.columns());
        columns.add(column);
        return new Relation("SELECT " + in.names() + ", " + bounded + " AS " + column.name() + from(in), columns);
    }

    private Relation set(Relation in) {
        List<Column> columns = new ArrayList<>();
        StringJoiner first = new StringJoiner(", ");
        StringJoiner second = new StringJoiner(", ");
        Relation other = other();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            Column column = new Column(fresh(), pick(List.of(Type.values())));
            columns.add(column);
            first.add(column(in, column.type()) + " AS " + column.name());
            second.add(column(other, column.type()) + " AS " + fresh());
        }
        String operator = pick(List.of("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"));
        return new Relation("SELECT " + first + from(in) + " " + operator + " SELECT " + second + from(other), columns);
    }

    private Relation top(Relation in) {
        return new Relation(
                "SELECT " + in.names() + from(in) + " " + order(in) + " LIMIT " + random.nextInt(12)
                        + (chance(0.3) ? " OFFSET " + random.nextInt(4) : ""),
                in.columns());
    }

    private String order(Relation in) {
        StringJoiner keys = new StringJoiner(", ", "ORDER BY ", "");
        List<Column> columns = new ArrayList<>(in.columns());
        java.util.Collections.shuffle(columns, random);
        columns.forEach(column ->
                keys.add(column.name() + pick(List.of("", " DESC")) + pick(List.of(" NULLS FIRST", " NULLS LAST"))));
        return keys.toString();
    }

    /// A column of the type, or else a constant.
    private String column(Relation in, Type type) {
        List<Column> columns = in.of(type);
        return columns.isEmpty()
                ? "CAST(" + literal(type) + " AS " + type.sql() + ")"
                : pick(columns).name();
    }

    private String expression(Relation in, Type type, int depth) {
        if (depth == 0 || chance(0.25)) {
            return chance(0.15) ? "CAST(" + literal(type) + " AS " + type.sql() + ")" : column(in, type);
        }
        String a = expression(in, type, depth - 1);
        String b = expression(in, type, depth - 1);
        if (chance(0.3)) {
            return pick(List.of(
                    "CASE WHEN " + condition(in, depth - 1) + " THEN " + a + " ELSE " + b + " END",
                    "CASE WHEN " + condition(in, depth - 1) + " THEN " + a + " END",
                    "coalesce(" + a + ", " + b + ")",
                    "nullif(" + a + ", " + b + ")",
                    "greatest(" + a + ", " + b + ")",
                    "least(" + a + ", " + b + ")"));
        }
        return switch (type) {
            case INT, BIGINT ->
                "CAST("
                        + pick(List.of(
                                "(" + a + " + " + b + ") % 1000",
                                "(" + a + " - " + b + ")",
                                "(" + a + " * " + b + ") % 97",
                                a + " % nullif(" + b + ", 0)",
                                "abs(" + a + ")",
                                "floor(" + a + " / nullif(" + b + ", 0))",
                                "length(" + expression(in, Type.STRING, depth - 1) + ")",
                                pick(List.of("year", "month", "day")) + "(" + expression(in, Type.DATE, depth - 1)
                                        + ")"))
                        + " AS " + type + ")";
            case DOUBLE ->
                pick(List.of(
                        "(" + a + " + " + b + ")",
                        "(" + a + " - " + b + ")",
                        "(" + a + " * CAST(0.5 AS DOUBLE))",
                        "abs(" + a + ")",
                        "CAST(" + expression(in, Type.INT, depth - 1) + " AS DOUBLE)"));
            case DECIMAL ->
                "CAST("
                        + pick(List.of(
                                "(" + a + " + " + b + ")",
                                "(" + a + " - " + b + ")",
                                "abs(" + a + ")",
                                expression(in, Type.INT, depth - 1)))
                        + " AS DECIMAL(12,2))";
            case STRING ->
                pick(List.of(
                        "substring((" + a + " || " + b + "), 1, 9)",
                        "upper(" + a + ")",
                        "lower(" + a + ")",
                        "substring(" + a + ", 1, 2)",
                        "trim(" + a + ")",
                        "replace(" + a + ", 'a', 'bb')",
                        "CAST(" + expression(in, Type.INT, depth - 1) + " AS STRING)"));
            case BOOLEAN -> "(" + condition(in, depth) + ")";
            case DATE -> "(" + a + " + CAST(" + expression(in, Type.INT, depth - 1) + " % 50 AS INT))";
        };
    }

    private String condition(Relation in, int depth) {
        if (depth == 0) {
            Type type = pick(List.of(Type.values()));
            return pick(List.of(
                    column(in, Type.BOOLEAN),
                    column(in, type) + " IS NULL",
                    column(in, type) + " >= CAST(" + literal(type) + " AS " + type.sql() + ")"));
        }
        Type type = pick(List.of(Type.values()));
        String a = expression(in, type, depth - 1);
        String b = expression(in, type, depth - 1);
        String text = expression(in, Type.STRING, depth - 1);
        return switch (random.nextInt(8)) {
            case 0 -> "(" + condition(in, depth - 1) + " AND " + condition(in, depth - 1) + ")";
            case 1 -> "(" + condition(in, depth - 1) + " OR " + condition(in, depth - 1) + ")";
            case 2 -> "(NOT " + condition(in, depth - 1) + ")";
            case 3 -> "(" + a + " IS " + pick(List.of("", "NOT ")) + "NULL)";
            case 4 ->
                "(" + a + " IN (" + b + ", " + column(in, type) + ", CAST(" + literal(type) + " AS " + type.sql()
                        + ")))";
            case 5 -> "(" + a + " BETWEEN " + b + " AND " + column(in, type) + ")";
            case 6 -> "(" + text + " LIKE " + pick(List.of("'a%'", "'%b'", "'_'", "'%a%'", "''")) + ")";
            default ->
                "(" + a + " " + pick(List.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM")) + " " + b + ")";
        };
    }

    private String literal(Type type) {
        return switch (type) {
            case INT -> String.valueOf(random.nextInt(25) - 5);
            case BIGINT -> String.valueOf(random.nextInt(200) - 100);
            case DOUBLE -> String.format(Locale.ROOT, "%.2f", (random.nextInt(80) - 40) * 0.25);
            case DECIMAL -> String.format(Locale.ROOT, "%.2f", (random.nextInt(400) - 200) * 0.05);
            case STRING -> "'" + pick(TEXTS) + "'";
            case BOOLEAN -> String.valueOf(random.nextBoolean());
            case DATE ->
                String.format(Locale.ROOT, "DATE '2026-%02d-%02d'", 1 + random.nextInt(12), 1 + random.nextInt(28));
        };
    }

    private String fresh() {
        return "n" + names++;
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
