package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Hash;
import org.junit.jupiter.api.Test;

class AdaptiveSampleTest {
    @Test
    void fewAreCountedExactlyHoweverOftenTheyCome() {
        AdaptiveSample sample = new AdaptiveSample();
        assertEquals(0, sample.estimate());
        for (int i = 0; i < 10_000; i++) {
            sample.add(Hash.of(i % 1000));
        }
        assertEquals(1000, sample.estimate());
    }

    @Test
    void manyAreEstimated() {
        AdaptiveSample sample = new AdaptiveSample();
        for (int i = 0; i < 2_000_000; i++) {
            sample.add(Hash.of(i % 1_000_000));
        }
        assertEquals(1_000_000, sample.estimate(), 100_000);
    }
}
