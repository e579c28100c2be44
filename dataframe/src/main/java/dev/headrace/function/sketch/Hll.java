package dev.headrace.function.sketch;

import dev.headrace.errors.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;

/// HLL sketches of 8-bit registers, as Spark has them.
final class Hll {
    static final int DEFAULT_LG_K = 12;
    static final int MIN_LG_K = 4;
    static final int MAX_LG_K = 21;

    /// The size of the preamble, in the first byte, of a sketch that has registers and no list or set of values.
    private static final int PREAMBLE_OF_REGISTERS = 10;

    private Hll() {}

    static HllSketch empty(int lgK) {
        return new HllSketch(lgK, TgtHllType.HLL_8);
    }

    /// @param lgK the most registers that the result may have, as a power of two
    static HllSketch union(int lgK, HllSketch a, HllSketch b) {
        HllUnion union = new HllUnion(lgK);
        union.update(a);
        union.update(b);
        return union.getResult(TgtHllType.HLL_8);
    }

    /// While values come one by one, a sketch also keeps an estimate that depends on their order. A union, also with
    /// itself, forgets it: the result is the same however the rows were cut into parts.
    static HllSketch withoutOrder(HllSketch sketch) {
        return union(sketch.getLgConfigK(), sketch, sketch);
    }

    static void checkEqual(String function, int a, int b) {
        if (a != b) {
            throw new DataException(
                    "HLL_UNION_DIFFERENT_LG_K",
                    function + ": one sketch has an lgConfigK of " + a + ", another one of " + b
                            + ". Pass true as the last argument to allow that; the result is as coarse as the coarser.");
        }
    }

    /// The bytes that can be updated. The few values of a small sketch stand in their order, so that the bytes depend
    /// on the values alone, and not on when each came.
    static byte[] bytes(HllSketch sketch) {
        byte[] compact = sketch.toCompactByteArray();
        IntBuffer values = values(compact);
        int[] sorted = new int[values.remaining()];
        values.get(sorted);
        Arrays.sort(sorted);
        values.rewind().put(sorted);
        return HllSketch.heapify(compact).toUpdatableByteArray();
    }

    /// The values that a compact sketch lists, none of which is 0; nothing if it has registers.
    private static IntBuffer values(byte[] compact) {
        boolean registers = compact[0] == PREAMBLE_OF_REGISTERS;
        int from = registers ? compact.length : compact[0] * Integer.BYTES;
        return ByteBuffer.wrap(compact, from, compact.length - from)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
    }

    /// A sketch of bytes from anywhere. The library does not look whether there are as many values as the bytes say.
    ///
    /// @throws RuntimeException if they are none
    static HllSketch read(byte[] image) {
        byte[] compact = HllSketch.heapify(image).toCompactByteArray();
        IntBuffer values = values(compact);
        while (values.hasRemaining()) {
            if (values.get() == 0) {
                throw new IllegalArgumentException("there are fewer values than it says");
            }
        }
        return HllSketch.heapify(compact);
    }
}
