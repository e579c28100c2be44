package dev.headrace.function.sketch;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import org.apache.datasketches.hll.HllSketch;

/// Functions of HLL and theta sketches that bound calls invoke.
public final class SketchFunctions {
    private SketchFunctions() {}

    public static long hllEstimate(Slice sketch) {
        return SketchKind.HLL.read(
                "hll_sketch_estimate",
                sketch,
                image -> Math.round(Hll.read(image).getEstimate()));
    }

    public static Slice hllUnion(Slice first, Slice second) {
        return hllUnion(first, second, false);
    }

    public static Slice hllUnion(Slice first, Slice second, boolean anySize) {
        return SketchKind.HLL.read(
                "hll_union",
                first,
                a -> SketchKind.HLL.read("hll_union", second, b -> hllUnion(Hll.read(a), Hll.read(b), anySize)));
    }

    private static Slice hllUnion(HllSketch a, HllSketch b, boolean anySize) {
        if (!anySize) {
            Hll.checkEqual("hll_union", a.getLgConfigK(), b.getLgConfigK());
        }
        return Slice.of(Hll.bytes(Hll.union(Math.min(a.getLgConfigK(), b.getLgConfigK()), a, b)));
    }

    public static long thetaEstimate(Slice sketch) {
        return SketchKind.THETA.read(
                "theta_sketch_estimate",
                sketch,
                image -> Math.round(Theta.read(image).getEstimate()));
    }

    public static Slice thetaUnion(Slice first, Slice second) {
        return thetaUnion(first, second, Theta.DEFAULT_LG_ENTRIES);
    }

    public static Slice thetaUnion(Slice first, Slice second, int lgEntries) {
        if (lgEntries < Theta.MIN_LG_ENTRIES || lgEntries > Theta.MAX_LG_ENTRIES) {
            throw new DataException(
                    "THETA_INVALID_LG_NOM_ENTRIES",
                    "theta_union: lgNomEntries is " + lgEntries + ". It must be from " + Theta.MIN_LG_ENTRIES + " to "
                            + Theta.MAX_LG_ENTRIES + ".");
        }
        return theta(
                "theta_union",
                first,
                second,
                (a, b) -> Theta.operation(lgEntries).buildUnion().union(a, b));
    }

    public static Slice thetaIntersection(Slice first, Slice second) {
        return theta(
                "theta_intersection",
                first,
                second,
                (a, b) -> Theta.operation(Theta.DEFAULT_LG_ENTRIES)
                        .buildIntersection()
                        .intersect(a, b));
    }

    /// What is in the first and not in the second.
    public static Slice thetaDifference(Slice first, Slice second) {
        return theta(
                "theta_difference",
                first,
                second,
                (a, b) -> Theta.operation(Theta.DEFAULT_LG_ENTRIES).buildANotB().aNotB(a, b));
    }

    private static Slice theta(String name, Slice first, Slice second, Theta.Operation operation) {
        return SketchKind.THETA.read(
                name,
                first,
                a -> SketchKind.THETA.read(
                        name,
                        second,
                        b -> Slice.of(operation.of(Theta.read(a), Theta.read(b)).toByteArrayCompressed())));
    }
}
