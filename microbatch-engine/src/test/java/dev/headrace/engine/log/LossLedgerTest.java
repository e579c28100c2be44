package dev.headrace.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.connector.Gap;
import dev.headrace.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ledger of what batches have left out, whose old files are put together.
class LossLedgerTest {
    @TempDir
    Path directory;

    private LossLedger ledger() {
        RunId run = RunId.random();
        return new LossLedger(CheckpointFiles.local(directory, run), Driver.ofThisProcess(run, Instant.EPOCH));
    }

    private static Loss loss(long batch, long lost) {
        return new Loss(
                new BatchId(batch),
                1_000 + batch,
                0,
                "clicks",
                new OffsetRange(Optional.of(Long.toString(batch)), Optional.of(Long.toString(batch + 1))),
                batch % 2 == 0
                        ? new Loss.Cause.LoadShedding(0, new Shed(5_000, 0.5), 10, lost)
                        : new Loss.Cause.GoneAtSource(new Gap("clicks-0", Gap.Unit.OFFSETS, batch, batch + lost)));
    }

    private static List<Loss> losses(long end) {
        return LongStream.range(0, end)
                .mapToObj(batch -> loss(batch, batch + 1))
                .toList();
    }

    private void write(long from, long end) {
        for (long batch = from; batch < end; batch++) {
            ledger().append(new BatchId(batch), List.of(loss(batch, batch + 1)));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("losses"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void fewFilesStayAsTheyAre() throws IOException {
        write(0, 199);
        assertEquals(199, names().size());
        assertEquals(losses(199), ledger().upTo(new BatchId(198)));
    }

    @Test
    void ofManyTheOldestBecomeOne() throws IOException {
        write(0, 450);
        assertTrue(names().size() < 210, names().toString());
        assertEquals(
                List.of("0-99", "100-199", "200-299"),
                names().stream().filter(name -> name.contains("-")).toList());
        assertEquals(losses(450), ledger().upTo(new BatchId(449)));
        assertEquals(losses(150), ledger().upTo(new BatchId(149)));
    }

    @Test
    void aCrashAmidMergingCountsNothingTwice() throws IOException {
        write(0, 199);
        Path old = Files.createDirectory(directory.resolve("old"));
        for (String name : names()) {
            Files.copy(directory.resolve("losses").resolve(name), old.resolve(name));
        }
        write(199, 200);
        for (String name : List.of("0", "42", "99")) {
            Files.copy(old.resolve(name), directory.resolve("losses").resolve(name));
        }
        assertEquals(losses(200), ledger().upTo(new BatchId(199)));
        write(200, 310);
        assertEquals(losses(310), ledger().upTo(new BatchId(309)));
    }

    /// Where the file system has no hard links, a crash may leave a file empty.
    @Test
    void aFileThatACrashHasLeftEmptyIsWrittenAnew() throws IOException {
        write(0, 199);
        Files.createFile(directory.resolve("losses/0-99"));
        write(199, 200);
        assertEquals(101, names().size());
        assertEquals(losses(200), ledger().upTo(new BatchId(199)));
    }

    @Test
    void aBatchThatIsWrittenAgainCountsAsItIsNow() {
        write(0, 200);
        ledger().append(new BatchId(7), List.of(loss(7, 700)));
        List<Loss> all = ledger().upTo(new BatchId(199));
        assertEquals(200, all.size());
        assertEquals(loss(7, 700), all.get(7));
    }

    @Test
    void damageIsReportedWithTheFile() throws IOException {
        write(0, 200);
        Path merged = directory.resolve("losses/0-99");
        Files.writeString(merged, Files.readString(merged).replace("\"batchId\":7,", "\"batchId\":8,"));
        CheckpointException damaged = assertThrows(CheckpointException.class, () -> ledger().upTo(new BatchId(199)));
        assertTrue(String.valueOf(damaged.getMessage()).contains("0-99"), damaged.getMessage());
    }
}
