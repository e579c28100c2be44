package dev.headrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Where a micro-batch ended, as the query's write-ahead log says. It began where the batch before it ended.
///
/// @param batchId counted from 0
/// @param watermarkMillis the watermark it ran with, in milliseconds since 1970; 0 when there was none yet
/// @param ends by partition of the topic, the offset after the batch's last event
record BatchCut(long batchId, long watermarkMillis, Map<Integer, Long> ends) {
    BatchCut {
        ends = Map.copyOf(ends);
    }

    /// The offset after the batch's last event of a partition; 0 if it has seen none.
    long end(int partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /// Reads the batches that a query has committed from its checkpoint, whose `offsets` and `commits` have the layout
    /// of Spark's: a version line, a JSON object with the watermark, and a line with the end offsets of the one source.
    ///
    /// This is on purpose not the engine's own reading of its log: a proof does not trust what it judges.
    ///
    /// @param checkpoint the query's checkpoint directory
    /// @param topic the topic that the query reads
    /// @return in the order of their ids, complete from 0 on
    /// @throws IllegalArgumentException if a batch is missing
    static List<BatchCut> readAll(Path checkpoint, String topic) {
        try (Stream<Path> commits = Files.list(checkpoint.resolve("commits"))) {
            List<Long> ids = commits.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
            List<BatchCut> cuts = new ArrayList<>();
            for (long id : ids) {
                cuts.add(read(checkpoint.resolve("offsets").resolve(Long.toString(id)), id, topic));
            }
            return contiguous(cuts);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read checkpoint " + checkpoint, e);
        }
    }

    private static BatchCut read(Path file, long id, String topic) throws IOException {
        List<String> lines = Files.readAllLines(file);
        ObjectMapper mapper = new ObjectMapper();
        JsonNode header = mapper.readTree(lines.get(1));
        Map<Integer, Long> ends = new TreeMap<>();
        if (!lines.get(2).equals("-")) {
            mapper.readTree(lines.get(2))
                    .path(topic)
                    .fields()
                    .forEachRemaining(end -> ends.put(
                            Integer.valueOf(end.getKey()), end.getValue().longValue()));
        }
        return new BatchCut(id, header.path("batchWatermarkMs").longValue(), ends);
    }

    /// Checks that no batch is missing.
    ///
    /// @param cuts in the order of their ids
    /// @return the cuts
    /// @throws IllegalArgumentException if the ids are not 0, 1, 2 and so on
    static List<BatchCut> contiguous(List<BatchCut> cuts) {
        for (int i = 0; i < cuts.size(); i++) {
            if (cuts.get(i).batchId != i) {
                throw new IllegalArgumentException("Batch " + i + " is missing: the next one is " + cuts.get(i)
                        + ". The log of the query must keep all batches to prove anything.");
            }
        }
        return List.copyOf(cuts);
    }
}
