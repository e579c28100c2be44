package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.headrace.chunk.FirstFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskPoolTest {
    /// What jshell throws into a thread that waits, when it stops a snippet.
    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whoIsStoppedWhileTasksRunWaitsForTheirEnd() {
        Error stop = new Stopped();
        List<String> events = new ArrayList<>();
        CompletableFuture<@Nullable Void> task = new CompletableFuture<>() {
            @Override
            public @Nullable Void get() throws InterruptedException, ExecutionException {
                if (events.isEmpty()) {
                    throw stop;
                }
                events.add("waits");
                complete(null);
                return super.get();
            }
        };
        FirstFailure failure = new FirstFailure();

        TaskPool.await(task, failure, () -> events.add("cancelled"));

        assertEquals(List.of("cancelled", "waits"), events);
        assertSame(stop, failure.get());
    }
}
