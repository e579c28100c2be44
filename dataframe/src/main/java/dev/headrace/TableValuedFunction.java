package dev.headrace;

import java.util.stream.Stream;

/// Functions that give tables, from [Session#tvf]. Their arguments are constants; see the functions of the same names.
public final class TableValuedFunction {
    private final Session session;

    TableValuedFunction(Session session) {
        this.session = session;
    }

    private DataFrame of(Column generator) {
        return session.range(1).select(generator);
    }

    public DataFrame range(long end) {
        return session.range(end);
    }

    public DataFrame range(long start, long end) {
        return session.range(start, end);
    }

    public DataFrame range(long start, long end, long step) {
        return session.range(start, end, step);
    }

    public DataFrame range(long start, long end, long step, int numPartitions) {
        return session.range(start, end, step, numPartitions);
    }

    public DataFrame explode(Column collection) {
        return of(functions.explode(collection));
    }

    public DataFrame explode_outer(Column collection) {
        return of(functions.explode_outer(collection));
    }

    public DataFrame posexplode(Column collection) {
        return of(functions.posexplode(collection));
    }

    public DataFrame posexplode_outer(Column collection) {
        return of(functions.posexplode_outer(collection));
    }

    public DataFrame inline(Column input) {
        return of(functions.inline(input));
    }

    public DataFrame inline_outer(Column input) {
        return of(functions.inline_outer(input));
    }

    public DataFrame variant_explode(Column input) {
        return of(functions.call_function("variant_explode", input));
    }

    public DataFrame variant_explode_outer(Column input) {
        return of(functions.call_function("variant_explode_outer", input));
    }

    public DataFrame json_tuple(Column json, String... fields) {
        return of(functions.json_tuple(json, fields));
    }

    public DataFrame json_tuple(Column json, Column... fields) {
        return of(functions.call_function("json_tuple", withRest(json, fields)));
    }

    /// @param n the number of rows
    /// @param fields their values, row by row
    public DataFrame stack(Column n, Column... fields) {
        return of(functions.stack(withRest(n, fields)));
    }

    private static Column[] withRest(Column first, Column[] rest) {
        return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(Column[]::new);
    }
}
