package dev.headrace.function.sketch;

import java.lang.foreign.MemorySegment;
import org.apache.datasketches.theta.CompactThetaSketch;
import org.apache.datasketches.theta.ThetaSetOperation;
import org.apache.datasketches.theta.ThetaSetOperationBuilder;
import org.apache.datasketches.theta.ThetaUnion;

/// Theta sketches in their compact, compressed form, as Spark has them.
final class Theta {
    static final int DEFAULT_LG_ENTRIES = 12;
    static final int MIN_LG_ENTRIES = 4;
    static final int MAX_LG_ENTRIES = 26;

    private Theta() {}

    /// Makes a sketch of two.
    interface Operation {
        CompactThetaSketch of(CompactThetaSketch a, CompactThetaSketch b);
    }

    static CompactThetaSketch read(byte[] bytes) {
        return CompactThetaSketch.heapify(MemorySegment.ofArray(bytes));
    }

    static ThetaUnion newUnion(int lgEntries) {
        return operation(lgEntries).buildUnion();
    }

    static ThetaSetOperationBuilder operation(int lgEntries) {
        return ThetaSetOperation.builder().setLogNominalEntries(lgEntries);
    }
}
