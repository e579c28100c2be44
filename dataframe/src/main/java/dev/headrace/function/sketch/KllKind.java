package dev.headrace.function.sketch;

import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.lang.foreign.MemorySegment;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllFloatsSketch;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.kll.KllSketch;

/// The types of values that KLL sketches are of, named as in the functions' names.
enum KllKind {
    BIGINT(DataTypes.LongType) {
        @Override
        KllSketch create(int k) {
            return KllLongsSketch.newHeapInstance(k);
        }

        @Override
        KllSketch read(byte[] bytes) {
            return KllLongsSketch.heapify(MemorySegment.ofArray(bytes));
        }

        @Override
        KllSketch view(byte[] bytes) {
            return KllLongsSketch.wrap(MemorySegment.ofArray(bytes));
        }

        @Override
        void update(KllSketch sketch, Object value) {
            ((KllLongsSketch) sketch).update((Long) value);
        }

        @Override
        byte[] bytes(KllSketch sketch) {
            return ((KllLongsSketch) sketch).toByteArray();
        }

        @Override
        Long quantile(KllSketch sketch, double rank) {
            return ((KllLongsSketch) sketch).getQuantile(rank);
        }

        @Override
        double rank(KllSketch sketch, Object value) {
            return ((KllLongsSketch) sketch).getRank((Long) value);
        }
    },
    FLOAT(DataTypes.FloatType) {
        @Override
        KllSketch create(int k) {
            return KllFloatsSketch.newHeapInstance(k);
        }

        @Override
        KllSketch read(byte[] bytes) {
            return KllFloatsSketch.heapify(MemorySegment.ofArray(bytes));
        }

        @Override
        KllSketch view(byte[] bytes) {
            return KllFloatsSketch.wrap(MemorySegment.ofArray(bytes));
        }

        @Override
        void update(KllSketch sketch, Object value) {
            ((KllFloatsSketch) sketch).update((Float) value);
        }

        @Override
        byte[] bytes(KllSketch sketch) {
            return ((KllFloatsSketch) sketch).toByteArray();
        }

        @Override
        Float quantile(KllSketch sketch, double rank) {
            return ((KllFloatsSketch) sketch).getQuantile(rank);
        }

        @Override
        double rank(KllSketch sketch, Object value) {
            return ((KllFloatsSketch) sketch).getRank((Float) value);
        }
    },
    DOUBLE(DataTypes.DoubleType) {
        @Override
        KllSketch create(int k) {
            return KllDoublesSketch.newHeapInstance(k);
        }

        @Override
        KllSketch read(byte[] bytes) {
            return KllDoublesSketch.heapify(MemorySegment.ofArray(bytes));
        }

        @Override
        KllSketch view(byte[] bytes) {
            return KllDoublesSketch.wrap(MemorySegment.ofArray(bytes));
        }

        @Override
        void update(KllSketch sketch, Object value) {
            ((KllDoublesSketch) sketch).update((Double) value);
        }

        @Override
        byte[] bytes(KllSketch sketch) {
            return ((KllDoublesSketch) sketch).toByteArray();
        }

        @Override
        Double quantile(KllSketch sketch, double rank) {
            return ((KllDoublesSketch) sketch).getQuantile(rank);
        }

        @Override
        double rank(KllSketch sketch, Object value) {
            return ((KllDoublesSketch) sketch).getRank((Double) value);
        }
    };

    static final int DEFAULT_K = 200;
    static final int MIN_K = 8;
    static final int MAX_K = 65535;

    private final DataType type;

    KllKind(DataType type) {
        this.type = type;
    }

    /// Of the values; they come as [dev.headrace.chunk.Cell] objects of it.
    DataType type() {
        return type;
    }

    abstract KllSketch create(int k);

    abstract KllSketch read(byte[] bytes);

    /// A sketch that only looks at the bytes.
    abstract KllSketch view(byte[] bytes);

    /// NaN does not count.
    abstract void update(KllSketch sketch, Object value);

    abstract byte[] bytes(KllSketch sketch);

    /// The value up to which this part of all lies, of a sketch that has values.
    abstract Object quantile(KllSketch sketch, double rank);

    /// The part of all that is less or equal, of a sketch that has values.
    abstract double rank(KllSketch sketch, Object value);

    /// The kind that a function is named after.
    static KllKind of(String function) {
        for (KllKind kind : values()) {
            if (function.endsWith("_" + kind.type.simpleString())) {
                return kind;
            }
        }
        throw new IllegalArgumentException(function);
    }
}
