package dev.headrace.parquet.metadata;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.EncodingStats;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkProperties;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.internal.hadoop.metadata.IndexReference;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// A column of a row group (`ColumnChunk` and its `ColumnMetaData` in `parquet.thrift`), as the library's filters want
/// it. Statistics and encodings, which most scans ask of few columns if any, are decoded each time that they are asked
/// for.
public final class ColumnChunk extends ColumnChunkMetaData {
    private final byte[] footer;
    private int pathFrom;
    private int pathTo;
    private int encodingsFrom;
    private int encodingsTo;
    private int encodingStatsFrom;
    private int encodingStatsTo;
    private int statisticsFrom;
    private int statisticsTo;
    private @Nullable CompressionCodecName codec;
    private long valueCount = -1;
    private long plainBytes = -1;
    private long bytes = -1;
    private long firstDataPage = -1;
    private long dictionaryPage;
    private @Nullable String file;
    private FileSchema.@Nullable Leaf leaf;
    private @Nullable String createdBy;

    private ColumnChunk(byte[] footer) {
        super((ColumnChunkProperties) null);
        this.footer = footer;
    }

    static ColumnChunk read(CompactReader in, byte[] footer) {
        ColumnChunk chunk = new ColumnChunk(footer);
        long columnIndex = -1;
        int columnIndexBytes = -1;
        long offsetIndex = -1;
        int offsetIndexBytes = -1;
        boolean encrypted = false;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> chunk.file = in.string();
                case 3 -> chunk.readColumn(in);
                case 4 -> offsetIndex = in.i64();
                case 5 -> offsetIndexBytes = in.i32();
                case 6 -> columnIndex = in.i64();
                case 7 -> columnIndexBytes = in.i32();
                default -> {
                    encrypted |= id == 8;
                    in.skip();
                }
            }
        }
        if (encrypted) {
            throw new EncryptedMetadataException();
        }
        chunk.requireAll();
        if (offsetIndex >= 0 && offsetIndexBytes >= 0) {
            chunk.setOffsetIndexReference(new IndexReference(offsetIndex, offsetIndexBytes));
        }
        if (columnIndex >= 0 && columnIndexBytes >= 0) {
            chunk.setColumnIndexReference(new IndexReference(columnIndex, columnIndexBytes));
        }
        return chunk;
    }

    private void readColumn(CompactReader in) {
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            int from = in.position();
            switch (id) {
                case 2 -> {
                    in.skip();
                    encodingsFrom = from;
                    encodingsTo = in.position();
                }
                case 3 -> {
                    in.skip();
                    pathFrom = from;
                    pathTo = in.position();
                }
                case 4 -> codec = codec(in.i32());
                case 5 -> valueCount = in.i64();
                case 6 -> plainBytes = in.i64();
                case 7 -> bytes = in.i64();
                case 9 -> firstDataPage = in.i64();
                case 11 -> dictionaryPage = in.i64();
                case 12 -> {
                    in.struct();
                    in.skip();
                    statisticsFrom = from;
                    statisticsTo = in.position();
                }
                case 13 -> {
                    in.skip();
                    encodingStatsFrom = from;
                    encodingStatsTo = in.position();
                }
                case 14 -> setBloomFilterOffset(in.i64());
                case 15 -> setBloomFilterLength(in.i32());
                default -> in.skip();
            }
        }
    }

    private void requireAll() {
        if (pathFrom == 0 || encodingsFrom == 0 || codec == null) {
            throw new MalformedMetadataException("a column without name, encodings or a known compression");
        }
    }

    /// Null if it came later than this reader.
    private static @Nullable CompressionCodecName codec(int number) {
        return switch (number) {
            case 0 -> CompressionCodecName.UNCOMPRESSED;
            case 1 -> CompressionCodecName.SNAPPY;
            case 2 -> CompressionCodecName.GZIP;
            case 3 -> CompressionCodecName.LZO;
            case 4 -> CompressionCodecName.BROTLI;
            case 5 -> CompressionCodecName.LZ4;
            case 6 -> CompressionCodecName.ZSTD;
            case 7 -> CompressionCodecName.LZ4_RAW;
            default -> null;
        };
    }

    /// Finds the column in the schema, which the footer may end with. Called once, before others see this.
    ///
    /// @param place among the row group's columns, which as a rule is that of the column in the schema
    /// @param writer the program that has written the file
    void belongTo(FileSchema schema, int place, @Nullable String writer) {
        leaf = schema.leaf(footer, pathFrom, pathTo, place);
        createdBy = writer;
    }

    /// The path of the file that has the pages, if it is another one.
    @Nullable String file() {
        return file;
    }

    @Override
    public ColumnPath getPath() {
        return Objects.requireNonNull(leaf).path();
    }

    @Override
    public PrimitiveType getPrimitiveType() {
        return Objects.requireNonNull(leaf).type();
    }

    @Override
    @Deprecated
    public PrimitiveTypeName getType() {
        return getPrimitiveType().getPrimitiveTypeName();
    }

    @Override
    public CompressionCodecName getCodec() {
        return Objects.requireNonNull(codec);
    }

    @Override
    public long getFirstDataPageOffset() {
        return firstDataPage;
    }

    @Override
    public long getDictionaryPageOffset() {
        return dictionaryPage;
    }

    @Override
    public long getValueCount() {
        return valueCount;
    }

    @Override
    public long getTotalUncompressedSize() {
        return plainBytes;
    }

    @Override
    public long getTotalSize() {
        return bytes;
    }

    /// @throws MalformedMetadataException if they are not those of the column's type
    @Override
    public Statistics<?> getStatistics() {
        CompactReader in = new CompactReader(footer, statisticsFrom, statisticsTo);
        try {
            return ChunkStatistics.read(in, statisticsFrom > 0, getPrimitiveType(), createdBy);
        } catch (IndexOutOfBoundsException | IllegalArgumentException tooShort) {
            throw new MalformedMetadataException("the statistics of the column '"
                    + getPath().toDotString() + "' are not of its type: " + tooShort.getMessage());
        }
    }

    /// With one that this reader does not know counted as plain: so that the library does not take all pages for ones
    /// of the dictionary.
    @Override
    public Set<Encoding> getEncodings() {
        CompactReader in = CompactReader.ofList(footer, encodingsFrom, encodingsTo);
        Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
        for (int left = in.i32s(); left > 0; left--) {
            Encoding encoding = encoding(in.i32());
            encodings.add(encoding == null ? Encoding.PLAIN : encoding);
        }
        return encodings;
    }

    /// How many pages have which encoding; null if the file does not say.
    ///
    /// @throws MalformedMetadataException if one is unknown
    @Override
    public @Nullable EncodingStats getEncodingStats() {
        if (encodingStatsFrom == 0) {
            return null;
        }
        CompactReader in = CompactReader.ofList(footer, encodingStatsFrom, encodingStatsTo);
        EncodingStats.Builder stats = new EncodingStats.Builder();
        for (int left = in.structs(); left > 0; left--) {
            addPages(in, stats);
        }
        return stats.build();
    }

    private void addPages(CompactReader in, EncodingStats.Builder stats) {
        int kind = -1;
        Encoding encoding = null;
        int count = 0;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> kind = in.i32();
                case 2 -> encoding = encoding(in.i32());
                case 3 -> count = in.i32();
                default -> in.skip();
            }
        }
        if (encoding == null) {
            throw new MalformedMetadataException(
                    "the column '" + getPath().toDotString() + "' has pages of an unknown encoding");
        }
        switch (kind) {
            case PageHeader.DICTIONARY_PAGE -> stats.addDictEncoding(encoding, count);
            case PageHeader.DATA_PAGE -> stats.addDataEncoding(encoding, count);
            case PageHeader.DATA_PAGE_V2 -> stats.withV2Pages().addDataEncoding(encoding, count);
            default -> {}
        }
    }

    private static @Nullable Encoding encoding(int number) {
        return switch (number) {
            case 0 -> Encoding.PLAIN;
            case 2 -> Encoding.PLAIN_DICTIONARY;
            case 3 -> Encoding.RLE;
            case 4 -> Encoding.BIT_PACKED;
            case 5 -> Encoding.DELTA_BINARY_PACKED;
            case 6 -> Encoding.DELTA_LENGTH_BYTE_ARRAY;
            case 7 -> Encoding.DELTA_BYTE_ARRAY;
            case 8 -> Encoding.RLE_DICTIONARY;
            case 9 -> Encoding.BYTE_STREAM_SPLIT;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "column " + pathFrom + " of a footer: " + bytes + " bytes from byte " + getStartingPos() + " on";
    }
}
