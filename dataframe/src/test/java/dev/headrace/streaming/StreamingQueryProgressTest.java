package dev.headrace.streaming;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Frames;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StreamingQueryProgressTest {
    private static final StreamingQueryProgress PROGRESS = new StreamingQueryProgress(
            new UUID(0, 1),
            new UUID(0, 2),
            "clicks",
            "2026-01-31T10:00:00.000Z",
            7,
            12,
            Map.of("triggerExecution", 12L, "addBatch", 5L),
            Map.of("watermark", "2026-01-31T09:59:50.000Z"),
            List.of(new StateOperatorProgress("stateStoreSave", 10, 2, 1, 3, 1, 4, 1024, 5, 1, 1, Map.of())),
            List.of(new SourceProgress(
                    "KafkaV2[Subscribe[clicks]]",
                    null,
                    "{\"clicks\":{\"0\":5}}",
                    "{\"clicks\":{\"0\":9}}",
                    5,
                    Double.NaN,
                    416.5,
                    Map.of("maxOffsetsBehindLatest", "4"))),
            new SinkProgress("delta", 2, Map.of()),
            Map.of(
                    "seen",
                    Frames.row(
                            List.of(5L, 2.5),
                            new StructType().add("rows", "bigint").add("mean", "double"),
                            Map.of())),
            new RowBalance(5, 2, 2, 5, 0, 0, 0, 0));

    @Test
    void jsonHasSparksFields() {
        assertEquals("""
                {"id":"00000000-0000-0000-0000-000000000001","runId":"00000000-0000-0000-0000-000000000002",\
                "name":"clicks","timestamp":"2026-01-31T10:00:00.000Z","batchId":7,"batchDuration":12,"numInputRows":5,\
                "processedRowsPerSecond":416.5,"durationMs":{"addBatch":5,"triggerExecution":12},\
                "eventTime":{"watermark":"2026-01-31T09:59:50.000Z"},"stateOperators":[{"operatorName":"stateStoreSave",\
                "numRowsTotal":10,"numRowsUpdated":2,"allUpdatesTimeMs":1,"numRowsRemoved":3,"allRemovalsTimeMs":1,\
                "commitTimeMs":4,"memoryUsedBytes":1024,"numRowsDroppedByWatermark":5,"numShufflePartitions":1,\
                "numStateStoreInstances":1}],"sources":[{"description":"KafkaV2[Subscribe[clicks]]","startOffset":null,\
                "endOffset":{"clicks":{"0":5}},"latestOffset":{"clicks":{"0":9}},"numInputRows":5,\
                "processedRowsPerSecond":416.5,"metrics":{"maxOffsetsBehindLatest":"4"}}],\
                "sink":{"description":"delta","numOutputRows":2},"observedMetrics":{"seen":{"rows":5,"mean":2.5}},\
                "rowBalance":{"in":5,"made":2,"out":2,"late":5,"filtered":0,"rejected":0,"shed":0,"held":0}}""", PROGRESS.json());
    }

    @Test
    void jsonOfEventsHasSparksFields() {
        String run = "\"id\":\"" + PROGRESS.id() + "\",\"runId\":\"" + PROGRESS.runId() + "\"";
        UUID id = PROGRESS.id();
        UUID runId = PROGRESS.runId();
        assertEquals(
                "{" + run + ",\"name\":null,\"timestamp\":\"now\"}",
                new StreamingQueryListener.QueryStartedEvent(id, runId, null, "now").json());
        assertEquals(
                "{\"progress\":" + PROGRESS.json() + "}",
                new StreamingQueryListener.QueryProgressEvent(PROGRESS).json());
        assertEquals(
                "{" + run + ",\"timestamp\":\"now\"}",
                new StreamingQueryListener.QueryIdleEvent(id, runId, "now").json());
        assertEquals(
                "{" + run + ",\"exception\":\"gone\",\"errorClassOnException\":null}",
                new StreamingQueryListener.QueryTerminatedEvent(id, runId, Optional.of("gone"), Optional.empty())
                        .json());
    }

    @Test
    void countsAreThoseOfAllSources() {
        assertEquals(5, PROGRESS.numInputRows());
        assertEquals(416.5, PROGRESS.processedRowsPerSecond());
        assertEquals(1, PROGRESS.sources().length);
        assertEquals(5, PROGRESS.stateOperators()[0].numRowsDroppedByWatermark());
    }
}
