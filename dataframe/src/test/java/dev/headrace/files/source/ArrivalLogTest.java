package dev.headrace.files.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.CheckpointException;
import dev.headrace.files.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivalLogTest {
    @TempDir
    Path directory;

    private static InputFile file(int number) {
        return new InputFile(Path.of("/in/" + number), number, 1000L + number, Map.of());
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void numbersOutliveTheProcess() {
        Map<String, Optional<String>> partition = new LinkedHashMap<>();
        partition.put("day", Optional.of("2026-01-31"));
        partition.put("shop", Optional.empty());
        InputFile file = new InputFile(Path.of("/in/a \"b\".json"), 5, 7, partition);
        new ArrivalLog(directory).add(List.of(file(0), file), 0, _ -> true);

        ArrivalLog again = new ArrivalLog(directory);

        assertEquals(2, again.end());
        assertEquals(List.of(file(0), file), again.between(0, 2));
        assertEquals(Optional.of(file), again.found(file.path()));
        assertEquals(Optional.empty(), again.found(Path.of("/in/c")));
    }

    @Test
    void manyBatchesAreFewSegmentsAndFewBytesWritten() throws IOException {
        ArrivalLog log = new ArrivalLog(directory);
        List<InputFile> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            all.add(file(i));
            log.add(List.of(file(i)), i, _ -> true);
        }

        assertTrue(segments().size() <= 17, segments().toString());
        assertEquals(all, new ArrivalLog(directory).between(0, 500));
    }

    @Test
    void filesThatWereReadAndAreGoneAreForgottenAndTheirNumbersAreNotGivenAgain() {
        ArrivalLog log = new ArrivalLog(directory);
        for (int i = 0; i < 40; i++) {
            log.add(
                    List.of(file(i)),
                    i,
                    path -> Integer.parseInt(path.getFileName().toString()) > 30);
        }

        ArrivalLog again = new ArrivalLog(directory);

        assertEquals(40, again.end());
        assertEquals(9, again.between(31, 40).size());
        assertEquals(Optional.empty(), again.found(Path.of("/in/3")));
        assertTrue(assertThrows(CheckpointException.class, () -> again.between(0, 40))
                .getMessage()
                .contains("[ARRIVALS_FORGOTTEN]"));
    }

    @Test
    void processThatEndsWhileSegmentsAreJoinedLeavesNoFileTwice() throws IOException {
        ArrivalLog log = new ArrivalLog(directory);
        for (int i = 0; i < 16; i++) {
            log.add(List.of(file(i)), 0, _ -> true);
        }
        Path last = segments().getLast();
        byte[] bytes = Files.readAllBytes(last);
        log.add(List.of(file(16)), 0, _ -> true);
        Files.write(last, bytes);

        ArrivalLog again = new ArrivalLog(directory);

        assertEquals(17, again.end());
        assertEquals(17, again.between(0, 17).size());
        assertEquals(1, segments().size());
    }

    @Test
    void segmentThatIsMissingOrNoJsonIsRefused() throws IOException {
        ArrivalLog log = new ArrivalLog(directory);
        log.add(List.of(file(0)), 0, _ -> true);
        log.add(List.of(file(1)), 0, _ -> true);
        Path first = segments().getFirst();
        String text = Files.readString(first);
        Files.delete(first);

        assertEquals(
                "[INVALID_ARRIVAL_LOG] " + segments().getFirst()
                        + ": the files from number 0 to it are missing. Restore the checkpoint, or start with a new one.",
                assertThrows(CheckpointException.class, () -> new ArrivalLog(directory))
                        .getMessage());
        Files.writeString(first, text.substring(0, text.length() - 3));
        assertTrue(assertThrows(CheckpointException.class, () -> new ArrivalLog(directory))
                .getMessage()
                .contains("is no JSON"));
    }
}
