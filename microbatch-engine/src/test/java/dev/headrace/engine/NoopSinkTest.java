package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoopSinkTest {
    @TempDir
    Path directory;

    @Test
    void itKeepsNoRowsAndTheProgressCountsThem() throws Exception {
        MemoryStream source = new MemoryStream(StructType.fromDDL("key string"), 2);
        try (Session session = Session.builder().master("local[2]").create()) {
            StreamingQuery query = Frames.of(session, source, "memory")
                    .where("key <> 'b'")
                    .writeStream()
                    .format("noop")
                    .option("checkpointLocation", directory.toString())
                    .start();
            source.add(List.of(List.of(Slice.utf8("a")), List.of(Slice.utf8("b")), List.of(Slice.utf8("c"))));
            query.processAllAvailable();
            query.stop();
            assertEquals(2, query.lastProgress().sink().numOutputRows());
        }
    }
}
