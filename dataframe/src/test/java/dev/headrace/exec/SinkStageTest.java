package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinkStageTest {
    private final Told sink = new Told();
    private final SinkStage stage = new SinkStage(sink);

    @Test
    void aPartIsFinishedWhenItsRowsHaveEnded() {
        try (StageSink.Task task = stage.open(0)) {
            task.finish();
        }
        assertEquals(List.of("close"), sink.calls);
    }

    @Test
    void aPartWhoseRowsDidNotEndIsGivenUp() {
        stage.open(0).close();

        assertEquals(List.of("abort"), sink.calls);
    }

    @Test
    void aPartOfACancelledQueryIsNotFinished() {
        Cancellation query = new Cancellation();
        query.within(() -> {
            try (StageSink.Task task = stage.open(0)) {
                query.cancel();
                return assertThrows(QueryCancelledException.class, task::finish);
            }
        });
        assertEquals(List.of("abort"), sink.calls);
    }

    /// Notes what its writers are told.
    private static final class Told implements SinkBatch {
        private final List<String> calls = new ArrayList<>();

        @Override
        public TaskWriter openTask(int task) {
            return new TaskWriter() {
                @Override
                public void write(Chunk rows) {}

                @Override
                public void close() {
                    calls.add("close");
                }

                @Override
                public void abort() {
                    calls.add("abort");
                }
            };
        }

        @Override
        public Map<String, Long> commit() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
