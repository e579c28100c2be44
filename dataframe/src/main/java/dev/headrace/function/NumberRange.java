package dev.headrace.function;

import java.util.AbstractList;
import java.util.RandomAccess;
import java.util.function.LongFunction;

/// So many numbers at equal distances: each is made when it is looked at.
final class NumberRange extends AbstractList<Object> implements RandomAccess {
    private final long start;
    private final long step;
    private final int count;
    private final LongFunction<Object> cell;

    private NumberRange(long start, long step, int count, LongFunction<Object> cell) {
        this.start = start;
        this.step = step;
        this.count = count;
        this.cell = cell;
    }

    static NumberRange ofInts(int start, int step, int count) {
        return new NumberRange(start, step, count, number -> (int) number);
    }

    static NumberRange ofLongs(long start, long step, int count) {
        return new NumberRange(start, step, count, number -> number);
    }

    @Override
    public Object get(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        return cell.apply(start + index * step);
    }

    @Override
    public int size() {
        return count;
    }
}
