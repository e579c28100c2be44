package dev.headrace.parquet.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.BsonType;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.EdgeInterpolationAlgorithm;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.apache.parquet.format.EncryptionWithFooterKey;
import org.apache.parquet.format.EnumType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.GeographyType;
import org.apache.parquet.format.GeometryType;
import org.apache.parquet.format.IEEE754TotalOrder;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MapType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.SizeStatistics;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.UUIDType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.VariantType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Footers as any writer may have written them, of random structures; the oracle is Parquet's own library.
class FileMetadataTest {
    private static final List<@Nullable String> WRITERS = Arrays.asList(
            null,
            "",
            "parquet-mr",
            "parquet-mr version 1.7.0 (build abcd)",
            "parquet-mr version 1.8.0 (build abcd)",
            "parquet-mr version 1.5.0-cdh5.5.0 (build abcd)",
            "parquet-mr version 1.18.1 (build abcd)",
            "parquet-cpp-arrow version 21.0.0",
            "impala version 2.2.0 (build abcd)",
            "Headrace");

    private static byte[] bytes(FileMetaData footer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, out);
        return out.toByteArray();
    }

    /// A footer of random columns: as a rule, but not always, of types and meanings that go together.
    private record Footers(Random random) {
        FileMetaData next() {
            List<SchemaElement> schema = new ArrayList<>();
            List<List<String>> paths = new ArrayList<>();
            List<SchemaElement> leaves = new ArrayList<>();
            SchemaElement root = new SchemaElement("root").setNum_children(1 + random.nextInt(3));
            schema.add(root);
            addMembers(root.getNum_children(), List.of(), schema, paths, leaves, 3);
            List<RowGroup> groups = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                groups.add(group(paths, leaves));
            }
            FileMetaData footer = new FileMetaData(1, schema, random.nextInt(1_000), groups);
            String writer = WRITERS.get(random.nextInt(WRITERS.size()));
            if (writer != null) {
                footer.setCreated_by(writer);
            }
            if (random.nextInt(3) > 0) {
                footer.setColumn_orders(leaves.stream()
                        .map(_ -> random.nextInt(5) > 0
                                ? ColumnOrder.TYPE_ORDER(new TypeDefinedOrder())
                                : ColumnOrder.IEEE_754_TOTAL_ORDER(new IEEE754TotalOrder()))
                        .toList());
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                KeyValue note = new KeyValue("key" + random.nextInt(2));
                footer.addToKey_value_metadata(random.nextInt(4) == 0 ? note : note.setValue("välue" + i));
            }
            return footer;
        }

        private void addMembers(
                int count,
                List<String> prefix,
                List<SchemaElement> schema,
                List<List<String>> paths,
                List<SchemaElement> leaves,
                int depth) {
            for (int i = 0; i < count; i++) {
                SchemaElement element = new SchemaElement(i + "näme".repeat(random.nextInt(30) == 0 ? 40 : 1))
                        .setRepetition_type(FieldRepetitionType.values()[random.nextInt(3)]);
                List<String> path = new ArrayList<>(prefix);
                path.add(element.getName());
                schema.add(element);
                if (random.nextInt(3) == 0) {
                    element.setField_id(random.nextInt(1_000));
                }
                if (depth > 0 && random.nextInt(5) == 0) {
                    int members = 1 + random.nextInt(3);
                    element.setNum_children(members);
                    if (random.nextInt(3) == 0) {
                        element.setLogicalType(anyOf(
                                () -> LogicalType.LIST(new ListType()),
                                () -> LogicalType.MAP(new MapType()),
                                () -> LogicalType.VARIANT(new VariantType().setSpecification_version((byte) 1))));
                    }
                    if (random.nextInt(3) == 0) {
                        element.setConverted_type(anyOf(
                                () -> ConvertedType.LIST, () -> ConvertedType.MAP, () -> ConvertedType.MAP_KEY_VALUE));
                    }
                    addMembers(members, path, schema, paths, leaves, depth - 1);
                } else {
                    describe(element);
                    paths.add(path);
                    leaves.add(element);
                }
            }
        }

        private void describe(SchemaElement element) {
            boolean nonsense = random.nextInt(100) == 0;
            Type type = Type.values()[random.nextInt(Type.values().length)];
            element.setType(type);
            if (type == Type.FIXED_LEN_BYTE_ARRAY) {
                element.setType_length(anyOf(() -> 2, () -> 12, () -> 16, () -> 9));
            }
            if (random.nextInt(4) == 0) {
                return;
            }
            boolean utc = random.nextBoolean();
            switch (nonsense ? Type.values()[random.nextInt(Type.values().length)] : type) {
                case INT32 ->
                    mean(
                            element,
                            anyOf(
                                    () -> LogicalType.DATE(new DateType()),
                                    () -> LogicalType.DECIMAL(new DecimalType(2, 7)),
                                    () -> LogicalType.TIME(new TimeType(utc, TimeUnit.MILLIS(new MilliSeconds()))),
                                    () -> LogicalType.INTEGER(
                                            new IntType((byte) (8 << random.nextInt(3)), random.nextBoolean()))),
                            anyOf(
                                    () -> ConvertedType.DATE,
                                    () -> ConvertedType.DECIMAL,
                                    () -> ConvertedType.UINT_8,
                                    () -> ConvertedType.UINT_16,
                                    () -> ConvertedType.UINT_32,
                                    () -> ConvertedType.INT_8,
                                    () -> ConvertedType.INT_16,
                                    () -> ConvertedType.INT_32,
                                    () -> ConvertedType.TIME_MILLIS));
                case INT64 ->
                    mean(
                            element,
                            anyOf(
                                    () -> LogicalType.TIMESTAMP(new TimestampType(utc, unit())),
                                    () -> LogicalType.TIME(new TimeType(utc, TimeUnit.MICROS(new MicroSeconds()))),
                                    () -> LogicalType.DECIMAL(new DecimalType(0, 18)),
                                    () -> LogicalType.INTEGER(new IntType((byte) 64, random.nextBoolean()))),
                            anyOf(
                                    () -> ConvertedType.TIMESTAMP_MICROS,
                                    () -> ConvertedType.TIMESTAMP_MILLIS,
                                    () -> ConvertedType.TIME_MICROS,
                                    () -> ConvertedType.DECIMAL,
                                    () -> ConvertedType.UINT_64,
                                    () -> ConvertedType.INT_64));
                case BYTE_ARRAY ->
                    mean(
                            element,
                            anyOf(
                                    () -> LogicalType.STRING(new StringType()),
                                    () -> LogicalType.JSON(new JsonType()),
                                    () -> LogicalType.BSON(new BsonType()),
                                    () -> LogicalType.ENUM(new EnumType()),
                                    () -> LogicalType.DECIMAL(new DecimalType(3, 30)),
                                    () -> LogicalType.GEOMETRY(new GeometryType().setCrs("here")),
                                    () -> LogicalType.GEOGRAPHY(
                                            new GeographyType().setAlgorithm(EdgeInterpolationAlgorithm.KARNEY))),
                            anyOf(
                                    () -> ConvertedType.UTF8,
                                    () -> ConvertedType.JSON,
                                    () -> ConvertedType.BSON,
                                    () -> ConvertedType.ENUM,
                                    () -> ConvertedType.DECIMAL));
                case FIXED_LEN_BYTE_ARRAY -> {
                    switch (element.getType_length()) {
                        case 2 -> element.setLogicalType(LogicalType.FLOAT16(new Float16Type()));
                        case 12 -> element.setConverted_type(ConvertedType.INTERVAL);
                        case 16 -> element.setLogicalType(LogicalType.UUID(new UUIDType()));
                        default -> mean(element, LogicalType.DECIMAL(new DecimalType(1, 20)), ConvertedType.DECIMAL);
                    }
                }
                default -> {
                    if (random.nextBoolean()) {
                        element.setLogicalType(LogicalType.UNKNOWN(new NullType()));
                    }
                }
            }
        }

        private TimeUnit unit() {
            return anyOf(
                    () -> TimeUnit.MILLIS(new MilliSeconds()),
                    () -> TimeUnit.MICROS(new MicroSeconds()),
                    () -> TimeUnit.NANOS(new NanoSeconds()));
        }

        /// Says what values mean in the newer way, in the older one, or in both, which may not agree.
        private void mean(SchemaElement element, LogicalType newer, ConvertedType older) {
            int ways = random.nextInt(8);
            if (ways < 5) {
                element.setLogicalType(newer);
            }
            if (ways > 3) {
                element.setConverted_type(older);
            }
            if (older == ConvertedType.DECIMAL && random.nextInt(20) > 0) {
                element.setScale(2).setPrecision(7);
            }
        }

        @SafeVarargs
        private <T> T anyOf(Supplier<T>... choices) {
            return choices[random.nextInt(choices.length)].get();
        }

        private RowGroup group(List<List<String>> paths, List<SchemaElement> leaves) {
            List<ColumnChunk> columns = new ArrayList<>();
            for (int i = 0; i < paths.size(); i++) {
                columns.add(column(paths.get(i), leaves.get(i)));
            }
            if (random.nextInt(5) == 0) {
                columns = columns.reversed();
            }
            RowGroup group = new RowGroup(columns, random.nextInt(1 << 30), random.nextInt(100_000));
            if (random.nextBoolean()) {
                group.setOrdinal((short) random.nextInt(100)).setFile_offset(4).setTotal_compressed_size(99);
                group.addToSorting_columns(new SortingColumn(0, true, false));
            }
            return group;
        }

        private ColumnChunk column(List<String> path, SchemaElement leaf) {
            List<Encoding> encodings = new ArrayList<>();
            ColumnMetaData column = new ColumnMetaData(
                    leaf.getType(),
                    encodings,
                    path,
                    CompressionCodec.values()[random.nextInt(CompressionCodec.values().length)],
                    random.nextInt(1_000_000),
                    random.nextLong(1L << 40),
                    random.nextLong(1L << 40),
                    random.nextLong(1L << 40));
            for (int i = random.nextInt(20); i > 0; i--) {
                encodings.add(Encoding.values()[random.nextInt(Encoding.values().length)]);
            }
            if (random.nextBoolean()) {
                column.setDictionary_page_offset(random.nextInt(10_000));
            }
            if (random.nextInt(4) > 0) {
                column.setStatistics(statistics(leaf));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                column.addToEncoding_stats(new PageEncodingStats(
                        PageType.values()[random.nextInt(4)],
                        Encoding.values()[random.nextInt(Encoding.values().length)],
                        random.nextInt(50)));
            }
            if (random.nextInt(3) == 0) {
                column.setBloom_filter_offset(random.nextLong(1L << 40)).setBloom_filter_length(77);
                column.addToKey_value_metadata(new KeyValue("of the column"));
                column.setSize_statistics(new SizeStatistics().setDefinition_level_histogram(List.of(5L, 6L)));
            }
            ColumnChunk chunk = new ColumnChunk(0).setMeta_data(column);
            if (random.nextBoolean()) {
                chunk.setOffset_index_offset(random.nextLong(1L << 40)).setOffset_index_length(99);
            }
            if (random.nextBoolean()) {
                chunk.setColumn_index_offset(random.nextLong(1L << 40)).setColumn_index_length(98);
            }
            return chunk;
        }

        private Statistics statistics(SchemaElement leaf) {
            Statistics statistics = new Statistics();
            int ways = random.nextInt(8);
            if (ways < 5) {
                statistics.setMin_value(bound(leaf)).setMax_value(bound(leaf));
            }
            if (ways > 3) {
                statistics.setMin(bound(leaf)).setMax(bound(leaf));
            }
            if (random.nextInt(4) == 0) {
                statistics.setMax_value(statistics.getMin_value()).setMax(statistics.getMin());
            }
            if (random.nextInt(20) == 0) {
                statistics.setMin_value((ByteBuffer) null);
            }
            if (random.nextBoolean()) {
                statistics
                        .setNull_count(random.nextInt(100))
                        .setDistinct_count(5)
                        .setIs_max_value_exact(true);
            }
            if (random.nextInt(5) == 0) {
                statistics.setNan_count(random.nextInt(2));
            }
            return statistics;
        }

        /// Bytes of the column's length, but not always; with zeros of both signs and NaNs.
        private byte[] bound(SchemaElement leaf) {
            int length = switch (leaf.getType()) {
                case BOOLEAN -> 1;
                case INT32, FLOAT -> 4;
                case INT64, DOUBLE -> 8;
                case INT96 -> 12;
                case FIXED_LEN_BYTE_ARRAY -> leaf.getType_length();
                case BYTE_ARRAY -> random.nextInt(6);
            };
            byte[] bytes = new byte[random.nextInt(200) == 0 ? random.nextInt(12) : length];
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> Arrays.fill(bytes, Math.max(0, bytes.length - 1), bytes.length, (byte) 0x80);
                case 2 -> Arrays.fill(bytes, Math.max(0, bytes.length - 2), bytes.length, (byte) 0x7f);
                default -> random.nextBytes(bytes);
            }
            return bytes;
        }
    }

    @Test
    void footersAreReadAsParquetsOwnLibraryReadsThem() throws IOException {
        Footers footers = new Footers(new Random(347));
        int read = 0;
        for (int i = 0; i < 3_000; i++) {
            FileMetaData footer = footers.next();
            try {
                read += FooterOracle.check(bytes(footer)) ? 1 : 0;
            } catch (Throwable different) {
                throw new AssertionError("footer " + i + ": " + different.getMessage() + " in " + footer, different);
            }
        }
        assertTrue(read > 1_500, "only " + read + " could be read");
    }

    @Test
    void filesOfOneSchemaShareIt() throws IOException {
        FileMetaData footer = new Footers(new Random(1)).next();
        FileSchema first = FileMetadata.read(bytes(footer), null).schema();
        footer.setNum_rows(7).setCreated_by("another program");
        assertSame(first, FileMetadata.read(bytes(footer), first).schema());

        footer.getSchema().getLast().setField_id(4_711);
        assertNotSame(first, FileMetadata.read(bytes(footer), first).schema());
    }

    @Test
    void theOrdersOfColumnsAreOfTheSchema() throws IOException {
        FileMetaData footer = new FileMetaData(
                1,
                List.of(
                        new SchemaElement("root").setNum_children(1),
                        new SchemaElement("x").setType(Type.DOUBLE).setRepetition_type(FieldRepetitionType.OPTIONAL)),
                0,
                List.of());
        FileSchema without = FileMetadata.read(bytes(footer), null).schema();
        footer.setColumn_orders(List.of(ColumnOrder.IEEE_754_TOTAL_ORDER(new IEEE754TotalOrder())));
        FileSchema total = FileMetadata.read(bytes(footer), without).schema();

        assertNotSame(without, total);
        assertEquals("IEEE_754_TOTAL_ORDER", order(total));
        assertEquals("TYPE_DEFINED_ORDER", order(without));
    }

    private static String order(FileSchema schema) {
        return schema.message()
                .getType(0)
                .asPrimitiveType()
                .columnOrder()
                .getColumnOrderName()
                .name();
    }

    private static FileMetaData oneColumn() {
        ColumnMetaData column = new ColumnMetaData(
                Type.INT64, List.of(Encoding.PLAIN), List.of("x"), CompressionCodec.SNAPPY, 5, 6, 7, 8);
        return new FileMetaData(
                1,
                List.of(
                        new SchemaElement("root").setNum_children(1),
                        new SchemaElement("x").setType(Type.INT64).setRepetition_type(FieldRepetitionType.REQUIRED)),
                5,
                new ArrayList<>(List.of(new RowGroup(List.of(new ColumnChunk(0).setMeta_data(column)), 6, 5))));
    }

    @Test
    void theLastOfEqualKeysHolds() throws IOException {
        FileMetaData footer = oneColumn();
        footer.setKey_value_metadata(
                List.of(new KeyValue("a").setValue("1"), new KeyValue("b"), new KeyValue("a").setValue("2")));
        FileMetadata read = FileMetadata.read(bytes(footer), null);

        assertEquals("2", read.note("a"));
        assertNull(read.note("b"));
        assertNull(read.note("c"));
    }

    @Test
    void encryptionIsSeen() throws IOException {
        FileMetaData algorithm = oneColumn().setEncryption_algorithm(EncryptionAlgorithm.AES_GCM_V1(new AesGcmV1()));
        FileMetaData column = oneColumn();
        column.getRow_groups()
                .getFirst()
                .getColumns()
                .getFirst()
                .setCrypto_metadata(ColumnCryptoMetaData.ENCRYPTION_WITH_FOOTER_KEY(new EncryptionWithFooterKey()))
                .unsetMeta_data();

        for (byte[] footer : List.of(bytes(algorithm), bytes(column))) {
            assertThrows(EncryptedMetadataException.class, () -> FileMetadata.read(footer, null));
        }
    }

    @Test
    void columnsOfOneRowGroupInSeveralFilesAreRefused() throws IOException {
        FileMetaData footer = oneColumn();
        RowGroup group = footer.getRow_groups().getFirst();
        ColumnChunk other = new ColumnChunk(group.getColumns().getFirst()).setFile_path("elsewhere");
        group.setColumns(List.of(group.getColumns().getFirst(), other));
        byte[] bytes = bytes(footer);

        assertEquals(
                "the columns of a row group are in several files",
                assertThrows(MalformedMetadataException.class, () -> FileMetadata.read(bytes, null))
                        .getMessage());
    }

    @Test
    void statisticsThatAreTooShortAreRefusedWhenTheyAreAskedFor() throws IOException {
        FileMetaData footer = oneColumn();
        footer.getRow_groups()
                .getFirst()
                .getColumns()
                .getFirst()
                .getMeta_data()
                .setStatistics(new Statistics().setMin_value(new byte[3]).setMax_value(new byte[8]));
        FileMetadata read = FileMetadata.read(bytes(footer), null);

        assertTrue(assertThrows(MalformedMetadataException.class, () -> FooterOracle.readAll(read))
                .getMessage()
                .startsWith("the statistics of the column 'x' are not of its type"));
    }

    @Test
    void deepGroupsAreRefused() throws IOException {
        FileMetaData footer = oneColumn();
        List<SchemaElement> schema = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            schema.add(new SchemaElement("g").setNum_children(1).setRepetition_type(FieldRepetitionType.REQUIRED));
        }
        byte[] bytes = bytes(footer.setSchema(schema));

        assertEquals(
                "groups nest deeper than 256 levels",
                assertThrows(MalformedMetadataException.class, () -> FileMetadata.read(bytes, null))
                        .getMessage());
    }

    @Test
    void damagedFootersAreReadOrRefused() throws IOException {
        Random random = new Random(348);
        Footers footers = new Footers(random);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = bytes(footers.next());
            for (int damage = 0; damage < 30; damage++) {
                byte[] damaged =
                        random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
                for (int flips = random.nextInt(3); flips >= 0 && damaged.length > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                try {
                    FooterOracle.readAll(FileMetadata.read(damaged, null));
                } catch (RuntimeException refused) {
                    // As the library's builders of schemas refuse theirs, too.
                    assertTrue(refused.getClass() != NegativeArraySizeException.class, refused.toString());
                }
            }
        }
    }
}
