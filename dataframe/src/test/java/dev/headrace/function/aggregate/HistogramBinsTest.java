package dev.headrace.function.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramBinsTest {
    /// Spark's way: looks at all bins for each value.
    private static final class OneList {
        private final List<double[]> sorted = new ArrayList<>();

        void add(double value, double count, int bins) {
            int at = 0;
            while (at < sorted.size() && sorted.get(at)[0] < value) {
                at++;
            }
            if (at < sorted.size() && sorted.get(at)[0] == value) {
                sorted.get(at)[1] += count;
                return;
            }
            sorted.add(at, new double[] {value, count});
            if (sorted.size() > bins) {
                joinNearest();
            }
        }

        private void joinNearest() {
            int nearest = 0;
            for (int i = 1; i < sorted.size() - 1; i++) {
                double distance = sorted.get(i + 1)[0] - sorted.get(i)[0];
                if (distance < sorted.get(nearest + 1)[0] - sorted.get(nearest)[0]) {
                    nearest = i;
                }
            }
            double[] left = sorted.get(nearest);
            double[] right = sorted.remove(nearest + 1);
            double count = left[1] + right[1];
            left[0] = (left[0] * left[1] + right[0] * right[1]) / count;
            left[1] = count;
        }
    }

    private static void assertSame(int bins, int values, DoubleSupplier source) {
        OneList expected = new OneList();
        HistogramBins found = new HistogramBins(bins);
        for (int i = 0; i < values; i++) {
            double value = source.getAsDouble();
            double count = 1 + i % 3;
            expected.add(value, count, bins);
            found.add(value, count);
            if (found.size() > bins) {
                found.joinNearest();
            }
        }
        List<String> texts = new ArrayList<>();
        found.forEach((value, count) -> texts.add(value + " " + count));
        assertEquals(expected.sorted.stream().map(bin -> bin[0] + " " + bin[1]).toList(), texts);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 16, 17, 18, 100, 1025, 3000})
    void binsAreThoseOfOneList(int bins) {
        Random random = new Random(bins);
        int values = 2 * bins + 2000;

        assertSame(bins, values, random::nextDouble);
        assertSame(bins, values, random::nextGaussian);
        assertSame(bins, values, () -> random.nextInt(bins + 20));
        double[] next = {0};
        assertSame(bins, values, () -> next[0]++);
        assertSame(bins, values, () -> next[0]--);
        assertSame(bins, values, () -> 1 + random.nextInt(3 * bins) * 0x1p-52);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 600})
    void evenOfWhatIsNoNumber(int bins) {
        Random random = new Random(bins);
        double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, Double.MAX_VALUE};

        assertSame(bins, 3000, () -> random.nextInt(20) == 0 ? odd[random.nextInt(odd.length)] : random.nextGaussian());
        assertSame(bins, 3000, () -> random.nextInt(400) == 0 ? odd[random.nextInt(3)] : random.nextInt(2 * bins));
    }

    /// In one list this takes minutes.
    @Test
    void manyBins() {
        Random random = new Random(1);
        HistogramBins bins = new HistogramBins(100_000);
        for (int i = 0; i < 400_000; i++) {
            bins.add(random.nextDouble(), 1);
            if (bins.size() > 100_000) {
                bins.joinNearest();
            }
        }
        double[] counted = {0};
        bins.forEach((_, count) -> counted[0] += count);

        assertEquals(100_000, bins.size());
        assertEquals(400_000, counted[0]);
    }
}
