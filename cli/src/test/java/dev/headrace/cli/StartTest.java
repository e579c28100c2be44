package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class StartTest {
    private final Thread main = Thread.ofPlatform().daemon(false).unstarted(() -> {});

    @Test
    void daemonsDoNotKeepAProcessUp() {
        Thread daemon = Thread.ofPlatform().daemon().unstarted(() -> {});

        assertTrue(Start.isLast(main, Set.of(main, daemon)));
    }

    @Test
    void otherThreadsKeepAProcessUp() {
        Thread other = Thread.ofPlatform().daemon(false).unstarted(() -> {});

        assertFalse(Start.isLast(main, Set.of(main, other)));
    }
}
