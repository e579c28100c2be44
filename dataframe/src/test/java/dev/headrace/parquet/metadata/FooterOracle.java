package dev.headrace.parquet.metadata;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData.EncryptionType;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Compares what we read of a footer with what Parquet's own library reads.
public final class FooterOracle {
    private FooterOracle() {}

    /// Compares the footer of a file, unless that is encrypted.
    public static void check(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length - 8;
            if (new String(bytes, end + 4, 4, StandardCharsets.ISO_8859_1).equals("PAR1")) {
                int length =
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
                check(Arrays.copyOfRange(bytes, end - length, end));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// @return false if both refuse the footer
    static boolean check(byte[] footer) {
        @Nullable ParquetMetadata expected = null;
        try {
            expected = new ParquetMetadataConverter().readParquetMetadata(new ByteArrayInputStream(footer));
        } catch (IOException | RuntimeException damaged) {
            // What we then do is checked below.
        }
        if (expected == null) {
            assertThrows(RuntimeException.class, () -> readAll(FileMetadata.read(footer, null)), "must be refused");
            return false;
        }
        if (expected.getFileMetaData().getEncryptionType() != EncryptionType.UNENCRYPTED) {
            assertThrows(EncryptedMetadataException.class, () -> FileMetadata.read(footer, null));
            return true;
        }
        FileMetadata found = FileMetadata.read(footer, null);
        assertSame(expected, found);
        assertSame(expected, FileMetadata.read(footer, found.schema()));
        return true;
    }

    /// Everything that is decoded later.
    static void readAll(FileMetadata metadata) {
        metadata.note("no such key");
        for (BlockMetaData group : metadata.rowGroups()) {
            for (ColumnChunkMetaData column : group.getColumns()) {
                column.getStatistics();
                column.getEncodings();
                column.getEncodingStats();
            }
        }
    }

    private static void assertSame(ParquetMetadata expected, FileMetadata found) {
        assertEquals(expected.getFileMetaData().getSchema(), found.schema().message());
        assertEquals(
                expected.getFileMetaData().getSchema().toString(),
                found.schema().message().toString());
        assertEquals(
                ids(expected.getFileMetaData().getSchema()), ids(found.schema().message()));
        assertEquals(expected.getFileMetaData().getCreatedBy(), found.createdBy());
        Map<String, @Nullable String> notes = new TreeMap<>();
        expected.getFileMetaData().getKeyValueMetaData().forEach((key, _) -> notes.put(key, found.note(key)));
        assertEquals(expected.getFileMetaData().getKeyValueMetaData(), notes);
        List<BlockMetaData> groups = expected.getBlocks();
        assertEquals(groups.size(), found.rowGroups().size());
        for (int i = 0; i < groups.size(); i++) {
            assertSame(groups.get(i), found.rowGroups().get(i));
        }
    }

    private static String ids(Type type) {
        String id = type.getId() + ",";
        if (type.isPrimitive()) {
            return id + type.asPrimitiveType().columnOrder();
        }
        return id
                + type.asGroupType().getFields().stream().map(FooterOracle::ids).toList();
    }

    private static void assertSame(BlockMetaData expected, BlockMetaData found) {
        assertEquals(expected.getRowCount(), found.getRowCount());
        assertEquals(expected.getRowIndexOffset(), found.getRowIndexOffset());
        assertEquals(expected.getTotalByteSize(), found.getTotalByteSize());
        assertEquals(expected.getCompressedSize(), found.getCompressedSize());
        List<ColumnChunkMetaData> columns = expected.getColumns();
        assertEquals(columns.size(), found.getColumns().size());
        for (int i = 0; i < columns.size(); i++) {
            assertEquals(described(columns.get(i)), described(found.getColumns().get(i)));
            assertSame(columns.get(i).getStatistics(), found.getColumns().get(i).getStatistics());
        }
    }

    private static String described(ColumnChunkMetaData column) {
        return column.getPath().toDotString() + " " + column.getPrimitiveType() + " " + column.getCodec() + " values "
                + column.getValueCount() + " bytes " + column.getTotalSize() + " plain "
                + column.getTotalUncompressedSize() + " from " + column.getStartingPos() + " "
                + column.getFirstDataPageOffset() + " " + column.getDictionaryPageOffset() + " encodings "
                + column.getEncodings().stream().sorted().toList() + described(column.getEncodingStats()) + " "
                + column.hasDictionaryPage() + " bloom " + column.getBloomFilterOffset() + " "
                + column.getBloomFilterLength() + " indexes " + described(column.getColumnIndexReference())
                + described(column.getOffsetIndexReference());
    }

    private static String described(@Nullable IndexReference reference) {
        return reference == null ? "-" : reference.getOffset() + "+" + reference.getLength();
    }

    private static String described(@Nullable EncodingStats stats) {
        if (stats == null) {
            return "";
        }
        return counts(stats.getDictionaryEncodings(), stats::getNumDictionaryPagesEncodedAs)
                + counts(stats.getDataEncodings(), stats::getNumDataPagesEncodedAs)
                + stats.usesV2Pages();
    }

    private static String counts(Set<Encoding> encodings, Function<Encoding, Integer> count) {
        return new TreeMap<>(encodings.stream().collect(java.util.stream.Collectors.toMap(e -> e, count))).toString();
    }

    private static void assertSame(Statistics<?> expected, Statistics<?> found) {
        assertEquals(expected.getClass(), found.getClass());
        assertEquals(expected.hasNonNullValue(), found.hasNonNullValue());
        if (expected.hasNonNullValue()) {
            assertArrayEquals(expected.getMinBytes(), found.getMinBytes());
            assertArrayEquals(expected.getMaxBytes(), found.getMaxBytes());
        }
        assertEquals(expected.isNumNullsSet(), found.isNumNullsSet());
        assertEquals(expected.getNumNulls(), found.getNumNulls());
        assertEquals(expected.isNanCountSet(), found.isNanCountSet());
        assertEquals(expected, found);
    }
}
