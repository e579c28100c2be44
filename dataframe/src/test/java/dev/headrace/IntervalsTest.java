package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.Failures.at;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.date_part;
import static dev.headrace.functions.extract;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.make_dt_interval;
import static dev.headrace.functions.make_ym_interval;
import static dev.headrace.functions.max;
import static dev.headrace.functions.min;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.timestamp_add;
import static dev.headrace.functions.timestamp_diff;
import static dev.headrace.functions.try_sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Columns of intervals. What single expressions give is in `examples/spark/intervals.txt`.
class IntervalsTest {
    private static final StructType SCHEMA =
            StructType.fromDDL("id INT, months INTERVAL YEAR TO MONTH, time INTERVAL DAY TO SECOND");
    private static final List<Row> ROWS = List.of(
            RowFactory.create(1, Period.of(1, 6, 0), Duration.parse("P3DT4H5M6.789S")),
            RowFactory.create(2, null, null),
            RowFactory.create(3, Period.ofMonths(-5), Duration.parse("PT-0.5S")),
            RowFactory.create(4, Period.ofMonths(Integer.MIN_VALUE).normalized(), micros(Long.MIN_VALUE)),
            RowFactory.create(5, Period.ofMonths(Integer.MAX_VALUE).normalized(), micros(Long.MAX_VALUE)));

    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "America/Los_Angeles")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .create();

    @TempDir
    private Path directory;

    private static Duration micros(long micros) {
        return Duration.of(micros, java.time.temporal.ChronoUnit.MICROS);
    }

    private DataFrame frame() {
        return session.createDataFrame(ROWS, SCHEMA);
    }

    private List<Object> column(String sql) {
        List<Object> values = new ArrayList<>();
        session.sql(sql).collectAsList().forEach(row -> values.add(row.get(0)));
        return values;
    }

    private static String printed(DataFrame frame) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            frame.show(false);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void typesAreWrittenAsSparkWritesThem() {
        DataType hours = new DayTimeIntervalType(DayTimeIntervalType.DAY(), DayTimeIntervalType.HOUR());

        assertEquals("interval day to hour", hours.simpleString());
        assertEquals("INTERVAL DAY TO HOUR", hours.sql());
        assertEquals("\"interval day to hour\"", hours.json());
        assertEquals(hours, DataType.fromJson(hours.json()));
        assertEquals(hours, DataType.fromDDL("Interval DAY  to hour"));
        assertEquals("DayTimeIntervalType(0,1)", hours.toString());
        assertEquals(
                DataTypes.createYearMonthIntervalType(YearMonthIntervalType.YEAR(), YearMonthIntervalType.YEAR()),
                DataType.fromDDL("interval year"));
        assertEquals(
                "months INTERVAL YEAR TO MONTH", SCHEMA.toDDL().split(",")[1].strip());
        assertEquals("interval", StructType.fromDDL("interval int").names().getFirst());
    }

    @Test
    void fieldsThatThereAreNotAreRefused() {
        assertFails(
                "[INVALID_INTERVAL_TYPE] DayTimeIntervalType(3, 1): the fields are numbered from 0 to 3 (day, hour,"
                        + " minute, second), and the first must not come after the last.",
                () -> DataTypes.createDayTimeIntervalType((byte) 3, (byte) 1));
        assertFails(
                "[INVALID_INTERVAL_TYPE] YearMonthIntervalType(0, 2): the fields are numbered from 0 to 1 (year,"
                        + " month), and the first must not come after the last.",
                () -> DataTypes.createYearMonthIntervalType((byte) 0, (byte) 2));
    }

    @Test
    void rowsGiveAndTakePeriodsAndDurations() {
        assertEquals(ROWS, frame().collectAsList());
    }

    record Stay(String guest, Period notice, Duration length) {}

    @Test
    void recordsHavePeriodsAndDurations() {
        List<Stay> stays = List.of(
                new Stay("ann", Period.ofMonths(14).normalized(), Duration.ofMinutes(90)), new Stay("bob", null, null));
        Dataset<Stay> typed = session.createDataset(stays, Encoders.record(Stay.class));

        assertEquals(
                "guest STRING,notice INTERVAL YEAR TO MONTH,length INTERVAL DAY TO SECOND",
                typed.schema().toDDL());
        assertEquals(stays, typed.collectAsList());
        assertEquals(
                List.of(Duration.ofHours(3)),
                typed.filter(col("guest").equalTo("ann"))
                        .map(stay -> stay.length().multipliedBy(2), Encoders.DURATION())
                        .collectAsList());
        assertEquals(
                List.of(Period.ofYears(2)),
                session.createDataset(List.of(Period.ofMonths(24)), Encoders.PERIOD())
                        .collectAsList());
    }

    @Test
    void lengthsThatDoNotFitAreRefused() {
        assertFails(
                "[UNSUPPORTED_LITERAL] The constant PT2562047788015215H30M7S is out of the range of intervals.",
                () -> lit(Duration.ofSeconds(Long.MAX_VALUE)));
        assertFails(
                "[INVALID_ROW_VALUE] createDataFrame(…): row 0, column 'p' is 'P2147483647Y' of class java.time.Period, which is no interval"
                        + " year to month.",
                () -> session.createDataFrame(
                        List.of(RowFactory.create(Period.ofYears(Integer.MAX_VALUE))),
                        StructType.fromDDL("p INTERVAL YEAR TO MONTH")));
    }

    @Test
    void constantsAndColumnsMoveTimes() {
        Row row = session.range(1)
                .select(
                        lit(LocalDate.of(2024, 1, 31)).plus(lit(Period.ofMonths(1))),
                        lit(Instant.parse("2024-01-31T10:00:00Z")).minus(lit(Duration.ofMillis(-5))),
                        lit(LocalDate.of(2024, 1, 31))
                                .plus(make_ym_interval(lit(1), col("id").cast("int"))),
                        make_dt_interval(col("id").cast("int"), lit(1)).multiply(2))
                .collectAsList()
                .getFirst();

        assertEquals(
                RowFactory.create(
                        LocalDate.of(2024, 2, 29),
                        Instant.parse("2024-01-31T10:00:00.005Z"),
                        LocalDate.of(2025, 1, 31),
                        Duration.ofHours(2)),
                row);
    }

    /// As a Spark session in this zone gives it: days move what clocks show, also those in `24 HOURS`.
    @Test
    void wholeDaysMoveTheLocalTime() {
        assertEquals(
                List.of(
                        "2024-03-10 12:00:00",
                        "2024-03-10 12:00:00",
                        "2024-03-10 12:00:00",
                        "INTERVAL '1 00:00:00' DAY TO SECOND",
                        "[2024-03-09 12:00:00, 2024-03-11 00:00:00, 2024-03-12 12:00:00]",
                        "[2024-03-09 12:00:00, 2024-03-09 21:00:00, 2024-03-10 07:00:00]",
                        "[2024-03-09 12:00:00, 2024-03-10 00:00:00, 2024-03-10 13:00:00, 2024-03-11 01:00:00]",
                        "[2024-03-11 01:00:00, 2024-03-10 13:00:00, 2024-03-10 00:00:00, 2024-03-09 12:00:00]"),
                column("""
                        WITH t AS (SELECT TIMESTAMP '2024-03-09 12:00:00' AS t, i FROM VALUES (INTERVAL 24 HOURS) v(i))
                        SELECT CAST(t + INTERVAL 24 HOURS AS STRING) FROM t
                        UNION ALL SELECT CAST(t + i AS STRING) FROM t
                        UNION ALL SELECT CAST(t + INTERVAL 23 HOURS AS STRING) FROM t
                        UNION ALL SELECT CAST(TIMESTAMP '2024-03-10 12:00:00' - t AS STRING) FROM t
                        UNION ALL SELECT CAST(sequence(t, TIMESTAMP '2024-03-12 12:00:00', INTERVAL 36 HOURS) AS STRING) FROM t
                        UNION ALL SELECT CAST(sequence(t, TIMESTAMP '2024-03-10 12:00:00', INTERVAL 9 HOURS) AS STRING) FROM t
                        UNION ALL SELECT CAST(sequence(t, TIMESTAMP '2024-03-11 01:00:00', INTERVAL 12 HOURS) AS STRING) FROM t
                        UNION ALL SELECT CAST(sequence(TIMESTAMP '2024-03-11 01:00:00', t, INTERVAL -12 HOURS) AS STRING) FROM t
                        """));
    }

    /// Each hour once, also on the day that has 23 of them.
    @Test
    void stepsOfHoursAreAsLongAsHours() {
        String hours = "sequence(TIMESTAMP '2024-03-09 12:00:00', TIMESTAMP '2024-03-11 12:00:00', INTERVAL 1 HOUR)";

        assertEquals(
                List.of(48, 48),
                column("SELECT explode(array(size(" + hours + "), size(array_distinct(" + hours + "))))"));
    }

    @Test
    void rowsAreSortedGroupedAndJoinedByIntervals() {
        DataFrame all = frame().union(frame());

        assertEquals(
                Arrays.asList(2, 4, 3, 1, 5),
                all.groupBy("time", "months").agg(min("id").as("id")).orderBy("months").collectAsList().stream()
                        .map(row -> row.getAs("id"))
                        .toList());
        assertEquals(
                List.of(5, 1, 3, 4),
                frame()
                        .as("a")
                        .join(frame().as("b"), col("a.time").equalTo(col("b.time")))
                        .orderBy(col("a.time").desc())
                        .select("a.id")
                        .collectAsList()
                        .stream()
                        .map(row -> row.getInt(0))
                        .toList());
        assertEquals(
                List.of(5),
                frame().orderBy(col("time").desc()).limit(1).select("id").collectAsList().stream()
                        .map(row -> row.getInt(0))
                        .toList());
        assertEquals(4, all.select("months").distinct().na().drop().count());
    }

    @Test
    void intervalsAreAddedUp() {
        DataFrame small = frame().where("id < 4");

        assertEquals(
                List.of(RowFactory.create(
                        Period.of(1, 1, 0),
                        Duration.parse("P3DT4H5M6.289S"),
                        Period.ofMonths(7),
                        Duration.parse("P1DT14H2M33.1445S"),
                        Period.ofMonths(-5),
                        Duration.parse("P3DT4H5M6.789S"))),
                small.agg(sum("months"), sum("time"), avg("months"), avg("time"), min("months"), max("time"))
                        .collectAsList());
        assertEquals(
                List.of(RowFactory.create(null, null)),
                frame().where("id IN (1, 5)")
                        .agg(try_sum(col("months")), try_sum(col("time")))
                        .collectAsList());
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] sum: the sum of a group is out of the range of interval year to month."
                        + " Use try_sum to get NULL instead.",
                () -> frame().where("id IN (1, 5)").agg(sum("months")).collectAsList());
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] avg: the sum of a group is out of the range of interval day to second."
                        + " Use try_avg to get NULL instead.",
                () -> frame().where("id IN (1, 5)").agg(avg("time")).collectAsList());
    }

    @Test
    void resultsOutOfRangeAreErrors() {
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] A result is out of the range of interval year to month. Use try_add to"
                        + " get NULL instead.",
                () -> frame().select(col("months").plus(col("months"))).collectAsList());
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] A result is out of the range of interval. Use try_multiply to get NULL"
                        + " instead.",
                () -> frame().select(col("time").multiply(3)).collectAsList());
        assertFails(
                "[INTERVAL_DIVIDED_BY_ZERO] An interval is divided by 0. Use try_divide to get NULL instead.",
                () -> frame().select(col("time").divide(0)).collectAsList());
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] A result is out of the range of interval year to month."
                        + at("SELECT make_ym_interval(178956970, 8)", "make_ym_interval(178956970, 8)"),
                () -> column("SELECT make_ym_interval(178956970, 8)"));
        assertFails(
                "[INTERVAL_ARITHMETIC_OVERFLOW] A result is out of the range of interval day to second."
                        + at("SELECT make_dt_interval(106751992)", "make_dt_interval(106751992)"),
                () -> column("SELECT make_dt_interval(106751992)"));
        assertFails(
                "[CAST_INVALID_INPUT] '1-13' can't be cast to interval year to month: expected text such as INTERVAL"
                        + " '1-6' YEAR TO MONTH, or what stands in its quotes. Use try_cast to get NULL instead."
                        + at("SELECT CAST('1-13' AS INTERVAL YEAR TO MONTH)", "CAST('1-13' AS INTERVAL YEAR TO MONTH)"),
                () -> column("SELECT CAST('1-13' AS INTERVAL YEAR TO MONTH)"));
        assertFails(
                "[CAST_OVERFLOW] 3000000000 can't be cast to interval month: it is out of range. Use try_cast to get"
                        + " NULL instead."
                        + at("SELECT CAST(3000000000 AS INTERVAL MONTH)", "CAST(3000000000 AS INTERVAL MONTH)"),
                () -> column("SELECT CAST(3000000000 AS INTERVAL MONTH)"));
        assertFails(
                "[INVALID_PARAMETER_VALUE] sequence: the step of a sequence of dates must be of whole days."
                        + at(
                                "SELECT sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '12' HOUR)",
                                "sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '12' HOUR)"),
                () -> column("SELECT sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '12' HOUR)"));
        assertFails(
                "[INVALID_PARAMETER_VALUE] sequence: the step does not lead from the start to the stop."
                        + at(
                                "SELECT sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '-1' DAY)",
                                "sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '-1' DAY)"),
                () -> column("SELECT sequence(DATE '2024-01-01', DATE '2024-01-02', INTERVAL '-1' DAY)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INTERVAL 9223372036854775807 YEARS",
                "INTERVAL 200000000 YEARS",
                "INTERVAL -'-106751991 04:00:54.775808' DAY TO SECOND",
                "INTERVAL -'-178956970-8' YEAR TO MONTH"
            })
    void constantsOutOfRangeAreRefused(String written) {
        String message = assertThrows(QueryException.class, () -> column("SELECT " + written))
                .getMessage();

        assertEquals(
                "[INVALID_INTERVAL] '" + written.replace("INTERVAL -", "-")
                        + "' is not an interval. Write it as in INTERVAL 3 DAYS 4 HOURS, INTERVAL '1-6' YEAR TO MONTH or"
                        + " INTERVAL '3 04:05:06' DAY TO SECOND.",
                message.lines().findFirst().orElseThrow());
    }

    @Test
    void operandsThatDoNotGoTogetherAreRefused() {
        assertFails(
                "[DATATYPE_MISMATCH] Argument 2 of '+' is 'time' of type interval day to second: expected interval year"
                        + " to month.",
                () -> frame().select(col("months").plus(col("time"))));
        assertFails(
                "[DATATYPE_MISMATCH] Argument 1 of '+' is 'id' of type int: expected a date or a timestamp.",
                () -> frame().select(col("id").plus(col("time"))));
        assertFails(
                "[DATATYPE_MISMATCH] Argument 1 of '/' is 'id' of type int: expected an interval, to be divided.",
                () -> frame().select(col("id").divide(col("time"))));
        assertFails(
                "[DATATYPE_MISMATCH] 'time' is of type interval day to second and can't be cast to double.",
                () -> frame().select(col("time").cast("double")));
    }

    @Test
    void fieldsAreExtracted() {
        assertEquals(
                List.of(RowFactory.create((byte) 4, 2024)),
                frame().where("id = 1")
                        .select(
                                extract(lit("hour"), col("time")),
                                date_part(lit("YEAR"), lit(LocalDate.of(2024, 1, 1))))
                        .collectAsList());
        assertEquals(
                List.of(RowFactory.create(Instant.parse("2024-01-31T11:00:00Z"), 60L)),
                session.range(1)
                        .select(
                                timestamp_add("HOUR", lit(1), lit(Instant.parse("2024-01-31T10:00:00Z"))),
                                timestamp_diff(
                                        "MINUTE",
                                        lit(Instant.parse("2024-01-31T10:00:00Z")),
                                        lit(Instant.parse("2024-01-31T11:00:59Z"))))
                        .collectAsList());
        assertFails(
                "[INVALID_EXTRACT_FIELD] extract: 'eon' can't be extracted. Give a constant, one of YEAR, YEAROFWEEK, QUARTER, MONTH,"
                        + " WEEK, DAY, DAYOFWEEK, DAYOFWEEK_ISO, DOY, HOUR, MINUTE, SECOND.",
                () -> extract(lit("eon"), col("time")));
    }

    @Test
    void tablesShowThemAsSparkDoes() {
        assertEquals("""
                +---+-----------------------------+---------------------------------------+
                |id |months                       |time                                   |
                +---+-----------------------------+---------------------------------------+
                |1  |INTERVAL '1-6' YEAR TO MONTH |INTERVAL '3 04:05:06.789' DAY TO SECOND|
                |2  |NULL                         |NULL                                   |
                |3  |INTERVAL '-0-5' YEAR TO MONTH|INTERVAL '-0 00:00:00.5' DAY TO SECOND |
                +---+-----------------------------+---------------------------------------+

                """, printed(frame().where("id < 4")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json", "csv"})
    void filesKeepThem(String format) {
        String path = directory.resolve(format).toString();
        frame().write().format(format).save(path);
        DataFrame read = format.equals("json") || format.equals("csv")
                ? session.read().format(format).schema(SCHEMA).load(path)
                : session.read().format(format).load(path);

        assertEquals(SCHEMA.toDDL(), read.schema().toDDL());
        assertEquals(ROWS, read.orderBy("id").collectAsList());
        assertEquals(3, read.where("time < INTERVAL '3 04:05:07' DAY TO SECOND").count());
        assertEquals(
                2,
                read.where("months = INTERVAL '18' MONTH OR months < INTERVAL '-1' YEAR")
                        .count());
    }

    @Test
    void parquetFilesKeepTheFieldsInSparksSchemaOnly() {
        String path = directory.resolve("fields").toString();
        session.sql("SELECT INTERVAL '7' YEAR AS y, INTERVAL '1 02' DAY TO HOUR AS h")
                .write()
                .parquet(path);

        assertEquals(
                "y INTERVAL YEAR,h INTERVAL DAY TO HOUR",
                session.read().parquet(path).schema().toDDL());
        assertEquals(
                List.of(RowFactory.create(84, 93_600_000_000L)),
                session.read().schema("y INT, h BIGINT").parquet(path).collectAsList());
    }

    @Test
    void filesArePartitionedByThem() {
        String path = directory.resolve("partitioned").toString();
        frame().write().partitionBy("months").parquet(path);

        assertEquals(
                ROWS.stream().map(row -> row.get(1)).toList(),
                session.read().schema(SCHEMA).parquet(path).orderBy("id").select("months").collectAsList().stream()
                        .map(row -> row.get(0))
                        .toList());
    }
}
