package dev.headrace.function.aggregate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The bins of one [Histogram] in the order of their values: where a value belongs, and which two bins are nearest.
///
/// They lie in parts of which the greatest value and the least distance are known, so that a look at each part and at
/// the bins of a few finds what a look at each bin would, down to values that are no numbers, at which the order ends.
final class HistogramBins {
    /// About as many as there are parts.
    private final int mostInPart;

    private final List<Part> parts = new ArrayList<>();
    private int size;

    /// Of each part. NaN is greater than all values.
    private double[] greatest = new double[4];

    /// Of each part, from a bin to the next one, which may be the first of the next part; NaN if there is none.
    private double[] least = new double[4];

    /// @param most so many bins there will be
    HistogramBins(int most) {
        mostInPart = Math.max(16, (int) Math.sqrt(most));
    }

    private static final class Part {
        private double[] values = new double[4];
        private double[] counts = new double[4];
        private int size;

        /// The first bin of those with the least distance.
        private int nearest;

        void add(int at, double value, double count) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            System.arraycopy(values, at, values, at + 1, size - at);
            System.arraycopy(counts, at, counts, at + 1, size - at);
            values[at] = value;
            counts[at] = count;
            size++;
        }

        void remove(int at) {
            size--;
            System.arraycopy(values, at + 1, values, at, size - at);
            System.arraycopy(counts, at + 1, counts, at, size - at);
        }

        Part secondHalf() {
            Part half = new Part();
            int from = size / 2;
            half.values = Arrays.copyOfRange(values, from, size);
            half.counts = Arrays.copyOfRange(counts, from, size);
            half.size = size - from;
            size = from;
            return half;
        }
    }

    int size() {
        return size;
    }

    /// Counts a value, in the bin that has it or in a new one.
    void add(double value, double count) {
        int p = 0;
        while (p < parts.size() && greatest[p] < value) {
            p++;
        }
        if (p == parts.size()) {
            append(value, count);
            return;
        }
        Part part = parts.get(p);
        int at = 0;
        while (part.values[at] < value) {
            at++;
        }
        if (part.values[at] == value) {
            part.counts[at] += count;
            return;
        }
        part.add(at, value, count);
        size++;
        changed(p, at);
    }

    /// Puts a bin behind all others.
    void append(double value, double count) {
        if (parts.isEmpty()) {
            insertPart(0, new Part());
        }
        Part last = parts.getLast();
        last.add(last.size, value, count);
        size++;
        changed(parts.size() - 1, last.size - 1);
    }

    /// Makes one bin of the two that are nearest, the first of several such.
    void joinNearest() {
        int p = 0;
        int at = 0;
        // Nothing is nearer than what is no number, if that comes first.
        if (!Double.isNaN(distance(0, 0))) {
            for (int other = 1; other < parts.size(); other++) {
                p = least[other] < least[p] ? other : p;
            }
            at = parts.get(p).nearest;
        }
        Part left = parts.get(p);
        int rightPart = at + 1 < left.size ? p : p + 1;
        int rightAt = at + 1 < left.size ? at + 1 : 0;
        Part right = parts.get(rightPart);
        double count = left.counts[at] + right.counts[rightAt];
        left.values[at] = (left.values[at] * left.counts[at] + right.values[rightAt] * right.counts[rightAt]) / count;
        left.counts[at] = count;
        right.remove(rightAt);
        size--;
        if (right.size == 0) {
            removePart(rightPart);
        } else if (rightPart != p) {
            refresh(rightPart);
        }
        changed(p, at);
    }

    /// A bin of a part is another one, or new.
    private void changed(int p, int at) {
        Part part = parts.get(p);
        if (part.size > mostInPart) {
            insertPart(p + 1, part.secondHalf());
            refresh(p + 1);
        }
        refresh(p);
        if (at == 0 && p > 0) {
            refresh(p - 1);
        }
    }

    private void refresh(int p) {
        Part part = parts.get(p);
        double[] values = part.values;
        int last = part.size - 1;
        double max = values[last];
        double shortest = distance(p, last);
        int nearest = last;
        for (int i = last - 1; i >= 0; i--) {
            max = Math.max(max, values[i]);
            double distance = values[i + 1] - values[i];
            if (distance <= shortest || Double.isNaN(shortest)) {
                shortest = distance;
                nearest = i;
            }
        }
        greatest[p] = max;
        least[p] = shortest;
        part.nearest = nearest;
    }

    /// From a bin to the next one; NaN if there is none.
    private double distance(int p, int at) {
        Part part = parts.get(p);
        if (at + 1 < part.size) {
            return part.values[at + 1] - part.values[at];
        }
        return p + 1 < parts.size() ? parts.get(p + 1).values[0] - part.values[at] : Double.NaN;
    }

    private void insertPart(int p, Part part) {
        if (parts.size() == greatest.length) {
            greatest = Arrays.copyOf(greatest, 2 * parts.size());
            least = Arrays.copyOf(least, 2 * parts.size());
        }
        System.arraycopy(greatest, p, greatest, p + 1, parts.size() - p);
        System.arraycopy(least, p, least, p + 1, parts.size() - p);
        parts.add(p, part);
    }

    private void removePart(int p) {
        parts.remove(p);
        System.arraycopy(greatest, p + 1, greatest, p, parts.size() - p);
        System.arraycopy(least, p + 1, least, p, parts.size() - p);
    }

    void forEach(Each each) {
        for (Part part : parts) {
            for (int i = 0; i < part.size; i++) {
                each.bin(part.values[i], part.counts[i]);
            }
        }
    }

    interface Each {
        void bin(double value, double count);
    }
}
