package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.metadata.FileSchema;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which column of a file is read as which type.
class TypesTest {
    @TempDir
    Path directory;

    private int files;

    private Path file(String columns, List<? extends @Nullable Object> row) {
        MessageType schema = MessageTypeParser.parseMessageType("message m { " + columns + " }");
        Path file = directory.resolve("types-" + files++ + ".parquet");
        ExampleFiles.write(file, schema, List.of(row), b -> b);
        return file;
    }

    private static StructType schema(Path file) {
        return new ParquetFooters().of(file).schema();
    }

    private static @Nullable Object readAs(Path file, String ddl) {
        return Rows.read(file, ParquetScan.all(StructType.fromDDL(ddl)))
                .getFirst()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int32|int",
                "int32 c (INTEGER(8,true))|tinyint",
                "int32 c (INTEGER(16,true))|smallint",
                "int32 c (INTEGER(8,false))|smallint",
                "int32 c (INTEGER(16,false))|int",
                "int32 c (INTEGER(32,false))|bigint",
                "int32 c (DATE)|date",
                "int32 c (TIME(MILLIS,true))|bigint",
                "int64|bigint",
                "int64 c (INTEGER(64,false))|decimal(20,0)",
                "int64 c (TIMESTAMP(MILLIS,true))|timestamp",
                "int64 c (TIMESTAMP(NANOS,false))|timestamp_ntz",
                "int64 c (TIME(NANOS,false))|bigint",
                "int64 c (DECIMAL(12,3))|decimal(12,3)",
                "int96|timestamp",
                "float|float",
                "double|double",
                "boolean|boolean",
                "binary|binary",
                "binary c (STRING)|string",
                "binary c (ENUM)|string",
                "binary c (JSON)|string",
                "binary c (BSON)|binary",
                "binary c (DECIMAL(38,2))|decimal(38,2)",
                "fixed_len_byte_array(16) c (UUID)|binary",
                "fixed_len_byte_array(2) c (FLOAT16)|float",
            })
    void typesAreMappedAsSparkDoes(String type, String expected) {
        String column = type.contains(" c") ? type : type + " c";
        MessageType schema = MessageTypeParser.parseMessageType("message m { optional " + column + "; }");

        StructType mapped = SchemaFromParquet.convert(Path.of("f"), schema);

        assertEquals(expected, mapped.field(0).dataType().simpleString());
    }

    @Test
    void oldListsAndMapsAreMapped() {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message m {
                  required group two (LIST) { repeated int32 element; }
                  optional group three (LIST) { repeated group list { required int32 element; } }
                  optional group array (LIST) { repeated group array { optional int32 only; } }
                  optional group pair (LIST) { repeated group bag { required int32 a; required int32 b; } }
                  optional group map (MAP_KEY_VALUE) { repeated group map { required int32 k; optional int32 v; } }
                  repeated group bare { required int32 x; }
                }
                """);

        assertEquals(
                "two ARRAY<INT> NOT NULL,three ARRAY<INT>,array ARRAY<STRUCT<only: INT>>,"
                        + "pair ARRAY<STRUCT<a: INT NOT NULL, b: INT NOT NULL>>,map MAP<INT, INT>,"
                        + "bare ARRAY<STRUCT<x: INT NOT NULL>> NOT NULL",
                SchemaFromParquet.convert(Path.of("f"), schema).toDDL());
    }

    @Test
    void unitsOfTimeBecomeMicroseconds() {
        Path file = file(
                "required int64 ms (TIMESTAMP(MILLIS,true)); required int64 ns (TIMESTAMP(NANOS,true)); "
                        + "required int64 before (TIMESTAMP(NANOS,false)); required int32 time (TIME(MILLIS,true)); "
                        + "required int64 nanos (TIME(NANOS,true)); required int96 old;",
                Arrays.asList(1_700_000_000_123L, 1_700_000_000_123_456_789L, -1L, 1_001, 5_999L, int96()));

        assertEquals(
                List.of(1_700_000_000_123_000L, 1_700_000_000_123_456L, -1L, 1_001_000L, 5L, 86_400_000_001L),
                Rows.read(file, ParquetScan.all(schema(file))).getFirst());
    }

    private static Slice int96() {
        return int96(2_440_589);
    }

    private static Slice int96(int day) {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(1_999).putInt(day);
        return Slice.of(bytes.array());
    }

    /// 1500-01-01, and 2026-01-01, by the calendar of files that Spark has written so.
    @Test
    void datesAndTimesOfOldSparkAreReadAsTheyWereShown() {
        MessageType types = MessageTypeParser.parseMessageType("message m { required int32 d (DATE); "
                + "required int64 ms (TIMESTAMP(MILLIS,true)); required int64 us (TIMESTAMP(MICROS,true)); "
                + "required int64 n (TIMESTAMP(MICROS,false)); required int96 o; }");
        List<List<Object>> rows = new ArrayList<>();
        for (int day : List.of(-171_655, 20_454)) {
            rows.add(List.of(
                    day, day * 86_400_000L, day * 86_400_000_000L, day * 86_400_000_000L, int96(2_440_588 + day)));
        }
        Path file = directory.resolve("old.parquet");
        ExampleFiles.write(
                file,
                types,
                rows,
                to -> to.withExtraMetaData(Map.of(
                        "org.apache.spark.version", "3.0.1",
                        "org.apache.spark.legacyDateTime", "",
                        "org.apache.spark.timeZone", "UTC")));
        StructType schema = schema(file);
        long shown = LocalDate.of(1500, 1, 1).toEpochDay();
        long micros = shown * 86_400_000_000L;

        List<Object> old = List.of((int) shown, micros, micros, -171_655 * 86_400_000_000L, micros + 1);
        assertEquals(old, Rows.read(file, ParquetScan.all(schema)).getFirst());
        assertEquals(micros, readAs(file, "d timestamp_ntz"));
        for (int i : List.of(0, 1, 2, 4)) {
            for (CompareOp op : List.of(CompareOp.EQUAL, CompareOp.LESS_OR_EQUAL)) {
                assertEquals(old, filtered(file, schema, i, op, old.get(i)).getFirst());
            }
        }
        assertEquals(List.of(), filtered(file, schema, 0, CompareOp.GREATER, 30_000));
        assertEquals(List.of(), filtered(file, schema, 2, CompareOp.GREATER, 30_000 * 86_400_000_000L));
    }

    private static List<List<@Nullable Object>> filtered(
            Path file, StructType schema, int column, CompareOp op, Object constant) {
        DataType type = schema.field(column).dataType();
        BoundExpr filter = new BoundExpr.Compare(
                op,
                new BoundExpr.Column(column, schema.field(column).name(), type, true),
                new BoundExpr.Literal(new Scalar(constant, type)));
        return Rows.read(file, ParquetScan.all(schema).withFilters(List.of(filter)));
    }

    @Test
    void unsignedNumbersKeepTheirValue() {
        Path file = file(
                "required int32 a (INTEGER(8,false)); required int32 b (INTEGER(16,false)); "
                        + "required int32 c (INTEGER(32,false)); required int64 d (INTEGER(64,false));",
                Arrays.asList(255, 65_535, -1, -1L));

        assertEquals(
                List.of((short) 255, 65_535, 4_294_967_295L, new BigDecimal("18446744073709551615")),
                Rows.read(file, ParquetScan.all(schema(file))).getFirst());
    }

    @Test
    void unsignedNumbersAreComparedWithNegativeOnes() {
        Path file = file(
                "required int32 a (INTEGER(8,false)); required int32 b (INTEGER(16,false)); "
                        + "required int32 c (INTEGER(32,false));",
                Arrays.asList(200, 60_000, -1));
        StructType schema = schema(file);
        for (int i = 0; i < schema.size(); i++) {
            DataType type = schema.field(i).dataType();
            Object negative = i == 0 ? (Object) (short) -1 : i == 1 ? (Object) (-1) : (Object) (-1L);
            BoundExpr filter = new BoundExpr.Compare(
                    CompareOp.GREATER,
                    new BoundExpr.Column(i, schema.field(i).name(), type, true),
                    new BoundExpr.Literal(new Scalar(negative, type)));

            assertEquals(
                    1,
                    Rows.read(file, ParquetScan.all(schema).withFilters(List.of(filter)))
                            .size());
        }
    }

    @Test
    void typesMayBeWidened() {
        assertEquals(7L, readAs(file("required int32 c;", List.of(7)), "c bigint"));
        assertEquals(7.0, readAs(file("required int32 c;", List.of(7)), "c double"));
        assertEquals((short) 7, readAs(file("required int32 c (INTEGER(8,true));", List.of(7)), "c smallint"));
        assertEquals(1.5, readAs(file("required float c;", List.of(1.5f)), "c double"));
        assertEquals(new BigDecimal("7.00"), readAs(file("required int32 c;", List.of(7)), "c decimal(12,2)"));
        assertEquals(
                new BigDecimal("-1.2500"),
                readAs(file("required int32 c (DECIMAL(5,2));", List.of(new BigDecimal("-1.25"))), "c decimal(7,4)"));
        assertEquals(
                new BigDecimal("-1.2500"),
                readAs(
                        file("required fixed_len_byte_array(9) c (DECIMAL(20,2));", List.of(new BigDecimal("-1.25"))),
                        "c decimal(38,4)"));
        assertEquals(86_400_000_000L, readAs(file("required int32 c (DATE);", List.of(1)), "c timestamp_ntz"));
        assertEquals(Slice.utf8("x"), readAs(file("required binary c;", List.of(Slice.utf8("x"))), "c string"));
    }

    @Test
    void aNumberTooLargeForTheColumnIsRefused() {
        Path file = file("required int32 c;", List.of(128));

        DataException refused = assertThrows(DataException.class, () -> readAs(file, "c tinyint"));

        assertEquals(
                "[PARQUET_VALUE_OUT_OF_RANGE] '" + file
                        + "', column 'c', row group 0: a value does not fit the type that "
                        + "the schema says (128 is no tinyint). Give the column a wider type.",
                refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "required int64 c|c int",
                "required double c|c float",
                "required int32 c|c string",
                "required int32 c|c date",
                "required int64 c (TIMESTAMP(MICROS,true))|c timestamp_ntz",
                "required int32 c (DECIMAL(9,2))|c decimal(9,3)",
                "required int32 c (DECIMAL(9,2))|c decimal(8,2)",
                "required int32 c (DECIMAL(9,2))|c int",
                "required group c (LIST) { repeated group list { required int32 element; } }|c int",
                "required int32 c|c array<int>",
                "repeated int32 c|c int",
            })
    void otherTypesAreRefused(String column, String wanted) {
        MessageType schema =
                MessageTypeParser.parseMessageType("message m { " + column + (column.endsWith("}") ? " }" : "; }"));
        ColumnPlanner planner =
                new ColumnPlanner(Path.of("/data/f.parquet"), FileSchema.of(schema), FileTimes.of(_ -> null));
        StructType columns = StructType.fromDDL(wanted);

        DataException refused = assertThrows(DataException.class, () -> planner.plan(columns.field(0)));

        assertEquals("PARQUET_TYPE_MISMATCH", refused.code());
    }

    @Test
    void aTypeMismatchNamesFileColumnAndBothTypes() {
        MessageType schema =
                MessageTypeParser.parseMessageType("message m { optional group s { optional binary a (STRING); } }");
        ColumnPlanner planner =
                new ColumnPlanner(Path.of("/data/f.parquet"), FileSchema.of(schema), FileTimes.of(_ -> null));
        StructType columns = StructType.fromDDL("s struct<a: bigint>");

        DataException refused = assertThrows(DataException.class, () -> planner.plan(columns.field(0)));

        assertEquals(
                "[PARQUET_TYPE_MISMATCH] '/data/f.parquet', column 's.a': the schema says bigint, the file holds 'optional "
                        + "binary a (STRING)', which can't be read as that. Give the type that the file has and cast, or remove "
                        + "the file.",
                refused.getMessage());
    }

    @Test
    void namesMayDifferInLetterCase() {
        Path file = file("required int32 Id; required int32 other;", List.of(1, 2));

        assertEquals(1, readAs(file, "ID int"));
    }

    @Test
    void anAmbiguousNameIsRefused() {
        Path file = file("required int32 Id; required int32 iD;", List.of(1, 2));

        assertEquals(2, readAs(file, "iD int"));
        assertEquals(
                "[AMBIGUOUS_PARQUET_COLUMN] '" + file
                        + "': 'id' may mean the column 'Id' or 'iD'. Write the name as the " + "file does.",
                assertThrows(DataException.class, () -> readAs(file, "id int")).getMessage());
    }

    @Test
    void whatParquetCannotHoldIsNotWritten() {
        assertEquals(
                "[UNSUPPORTED_PARQUET_TYPE] Parquet can't hold 'a.element.n', which has the type void. Cast it to another "
                        + "type, or leave it out.",
                assertThrows(
                                QueryException.class,
                                () -> SchemaToParquet.convert(StructType.fromDDL("a array<struct<n: void>>")))
                        .getMessage());
        assertEquals(
                "[UNSUPPORTED_PARQUET_TYPE] Parquet can't hold 's', which has no columns. Cast it to another type, or "
                        + "leave it out.",
                assertThrows(
                                QueryException.class,
                                () -> SchemaToParquet.convert(new StructType().add("s", new StructType())))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 18, 19, 28, 38})
    void decimalsAreWrittenAsSparkDoes(int precision) {
        String type = SchemaToParquet.convert(StructType.fromDDL("d decimal(" + precision + ",1)"))
                .getType(0)
                .toString();

        String physical = precision <= 9
                ? "int32"
                : precision <= 18
                        ? "int64"
                        : "fixed_len_byte_array(" + List.of(9, 12, 16).get((precision - 19) / 9) + ")";
        assertEquals("optional " + physical + " d (DECIMAL(" + precision + ",1))", type);
    }

    @Test
    void theSchemaOfSparkHoldsIfItFits() {
        StructType schema = StructType.fromDDL("a int not null comment 'the key', m map<string, int>");
        Path file = directory.resolve("spark.parquet");
        WritingTest.write(file, schema, List.of(), ParquetWriteOptions.DEFAULT, 1);

        assertEquals(schema, schema(file));
    }

    /// Defaults are of the table that the file was written for.
    @Test
    void theSchemaOfSparkHasNoDefaults() {
        StructType schema = StructType.fromDDL("a bigint");
        StructField field = new StructField(
                "a", DataTypes.LongType, true, new Metadata(Map.of("CURRENT_DEFAULT", "5L", "EXISTS_DEFAULT", "5L")));
        Path file = directory.resolve("defaults.parquet");
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("message m { optional int64 a; }"),
                List.of(List.of(1L)),
                b -> b.withExtraMetaData(Map.of(ParquetFooter.SPARK_SCHEMA, new StructType(List.of(field)).json())));

        assertEquals(schema, schema(file));
    }

    @Test
    void theSchemaOfSparkIsIgnoredIfItDoesNotFit() {
        Path file = directory.resolve("renamed.parquet");
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("message m { required int32 a; }"),
                List.of(List.of(1)),
                b -> b.withExtraMetaData(java.util.Map.of(
                        ParquetFooter.SPARK_SCHEMA,
                        StructType.fromDDL("a string").json())));

        assertEquals(StructType.fromDDL("a int not null"), schema(file));
    }
}
