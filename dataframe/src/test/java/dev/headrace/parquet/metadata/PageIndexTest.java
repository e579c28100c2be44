package dev.headrace.parquet.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.BloomFilterAlgorithm;
import org.apache.parquet.format.BloomFilterCompression;
import org.apache.parquet.format.BloomFilterHash;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.BoundaryOrder;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.SplitBlockAlgorithm;
import org.apache.parquet.format.Uncompressed;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.XxHash;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The indexes of pages, and the headers of bloom filters, as Parquet's own library writes and understands them.
class PageIndexTest {
    private static final List<PrimitiveType> TYPES = List.of(
            Types.optional(PrimitiveTypeName.INT32).named("i"),
            Types.optional(PrimitiveTypeName.INT64).named("l"),
            Types.optional(PrimitiveTypeName.DOUBLE).named("d"),
            Types.optional(PrimitiveTypeName.FLOAT).named("f"),
            Types.optional(PrimitiveTypeName.BOOLEAN).named("b"),
            Types.optional(PrimitiveTypeName.INT96).named("old"),
            Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named("s"),
            Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                    .length(5)
                    .as(LogicalTypeAnnotation.decimalType(2, 9))
                    .named("dec"));

    private interface Writing {
        void to(ByteArrayOutputStream out) throws IOException;
    }

    private static byte[] bytes(Writing writing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writing.to(out);
        return out.toByteArray();
    }

    private static CompactReader reader(byte[] bytes) {
        return new CompactReader(bytes, 0, bytes.length);
    }

    private static ColumnIndex randomBounds(Random random, PrimitiveType type, int pages) {
        List<Boolean> nullPages = new ArrayList<>();
        List<ByteBuffer> min = new ArrayList<>();
        List<ByteBuffer> max = new ArrayList<>();
        List<Long> nulls = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            boolean allNull = random.nextInt(4) == 0;
            nullPages.add(allNull);
            min.add(allNull ? ByteBuffer.allocate(0) : bound(random, type));
            max.add(allNull ? ByteBuffer.allocate(0) : bound(random, type));
            nulls.add(allNull ? 5L : random.nextLong(3));
        }
        ColumnIndex index = new ColumnIndex(nullPages, min, max, BoundaryOrder.values()[random.nextInt(3)]);
        if (random.nextBoolean()) {
            index.setNull_counts(nulls);
        }
        if (random.nextInt(4) == 0) {
            index.setNan_counts(nulls).setDefinition_level_histograms(nulls);
        }
        return index;
    }

    private static ByteBuffer bound(Random random, PrimitiveType type) {
        ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> buffer.putInt(random.nextInt()).flip();
            case FLOAT ->
                buffer.putFloat(random.nextInt(9) == 0 ? Float.NaN : random.nextInt(3) - 1)
                        .flip();
            case DOUBLE ->
                buffer.putDouble(random.nextInt(9) == 0 ? Double.NaN : random.nextInt(3) - 1)
                        .flip();
            case BOOLEAN -> buffer.put((byte) random.nextInt(2)).flip();
            case FIXED_LEN_BYTE_ARRAY ->
                buffer.putLong(random.nextLong()).limit(5).position(0);
            case INT96 -> ByteBuffer.allocate(12);
            case INT64, BINARY -> buffer.putLong(random.nextLong()).flip();
        };
    }

    @Test
    void theBoundsOfPagesAreThoseThatParquetsOwnLibraryReads() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            PrimitiveType type = TYPES.get(random.nextInt(TYPES.size()));
            ColumnIndex written = randomBounds(random, type, random.nextInt(20));
            org.apache.parquet.internal.column.columnindex.@Nullable ColumnIndex expected =
                    written.getNull_pages().isEmpty()
                            ? null
                            : ParquetMetadataConverter.fromParquetColumnIndex(
                                    type, written.deepCopy().setDefinition_level_histograms((List<Long>) null));
            byte[] bytes = bytes(out -> Util.writeColumnIndex(written, out));
            org.apache.parquet.internal.column.columnindex.ColumnIndex found = PageBounds.read(reader(bytes), type);

            if (expected == null) {
                assertNull(found);
                continue;
            }
            assertNotNull(found);
            assertEquals(expected.toString(), found.toString());
            assertEquals(expected.getMinValues(), found.getMinValues());
            assertEquals(expected.getMaxValues(), found.getMaxValues());
            assertEquals(expected.getNullPages(), found.getNullPages());
            assertEquals(expected.getNullCounts(), found.getNullCounts());
            assertEquals(expected.getNanCounts(), found.getNanCounts());
            assertEquals(expected.getBoundaryOrder(), found.getBoundaryOrder());
        }
    }

    @Test
    void thePlacesOfPagesAreRead() throws IOException {
        OffsetIndex written = new OffsetIndex(List.of(
                        new PageLocation(4, 100, 0),
                        new PageLocation(1L << 40, 200, 50),
                        new PageLocation((1L << 40) + 200, 300, 120)))
                .setUnencoded_byte_array_data_bytes(List.of(1L, 2L, 3L));
        PageLocations pages = PageLocations.read(reader(bytes(out -> Util.writeOffsetIndex(written, out))), 150);

        assertEquals(3, pages.getPageCount());
        assertEquals((1L << 40) + 200, pages.getOffset(2));
        assertEquals(200, pages.getCompressedPageSize(1));
        assertEquals(50, pages.getFirstRowIndex(1));
        assertEquals(119, pages.getLastRowIndex(1, 150));
        assertEquals(149, pages.getLastRowIndex(2, 150));
    }

    @Test
    void pagesThatDontFollowEachOtherAreRefused() throws IOException {
        OffsetIndex written = new OffsetIndex(
                List.of(new PageLocation(4, 100, 0), new PageLocation(104, 200, 50), new PageLocation(304, 300, 40)));
        byte[] bytes = bytes(out -> Util.writeOffsetIndex(written, out));

        assertEquals(
                "an index of pages whose page 2 begins at byte 304 and with row 40 of 150",
                assertThrows(MalformedMetadataException.class, () -> PageLocations.read(reader(bytes), 150))
                        .getMessage());
        assertThrows(MalformedMetadataException.class, () -> PageLocations.read(reader(bytes), 30));

        for (OffsetIndex wrong : List.of(
                new OffsetIndex(List.of(new PageLocation(4, 100, 10), new PageLocation(104, 200, 50))),
                new OffsetIndex(List.of(new PageLocation(104, 100, 0), new PageLocation(4, 100, 50))))) {
            byte[] refused = bytes(out -> Util.writeOffsetIndex(wrong, out));
            assertThrows(MalformedMetadataException.class, () -> PageLocations.read(reader(refused), 150));
        }
    }

    @Test
    void boundsOfOtherLengthsOrTypesAreRefused() throws IOException {
        ColumnIndex longer = randomBounds(new Random(1), TYPES.getFirst(), 5);
        longer.getMin_values().removeLast();
        ColumnIndex shortened = new ColumnIndex(
                List.of(false),
                List.of(ByteBuffer.allocate(2)),
                List.of(ByteBuffer.allocate(4)),
                BoundaryOrder.ASCENDING);

        for (ColumnIndex index : List.of(longer, shortened)) {
            byte[] bytes = bytes(out -> Util.writeColumnIndex(index, out));
            assertThrows(MalformedMetadataException.class, () -> PageBounds.read(reader(bytes), TYPES.getFirst()));
        }
    }

    private static BloomFilterHeader bloom() {
        return new BloomFilterHeader(
                1_024,
                BloomFilterAlgorithm.BLOCK(new SplitBlockAlgorithm()),
                BloomFilterHash.XXHASH(new XxHash()),
                BloomFilterCompression.UNCOMPRESSED(new Uncompressed()));
    }

    @Test
    void theHeadersOfBloomFiltersAreRead() throws IOException {
        byte[] bytes = bytes(out -> Util.writeBloomFilterHeader(bloom(), out));
        CompactReader reader = reader(bytes);

        assertEquals(new BloomHeader(1_024, true), BloomHeader.read(reader));
        assertEquals(bytes.length, reader.position());

        // The hash function with the number 2 is yet to come.
        int hash = bytes.length - 8;
        assertEquals(0x1c, bytes[hash]);
        bytes[hash] = 0x2c;
        assertEquals(new BloomHeader(1_024, false), BloomHeader.read(reader(bytes)));
    }

    @Test
    void damagedIndexesAreReadOrRefused() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            PrimitiveType type = TYPES.get(random.nextInt(TYPES.size()));
            ColumnIndex index = randomBounds(random, type, 5);
            byte[] bounds = damaged(random, bytes(out -> Util.writeColumnIndex(index, out)));
            byte[] places = damaged(
                    random,
                    bytes(out -> Util.writeOffsetIndex(
                            new OffsetIndex(List.of(new PageLocation(4, 100, 0), new PageLocation(104, 200, 50))),
                            out)));
            byte[] bloom = damaged(random, bytes(out -> Util.writeBloomFilterHeader(bloom(), out)));
            readOrRefuse(() -> PageBounds.read(reader(bounds), type));
            readOrRefuse(() -> PageLocations.read(reader(places), 100));
            readOrRefuse(() -> BloomHeader.read(reader(bloom)));
        }
    }

    private static byte[] damaged(Random random, byte[] bytes) {
        byte[] damaged =
                random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        return damaged;
    }

    private static void readOrRefuse(Runnable reading) {
        try {
            reading.run();
        } catch (MalformedMetadataException refused) {
            assertTrue(refused.getMessage().length() > 10, refused.getMessage());
        }
    }
}
