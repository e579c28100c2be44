package dev.headrace.testing;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.engine.Step;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Checks that a query's answer depends on its rows alone: not on how batches are cut, in which order rows arrive,
/// where it crashes and when it is started again.
///
/// ```java
/// StreamFuzz.over(StructType.fromDDL("user string, ts timestamp"), rows)
///         .arrivingUpTo(Duration.ofSeconds(10), "ts")
///         .check(clicks -> clicks.withWatermark("ts", "10 seconds").groupBy(window(col("ts"), "1 minute")).count());
/// ```
///
/// The query runs as one batch over all rows, and for each seed as a stream in output mode changelog; the changes must
/// add up to the batch's rows. In output mode append the rows must be those of the batch, so let the last rows move the
/// watermark past all others, and leave them out of the query's result. A failure names its seed, and [#seeds] runs
/// just that one again. Immutable.
///
/// @param rows the stream's rows, in the order of their times if there is one
/// @param lateness how long after a later row a row may arrive; zero keeps the order
/// @param timeColumn the event time that `lateness` goes by
/// @param mode the output mode, `changelog` or `append`
/// @param firstSeed the first seed
/// @param seedCount how many seeds
public record StreamFuzz(
        StructType schema,
        List<Row> rows,
        Duration lateness,
        Optional<String> timeColumn,
        String mode,
        long firstSeed,
        int seedCount) {
    private static final String CHANGELOG = "changelog";

    public StreamFuzz {
        rows = List.copyOf(rows);
        if (!mode.equals(CHANGELOG) && !mode.equals("append")) {
            throw new IllegalArgumentException("outputMode(\"" + mode + "\"): expected changelog or append.");
        }
    }

    /// Twenty runs over these rows in their order.
    public static StreamFuzz over(StructType schema, List<Row> rows) {
        return new StreamFuzz(schema, rows, Duration.ZERO, Optional.empty(), CHANGELOG, 1, 20);
    }

    /// Lets rows arrive late: each at most that long after a row with a later time. With a watermark of that delay none
    /// is late.
    public StreamFuzz arrivingUpTo(Duration late, String column) {
        return new StreamFuzz(schema, rows, late, Optional.of(column), mode, firstSeed, seedCount);
    }

    /// Another output mode.
    ///
    /// @param outputMode `changelog`, the default, or `append`
    public StreamFuzz outputMode(String outputMode) {
        return new StreamFuzz(schema, rows, lateness, timeColumn, outputMode, firstSeed, seedCount);
    }

    /// Other runs.
    public StreamFuzz seeds(long first, int count) {
        return new StreamFuzz(schema, rows, lateness, timeColumn, mode, first, count);
    }

    /// @param query the same for a stream of the rows and for all of them
    /// @throws AssertionError if a run gives other rows than the batch
    public void check(UnaryOperator<DataFrame> query) {
        for (long seed = firstSeed; seed < firstSeed + seedCount; seed++) {
            check(query, seed);
        }
    }

    private void check(UnaryOperator<DataFrame> query, long seed) {
        Random random = new Random(seed);
        List<Row> arriving = arriving(random);
        List<String> story = new ArrayList<>();
        try (StreamTest test = StreamTest.create()) {
            Map<String, Integer> expected = new TreeMap<>();
            query.apply(test.session().createDataFrame(rows, schema))
                    .collectAsList()
                    .forEach(row -> expected.merge(text(row, row.size()), 1, Integer::sum));
            TestInput input = test.input(schema);
            test.query(query.apply(input.toDF()), mode);
            int at = 0;
            while (at < arriving.size()) {
                int count = Math.min(arriving.size() - at, 1 + random.nextInt(Math.max(1, arriving.size() / 3)));
                input.add(arriving.subList(at, at + count));
                at += count;
                story.add(count + " rows");
                if (random.nextInt(3) == 0) {
                    Step step = Step.values()[random.nextInt(Step.values().length)];
                    story.add("crash after " + step);
                    test.crashAfter(step);
                }
                test.process();
            }
            Map<String, Integer> actual = new TreeMap<>();
            for (Row row : test.newRows()) {
                int columns = mode.equals(CHANGELOG) ? row.size() - 1 : row.size();
                boolean added = columns == row.size() || "insert".equals(row.getString(columns));
                actual.merge(text(row, columns), added ? 1 : -1, Integer::sum);
            }
            actual.values().removeIf(count -> count == 0);
            if (!expected.equals(actual)) {
                throw new AssertionError("seed " + seed + " (" + String.join(", ", story) + "):\n"
                        + difference("the batch gives and the stream does not", expected, actual)
                        + difference("the stream gives and the batch does not", actual, expected));
            }
        }
    }

    private List<Row> arriving(Random random) {
        if (timeColumn.isEmpty() || lateness.isZero()) {
            return rows;
        }
        int time = schema.fieldIndex(timeColumn.get());
        record Arrival(Row row, Instant at) {}
        List<Arrival> arrivals = new ArrayList<>();
        for (Row row : rows) {
            Instant event = Objects.requireNonNullElse(row.getInstant(time), Instant.EPOCH);
            // A row that waits for the whole lateness would arrive when its time is just not in time any more.
            arrivals.add(new Arrival(row, event.plusNanos((long) (random.nextDouble() * lateness.toNanos()))));
        }
        arrivals.sort(Comparator.comparing(Arrival::at));
        return arrivals.stream().map(Arrival::row).toList();
    }

    private static String text(Row row, int columns) {
        String[] cells = new String[columns];
        for (int i = 0; i < columns; i++) {
            Object value = row.get(i);
            // Sums of doubles depend on the order of their terms in the last digits.
            cells[i] = value instanceof Double number ? String.format("%.9g", number) : String.valueOf(value);
        }
        return Arrays.toString(cells);
    }

    private static String difference(String what, Map<String, Integer> one, Map<String, Integer> other) {
        List<String> lines = new ArrayList<>();
        one.forEach((row, count) -> {
            if (count > other.getOrDefault(row, 0)) {
                lines.add("    " + row);
            }
        });
        return lines.isEmpty() ? "" : "  " + what + ":\n" + String.join("\n", lines) + "\n";
    }
}
