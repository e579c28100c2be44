package dev.headrace.benchmarks.nexmark;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// The 24 queries of Nexmark, each in a file of SQL.
///
/// The definitions are those of the benchmark's public suite for Flink (q0 to q23), in Spark's SQL; where that leaves
/// the order of equal rows open (q6, q9, q18, q19), further columns decide, so that there is one right answer.
final class Nexmark {
    private Nexmark() {}

    static List<String> queries() {
        return IntStream.range(0, 24).mapToObj(number -> "q" + number).toList();
    }

    static String sql(String query) {
        String file = query + ".sql";
        try (InputStream text = Nexmark.class.getResourceAsStream(file)) {
            if (text == null) {
                throw new IllegalArgumentException("no query " + query);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file, unreadable);
        }
    }

    /// Gives the names of the tables to these rows, streams or not.
    static void define(Session session, DataFrame person, DataFrame auction, DataFrame bid) {
        person.createOrReplaceTempView("person");
        auction.createOrReplaceTempView("auction");
        bid.createOrReplaceTempView("bid");
        session.createDataFrame(
                        IntStream.range(0, 10_000)
                                .mapToObj(key -> RowFactory.create((long) key, "value " + key))
                                .toList(),
                        StructType.fromDDL("key bigint, value string"))
                .createOrReplaceTempView("side_input");
    }
}
