package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DealtRowsTest {
    private static final int[] KEY = {0};

    /// To divide them once more would free nothing, and make files.
    @Test
    void fewRowsAreHeldThoughOthersHaveTheMemory(@TempDir Path directory) {
        long limit = 64 << 20;
        try (ManyRows many = new ManyRows("k BIGINT, v BIGINT", row -> (long) row);
                SpillSpace space = new SpillSpace(many.memory(), limit, 1, directory);
                ArrowBuf _ = many.memory().buffer(limit)) {
            assertTrue(space.isShort(0));
            many.run(space, (rows, run) -> {
                try (DealtRows dealt = DealtRows.onDisk(rows.schema(), KEY, run)) {
                    StageSink.Task task = dealt.open(0);
                    for (int from = 0; from < rows.rowCount(); from += Chunk.TARGET_ROWS) {
                        task.accept(rows.slice(from, Chunk.TARGET_ROWS));
                    }
                    DealtRows.Part part = dealt.parts().getFirst();
                    DealtRows.Part all = new DealtRows.Part(
                            1,
                            dealt.parts().stream()
                                    .flatMap(each -> each.extents().stream())
                                    .toList());
                    assertFalse(dealt.isTooLarge(new DealtRows.Part(1, List.of()), all.bytes()));
                    assertFalse(dealt.isTooLarge(part, all.bytes()));
                    assertTrue(dealt.reserve(part).isPresent());
                    assertTrue(dealt.isTooMuch(all));
                }
            });
        }
    }
}
