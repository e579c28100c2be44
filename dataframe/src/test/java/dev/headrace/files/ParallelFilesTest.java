package dev.headrace.files;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelFilesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "parquet", "avro", "orc", "arrow"})
    void filesThatAreWrittenAtTheSameTimeDoNotMix(String format) {
        String place = directory.resolve("out").toString();
        try (Session session = Session.builder().master("local[4]").getOrCreate()) {
            DataFrame rows = session.range(0, 80_000, 1, 8)
                    .select(
                            col("id"),
                            expr("cast(id AS string) AS s"),
                            expr("id * 1.5D AS d"),
                            expr("timestamp_seconds(id) AS t"),
                            expr("cast(id AS decimal(12,2)) AS m"));
            rows.write().format(format).save(place);
            DataFrame read = session.read()
                    .format(format)
                    .schema("id bigint, s string, d double, t timestamp, m decimal(12,2)")
                    .load(place);

            assertEquals(80_000, read.count());
            assertEquals(
                    80_000,
                    read.filter("s = cast(id AS string) AND d = id * 1.5D AND t = timestamp_seconds(id) AND m = id")
                            .select("id")
                            .distinct()
                            .count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet"})
    void valuesOfDirectoriesThatAreReadAtTheSameTimeDoNotMix(String format) {
        String place = directory.resolve("out").toString();
        try (Session session = Session.builder()
                .master("local[4]")
                .config("spark.sql.session.timeZone", "Europe/Berlin")
                .getOrCreate()) {
            session.range(120)
                    .select(
                            col("id"),
                            expr("cast(id AS decimal(12,2)) AS m"),
                            expr("timestamp_seconds(id * 86400 * 7) AS t"))
                    .write()
                    .format(format)
                    .partitionBy("m", "t")
                    .save(place);
            DataFrame read = session.read()
                    .format(format)
                    .schema("id bigint, m decimal(12,2), t timestamp")
                    .load(place);

            for (int i = 0; i < 10; i++) {
                assertEquals(
                        120,
                        read.filter("m = id AND t = timestamp_seconds(id * 86400 * 7)")
                                .collectAsList()
                                .size());
            }
        }
    }
}
