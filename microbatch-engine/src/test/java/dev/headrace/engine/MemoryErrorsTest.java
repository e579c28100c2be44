package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.api.java.UDF1;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream that runs out of memory ends with an error that says what to do, holds nothing more, and can go on.
class MemoryErrorsTest {
    @TempDir
    Path directory;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("headrace.memory.limit", "16m")
            .create();
    private final MemoryStream source = new MemoryStream(StructType.fromDDL("value string"), 2);
    private final List<String> given = new ArrayList<>();
    private final AtomicBoolean full = new AtomicBoolean(true);

    @BeforeEach
    void add() {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(List.of(Slice.utf8("v" + i)));
        }
        source.add(rows);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private DataStreamWriter writer(DataFrame rows) {
        return rows.writeStream()
                .outputMode("append")
                .foreachBatch((batch, id) -> batch.collectAsList().forEach(row -> given.add(row.getString(0))))
                .option("checkpointLocation", directory.toString());
    }

    private StreamingQueryException failed(DataFrame rows) throws TimeoutException {
        StreamingQuery query = writer(rows).start();
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, query::processAllAvailable);
        query.stop();
        assertEquals(0, Frames.runtime(session).allocator().getAllocatedMemory());
        assertEquals(List.of(), given);
        return failed;
    }

    private void goesOn(DataFrame rows) throws TimeoutException {
        StreamingQuery query = writer(rows).start();
        query.processAllAvailable();
        query.stop();
        assertEquals(200, given.stream().distinct().count());
        assertEquals(200, given.size());
        assertEquals(0, Frames.runtime(session).allocator().getAllocatedMemory());
    }

    private DataFrame stream() {
        return Frames.of(session, source, "memory");
    }

    @Test
    void aFullHeap() throws TimeoutException {
        UDF1<String, String> exhaust = value -> {
            if (full.get() && value.equals("v150")) {
                throw new OutOfMemoryError("Java heap space");
            }
            return value;
        };
        DataFrame rows = stream()
                .select(udf(exhaust, DataTypes.StringType).apply(col("value")).as("value"))
                .dropDuplicates("value");
        StreamingQueryException failed = failed(rows);
        assertEquals(Optional.of("OUT_OF_JVM_MEMORY"), failed.code());
        assertTrue(
                failed.getCause()
                        .getMessage()
                        .startsWith("[OUT_OF_JVM_MEMORY] The JVM has no memory for another object ('Java heap space');"
                                + " its heap may have '" + Runtime.getRuntime().maxMemory() + "' bytes."),
                failed.getMessage());
        assertInstanceOf(OutOfMemoryError.class, failed.getCause().getCause());
        full.set(false);
        goesOn(rows);
    }

    @Test
    void theLimitOfTheSession() throws TimeoutException {
        StreamingQueryException failed = failed(stream().selectExpr("concat(value, repeat('x', 400000)) AS value"));
        assertEquals(Optional.of("OUT_OF_MEMORY"), failed.code());
        assertTrue(
                failed.getCause()
                        .getMessage()
                        .startsWith("[OUT_OF_MEMORY] The query needs more than the memory limit of '16777216' bytes"),
                failed.getMessage());
        goesOn(stream().select("value"));
    }
}
