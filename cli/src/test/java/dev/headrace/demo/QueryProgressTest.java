package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QueryProgressTest {

    @Test
    void allThatIsShownIsReadFromTheJson() {
        String json = """
                {"id":"5f0c0f1e-0000-0000-0000-000000000001","name":"revenue","batchId":7,"batchDuration":120,
                 "numInputRows":1500,"durationMs":{"addBatch":80,"triggerExecution":118},
                 "eventTime":{"watermark":"2026-01-05T09:41:00.000Z"},
                 "stateOperators":[{"numRowsTotal":96,"numRowsDroppedByWatermark":3},
                                   {"numRowsTotal":4,"numRowsDroppedByWatermark":1}],
                 "sources":[{"startOffset":{"clicks":{"0":1,"1":1}},"endOffset":{"clicks":{"0":100,"1":200}},
                             "metrics":{"avgOffsetsBehindLatest":"7.5","maxOffsetsBehindLatest":"10"}}],
                 "sink":{"numOutputRows":12}}
                """;
        assertEquals(
                new QueryProgress(
                        "revenue",
                        7,
                        1_500,
                        OptionalLong.of(12),
                        118,
                        Optional.of(Instant.parse("2026-01-05T09:41:00Z")),
                        OptionalLong.of(15),
                        OptionalLong.of(100),
                        4),
                QueryProgress.parse(json));
    }

    @Test
    void whatAQueryDoesNotHaveIsAbsent() {
        String json = """
                {"name":"clicks","batchId":0,"batchDuration":50,"numInputRows":0,
                 "eventTime":{"watermark":"1970-01-01T00:00:00.000Z"},"stateOperators":[],
                 "sources":[{"endOffset":{"clicks":{"0":1}},"latestOffset":null}],"sink":{"numOutputRows":-1}}
                """;
        assertEquals(
                new QueryProgress(
                        "clicks",
                        0,
                        0,
                        OptionalLong.empty(),
                        50,
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        0),
                QueryProgress.parse(json));
    }

    @Test
    void tornJsonIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> QueryProgress.parse("{\"name\":\"cli"));
    }
}
