package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.function.aggregate.Fold;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import org.apache.datasketches.theta.ThetaIntersection;
import org.jspecify.annotations.Nullable;

/// `theta_intersection_agg`. Nulls don't count; the intersection of no sketches is null, as it would have every value.
record ThetaIntersectionFold() implements Fold<ThetaIntersection> {
    private static final String NAME = "theta_intersection_agg";

    @Override
    public DataType resultType() {
        return DataTypes.BinaryType;
    }

    @Override
    public DataType stateType() {
        return DataTypes.BinaryType;
    }

    @Override
    public long heapBytes(long groups, long valueBytes) {
        return HeapUse.of(groups, 500, valueBytes, (16L << Theta.MAX_LG_ENTRIES) + 300);
    }

    @Override
    public @Nullable ThetaIntersection add(@Nullable ThetaIntersection state, @Nullable Object[] arguments) {
        return arguments[0] instanceof Slice bytes
                ? SketchKind.THETA.<ThetaIntersection>read(NAME, bytes, image -> with(state, image))
                : state;
    }

    private static ThetaIntersection with(@Nullable ThetaIntersection state, byte[] image) {
        ThetaIntersection intersection =
                state == null ? Theta.operation(Theta.DEFAULT_LG_ENTRIES).buildIntersection() : state;
        intersection.intersect(Theta.read(image));
        return intersection;
    }

    @Override
    public ThetaIntersection merge(ThetaIntersection a, ThetaIntersection b) {
        a.intersect(b.getResult());
        return a;
    }

    @Override
    public Object toCell(ThetaIntersection state) {
        return SketchKind.THETA.finish(NAME, () -> Slice.of(state.getResult().toByteArrayCompressed()));
    }

    @Override
    public ThetaIntersection fromCell(Object cell) {
        return with(null, ((Slice) cell).bytes());
    }

    @Override
    public @Nullable Object result(@Nullable ThetaIntersection state) {
        return state == null ? null : toCell(state);
    }
}
