package dev.headrace.interop;

import static dev.headrace.functions.col;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.sparkdelta.SparkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spark reads files that we write, and we those that it writes: variants, buckets, ORC and sketches.
class SparkFilesIT {
    @SuppressWarnings("NullAway.Init") // started before the first test
    private static SparkProcess spark;

    @TempDir
    private Path directory;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate();

    @BeforeAll
    static void startSpark() {
        spark = SparkProcess.start(
                "-Xmx1g -Xmn500m -XX:MetaspaceSize=300m -XX:ReservedCodeCacheSize=256m -XX:TieredStopAtLevel=1"
                        + " -XX:+DisplayVMOutputToStderr -Xverify:none",
                "spark.log.level=ERROR",
                "spark.sql.codegen.wholeStage=false",
                "spark.sql.codegen.factoryMode=NO_CODEGEN",
                "spark.sql.shuffle.partitions=1",
                "spark.sql.adaptive.enabled=false",
                "spark.default.parallelism=1",
                "spark.databricks.delta.snapshotPartitions=1");
    }

    @AfterAll
    static void endSpark() {
        spark.close();
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    // ---- Variants

    /// Objects of the same fields and of others, in several types, arrays, scalars and nulls.
    private static final String VARIANTS = "SELECT id, CASE id % 8"
            + " WHEN 0 THEN parse_json(concat('{\"a\":', id, ',\"b\":\"text ', id, '\",\"c\":{\"d\":[1,2.5,\"x\"]}}'))"
            + " WHEN 1 THEN parse_json(concat('{\"b\":', id, ',\"a\":null,\"e\":true}'))"
            + " WHEN 2 THEN parse_json('null') WHEN 3 THEN NULL"
            + " WHEN 4 THEN parse_json(concat('{\"a\":', id, ',\"c\":{}}'))"
            + " WHEN 5 THEN parse_json('[1,[],{\"z\":\"é\"},12345678901234567890.5]')"
            + " WHEN 6 THEN CAST(timestamp_micros(id * 1000003) AS VARIANT)"
            + " ELSE to_variant_object(named_struct('a', id, 'b', date'2026-01-02', 'f', 1.5D, 'g', CAST('bytes' AS BINARY)))"
            + " END AS v FROM range(0, 48)";

    private static final String TEXTS = "SELECT id, to_json(v) AS v, schema_of_variant(v) AS s, v:a::string AS a FROM ";

    @Test
    void sparkReadsVariantsOfOurs() {
        session.sql(VARIANTS).write().parquet(path("parquet"));
        session.sql(VARIANTS).write().format("delta").save(path("delta"));

        assertSame(TEXTS + "parquet.`" + path("parquet") + "`");
        assertSame(TEXTS + "delta.`" + path("delta") + "`");
    }

    @Test
    void weReadVariantsOfSparks() throws IOException {
        spark.sql("CREATE TABLE parquet_variants USING parquet LOCATION '" + path("parquet") + "' AS " + VARIANTS);
        spark.sql("CREATE TABLE delta.`" + path("delta") + "` USING delta AS " + VARIANTS);

        assertSame(TEXTS + "parquet.`" + path("parquet") + "`");
        assertSame(TEXTS + "delta.`" + path("delta") + "`");
    }

    @Test
    void weReadShreddedVariants() throws IOException {
        spark.sql("SET spark.sql.variant.writeShredding.enabled=true");
        spark.sql("SET spark.sql.variant.forceShreddingSchemaForTest="
                + "a bigint, b string, c struct<d: array<decimal(10,2)>>, e boolean, f double, g binary");
        try {
            spark.sql("CREATE TABLE shredded USING parquet LOCATION '" + path("shredded") + "' AS " + VARIANTS);
        } finally {
            spark.sql("RESET spark.sql.variant.forceShreddingSchemaForTest");
        }
        assertTrue(schema("shredded").contains("typed_value"), schema("shredded"));
        assertSame(TEXTS + "parquet.`" + path("shredded") + "`");
        for (String type : List.of("timestamp", "array<variant>", "decimal(20, 2)", "string", "struct<zz: int>")) {
            String name = "as_" + type.replaceAll("[^a-z]", "_");
            spark.sql("SET spark.sql.variant.forceShreddingSchemaForTest=" + type);
            try {
                spark.sql("CREATE TABLE " + name + " USING parquet LOCATION '" + path(name) + "' AS " + VARIANTS);
            } finally {
                spark.sql("RESET spark.sql.variant.forceShreddingSchemaForTest");
            }
            assertSame(TEXTS + "parquet.`" + path(name) + "`");
        }
    }

    @Test
    void bothGoOnWithDeltaTablesOfVariants() {
        String table = "delta.`" + path("t") + "`";
        spark.sql("CREATE TABLE " + table + " (id BIGINT, v VARIANT, a ARRAY<VARIANT>) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        spark.sql("INSERT INTO " + table + " SELECT id, v, array(v) FROM (" + VARIANTS + ")");
        session.sql("INSERT INTO " + table + " SELECT id + 1000, v, array(v, NULL) FROM (" + VARIANTS + ")");
        session.sql("DELETE FROM " + table + " WHERE v:b IS NOT NULL AND id > 1020");
        spark.sql("UPDATE " + table + " SET v = parse_json('{\"new\":1}') WHERE id = 1005");
        session.sql("UPDATE " + table + " SET v = parse_json('[\"ours\"]') WHERE id = 3");
        assertSame("SELECT id, to_json(v) AS v, size(a) AS n, to_json(a[0]) AS first FROM " + table);

        spark.sql("ALTER TABLE " + table + " ADD COLUMN w VARIANT");
        session.sql("INSERT INTO " + table + " SELECT 5000, NULL, NULL, parse_json('7')");
        assertSame("SELECT id, to_json(w) AS w FROM " + table);
    }

    // ---- Buckets

    private static final String BUCKETED = "SELECT id, concat('name ', id % 17) AS name, CAST(id AS INT) AS i,"
            + " IF(id % 5 = 0, NULL, date_add(DATE '2026-01-01', CAST(id % 40 AS INT))) AS day FROM range(0, 500)";

    @Test
    void sparkFindsRowsInBucketsOfOurs() {
        session.sql(BUCKETED)
                .repartition(3)
                .write()
                .format("parquet")
                .bucketBy(4, "name", "day")
                .sortBy("id")
                .option("path", path("ours"))
                .saveAsTable("ours");
        spark.sql("CREATE TABLE ours (id BIGINT, name STRING, i INT, day DATE) USING parquet"
                + " CLUSTERED BY (name, day) SORTED BY (id) INTO 4 BUCKETS LOCATION '" + path("ours") + "'");
        // Spark leaves out the files of other buckets.
        assertSame("SELECT * FROM ours WHERE name = 'name 3' AND day = DATE '2026-01-04'");
        assertSame("SELECT * FROM ours");
        // And joins bucket by bucket.
        spark.sql("SET spark.sql.autoBroadcastJoinThreshold=-1");
        String join = "SELECT count(*) AS n FROM ours a JOIN ours b ON a.name = b.name AND a.day = b.day";
        assertTrue(spark.sql("EXPLAIN " + join).stream().noneMatch(line -> line.contains("Exchange hashpartitioning")));
        assertSame(join);
    }

    @Test
    void weReadBucketsOfSparks() {
        spark.sql("CREATE TABLE theirs USING parquet CLUSTERED BY (name) INTO 3 BUCKETS LOCATION '" + path("theirs")
                + "' AS " + BUCKETED);
        session.sql("CREATE TABLE theirs (id BIGINT, name STRING, i INT, day DATE) USING parquet"
                + " CLUSTERED BY (name) INTO 3 BUCKETS LOCATION '" + path("theirs") + "'");
        assertSame("SELECT * FROM theirs WHERE name = 'name 3'");
        session.sql("INSERT INTO theirs SELECT id + 1000, name, i, day FROM (" + BUCKETED + ")");
        spark.sql("REFRESH TABLE theirs");
        assertSame("SELECT * FROM theirs WHERE name = 'name 5'");
    }

    // ---- ORC

    private static final String TIMES =
            "SELECT id, CAST(timestamp_micros(id * 86399999999 - 1234567) AS TIMESTAMP_NTZ) AS tn,"
                    + " timestamp_micros(id * 86399999999 - 1234567) AS ts, array(timestamp_ntz'1582-10-15 01:02:03.000004') AS a"
                    + " FROM range(-400, 400)";

    @Test
    void timesInOrcAreTheSame() {
        spark.sql("CREATE TABLE orc_times USING orc LOCATION '" + path("theirs") + "' AS " + TIMES);
        session.sql(TIMES).write().orc(path("ours"));

        assertSame("SELECT * FROM orc.`" + path("theirs") + "`");
        assertSame("SELECT * FROM orc.`" + path("ours") + "`");
    }

    // ---- Times by the calendar of old Spark

    @Test
    void timesByTheOldCalendarAreTheSame() {
        String times = "SELECT id, date_add(DATE'0001-01-01', CAST(id * 3653 AS INT)) AS d,"
                + " timestamp_micros(id * 31556952 * 10000001 - 62135596800000000) AS ts FROM range(0, 200)";
        spark.sql("SET spark.sql.parquet.datetimeRebaseModeInWrite=LEGACY");
        spark.sql("SET spark.sql.parquet.int96RebaseModeInWrite=LEGACY");
        try {
            for (String stored : List.of("INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS")) {
                spark.sql("SET spark.sql.parquet.outputTimestampType=" + stored);
                spark.sql("CREATE TABLE old_" + stored + " USING parquet LOCATION '" + path(stored) + "' AS " + times);
                String table = "parquet.`" + path(stored) + "`";

                assertSame("SELECT * FROM " + table);
                assertSame("SELECT * FROM " + table + " WHERE d <= DATE'1500-06-01' OR ts = TIMESTAMP'1901-01-01'");
                assertSame("SELECT * FROM " + table + " WHERE d > DATE'1300-06-01' AND d < DATE'1650-01-01'");
            }
        } finally {
            spark.sql("RESET spark.sql.parquet.outputTimestampType");
            spark.sql("RESET spark.sql.parquet.int96RebaseModeInWrite");
            spark.sql("RESET spark.sql.parquet.datetimeRebaseModeInWrite");
        }
    }

    // ---- The file of a row

    @Test
    void theFileOfARowIsTheSame() throws IOException {
        Path first = directory.resolve("lines/day=2026-01-01/a b+%.csv");
        Files.createDirectories(first.getParent());
        Files.writeString(first, "1,x\n2,y\n");
        Path second = directory.resolve("lines/day=2026-01-02/c.csv");
        Files.createDirectories(second.getParent());
        Files.writeString(second, "3,z\n");
        String table = "csv.`" + path("lines") + "`";

        assertSame("SELECT *, _metadata, input_file_name() AS f, input_file_block_start() AS s,"
                + " input_file_block_length() AS l FROM " + table);
        assertSame("SELECT day, _metadata.file_name AS f, count(*) AS n FROM " + table
                + " WHERE _metadata.file_size > 4 GROUP BY day, _metadata.file_name");
        assertSame("SELECT t.*, t._metadata.file_name AS n FROM " + table + " AS t ORDER BY _metadata.file_size, _c0");
        assertSame("SELECT id, input_file_name() AS f, input_file_block_start() AS s FROM range(0, 2)");
    }

    // ---- Bloom filters

    @Test
    void bloomFiltersAreRead() {
        spark.sql("CREATE TABLE theirs_bloom USING parquet OPTIONS (`parquet.bloom.filter.enabled#id` 'true',"
                + " `parquet.bloom.filter.enabled#s` 'true', `parquet.enable.dictionary` 'false') LOCATION '"
                + path("theirs") + "' AS SELECT id * 2 AS id, concat('n', id * 2) AS s FROM range(0, 5000)");
        session.sql("SELECT id * 2 AS id, concat('n', id * 2) AS s FROM range(0, 5000)")
                .write()
                .option("parquet.bloom.filter.enabled", true)
                .option("parquet.enable.dictionary", false)
                .parquet(path("ours"));
        for (String table : List.of("parquet.`" + path("theirs") + "`", "parquet.`" + path("ours") + "`")) {
            assertSame("SELECT * FROM " + table + " WHERE id = 4001 OR s = 'n4001'");
            assertSame("SELECT * FROM " + table + " WHERE id IN (4000, 4001, 7776) OR s = 'n12'");
        }
    }

    // ---- Compressed texts

    @Test
    void compressedTextsAreRead() {
        String rows = "SELECT CAST(id AS STRING) AS id, repeat(concat('text ', id), 20) AS t FROM range(0, 20000)";
        for (String compression : List.of("gzip", "bzip2", "deflate", "lz4", "snappy")) {
            String insert =
                    "INSERT OVERWRITE DIRECTORY '%s' USING csv OPTIONS (compression '" + compression + "') " + rows;
            spark.sql(String.format(insert, path("theirs " + compression)));
            session.sql(String.format(insert, path("ours " + compression)));
            for (String side : List.of("theirs ", "ours ")) {
                assertSame(
                        "SELECT count(*) AS n, sum(CAST(_c0 AS BIGINT)) AS s, sum(length(_c1)) AS l, max(_c1) AS m FROM csv.`"
                                + path(side + compression) + "`");
            }
        }
    }

    // ---- Partitions that statements say

    @Test
    void insertsIntoPartitionsDoTheSame() {
        List<String> statements = List.of(
                "CREATE TABLE t (id INT, day DATE, region STRING) USING parquet PARTITIONED BY (day, region) LOCATION '%s'",
                "INSERT INTO t PARTITION (day = '2026-01-01', region) VALUES (1, 'eu'), (2, 'us')",
                "INSERT INTO t PARTITION (day = '2026-01-02', region = 'eu') VALUES (3)",
                "INSERT INTO t PARTITION (day = '2026-01-03', region = NULL) (id) VALUES (4)",
                "INSERT OVERWRITE t PARTITION (day = '2026-01-01', region = 'eu') SELECT 5",
                "INSERT OVERWRITE t PARTITION (day = '2026-01-02', region) SELECT 6, 'us'",
                "INSERT OVERWRITE t PARTITION (day = '2026-01-03', region) SELECT 7, 'eu' WHERE false",
                "INSERT OVERWRITE t PARTITION (day = DATE'2026-01-01', region = 'us') SELECT 7 WHERE false");
        spark.sql("SET spark.sql.sources.partitionOverwriteMode=static");
        for (String statement : statements) {
            spark.sql(String.format(statement, path("theirs")));
            session.sql(String.format(statement, path("ours")));
            if (statement.startsWith("INSERT")) {
                assertSame("SELECT * FROM t");
            }
        }
        assertSame("SELECT * FROM parquet.`" + path("ours") + "`");
        spark.sql("DROP TABLE t");
    }

    // ---- Rows beside rows, and lengths of time

    @Test
    void lateralsAndTuplesAreTheSame() {
        String rows = "VALUES (1, array(7, 8), '{\"a\":1,\"b\":{\"c\":[1,2]},\"d e\":\"x\"}'), (2, array(), '[]'),"
                + " (3, NULL, 'none'), (4, array(NULL), NULL) AS t(id, xs, j)";
        assertSame("SELECT id, x FROM " + rows + ", LATERAL (SELECT explode(t.xs) AS x)");
        assertSame("SELECT id, y FROM " + rows + ", LATERAL (SELECT x * 10 + t.id AS y FROM (SELECT explode(t.xs) AS x)"
                + " WHERE x > 7)");
        assertSame("SELECT id, json_tuple(j, 'a', 'b', 'd e', 'none') AS (a, b, c, d) FROM " + rows);
        assertSame("SELECT id, c0, c1 FROM " + rows + " LATERAL VIEW json_tuple(j, 'a', 'b') AS c0, c1");
    }

    @Test
    void madeIntervalsMoveTimesTheSame() {
        assertSame(
                "SELECT i, d + make_interval(i, -i, i, -i) AS a, d - make_interval(0, i) AS b, make_interval(0, 0, i) + d AS c,"
                        + " ts + make_interval(i, i, i, i, i, i, i / 7.0) AS e, ts - make_interval(0, 1, 0, i, 30, i, 0.5) AS f,"
                        + " string(ntz + make_interval(0, i, 0, 0, -25)) AS g, ts + try_make_interval(715827882 + i, 1000) AS h"
                        + " FROM (SELECT CAST(id AS INT) AS i, DATE'2024-02-29' AS d, TIMESTAMP'2024-03-31 02:30:00' AS ts,"
                        + " TIMESTAMP_NTZ'2024-03-31 02:30:00' AS ntz FROM range(-3, 4))");
    }

    // ---- Sketches

    /// Of no values, few, some and many.
    private static final String SKETCHES =
            "SELECT k, hll_sketch_agg(v) AS hll, hll_sketch_agg(CAST(v AS STRING), 6) AS small,"
                    + " theta_sketch_agg(v, 8) AS theta, theta_sketch_agg(v / 7.0D) AS fractions,"
                    + " kll_sketch_agg_bigint(v) AS longs, kll_sketch_agg_float(CAST(v AS FLOAT), 20) AS floats,"
                    + " kll_sketch_agg_double(v / 7.0D) AS doubles, approx_top_k_accumulate(v % 5, 100) AS top,"
                    + " approx_top_k_accumulate(concat('é', v % 3)) AS texts,"
                    + " approx_top_k_accumulate(CAST(v % 3 + 1 AS DECIMAL(30,10))) AS decimals,"
                    + " count_min_sketch(concat('w', v), 0.1D, 0.9D, 42) AS counts"
                    + " FROM (SELECT IF(id = 0, NULL, id) AS v, CASE WHEN id = 0 THEN 'none' WHEN id < 5 THEN 'few'"
                    + " WHEN id < 150 THEN 'some' ELSE 'many' END AS k FROM range(0, 20000)) GROUP BY k";

    private static final String ANSWERS = "SELECT k, hll_sketch_estimate(hll) AS hll,"
            + " hll_sketch_estimate(hll_union(hll, small, true)) AS united, hex(theta) AS theta,"
            + " theta_sketch_estimate(theta_union(theta, fractions)) AS both,"
            + " theta_sketch_estimate(theta_difference(fractions, theta)) AS rest,"
            + " theta_sketch_estimate(theta_intersection(fractions, theta)) AS shared,"
            + " kll_sketch_get_n_bigint(longs) AS n, kll_sketch_get_n_float(floats) AS nf,"
            + " IF(k = 'none', NULL, kll_sketch_get_quantile_bigint(longs, array(0.0D, 0.3D, 1.0D))) AS q,"
            + " IF(k = 'none', NULL, kll_sketch_get_quantile_float(floats, 0.7D)) AS f,"
            + " IF(k = 'none', NULL, kll_sketch_get_rank_double(doubles, 20.0D)) AS r,"
            + " sort_array(approx_top_k_estimate(top)) AS top, sort_array(approx_top_k_estimate(texts)) AS texts,"
            + " sort_array(approx_top_k_estimate(decimals)) AS decimals, top.itemDataTypeDDL AS ddl, hex(counts) AS counts FROM ";

    private static final String MERGED =
            "SELECT hex(theta_union_agg(theta, 6)) AS theta, theta_sketch_estimate(theta_intersection_agg(theta)) AS shared,"
                    + " kll_sketch_get_n_bigint(kll_merge_agg_bigint(longs)) AS n,"
                    + " sort_array(approx_top_k_estimate(approx_top_k_combine(top))) AS top FROM ";

    @Test
    void sketchesGoEitherWay() {
        session.sql(SKETCHES).write().parquet(path("ours"));
        spark.sql("CREATE TABLE their_sketches USING parquet LOCATION '" + path("theirs") + "' AS " + SKETCHES);

        for (String table : List.of("parquet.`" + path("ours") + "`", "parquet.`" + path("theirs") + "`")) {
            assertSame(ANSWERS + table);
            assertSame(MERGED + table + " WHERE k <> 'none'");
        }
        assertSame("SELECT hll_sketch_estimate(hll_union_agg(hll)) AS n FROM parquet.`" + path("ours") + "`");
    }

    /// What the values alone decide.
    @Test
    void sketchesHaveTheSameBytes() {
        assertSame("SELECT k, hex(theta) AS theta, hex(fractions) AS fractions, hex(counts) AS counts FROM (" + SKETCHES
                + ")");
        assertSame("SELECT hex(hll_union_agg(s)) AS united FROM (SELECT hll_sketch_agg(id) AS s FROM range(0, 3000)"
                + " UNION ALL SELECT hll_sketch_agg(id) FROM range(1000, 5000))");
    }

    // ---- Help

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private String schema(String table) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(table))) {
            Path file = files.filter(found -> found.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
                return reader.getFileMetaData().getSchema().toString();
            }
        }
    }

    /// Both see the same rows.
    private void assertSame(String query) {
        DataFrame ours = session.sql(query);
        List<String> rows = ours
                .select(to_json(struct(Arrays.stream(ours.columns())
                        .map(name -> col("`" + name + "`"))
                        .toArray(Column[]::new))))
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
        assertEquals(spark.sql(query).stream().sorted().toList(), rows, query);
    }
}
