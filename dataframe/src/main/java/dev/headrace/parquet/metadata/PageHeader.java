package dev.headrace.parquet.metadata;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// What stands before the bytes of a page (`PageHeader` in `parquet.thrift`). Its statistics are passed over.
///
/// @param bytes how many follow
/// @param plainBytes how many these are when they are decompressed
/// @param checksum of the bytes that follow; null if there is none
public record PageHeader(
        int bytes, int plainBytes, @Nullable Integer checksum, Page page) {
    static final int DATA_PAGE = 0;
    private static final int INDEX_PAGE = 1;
    static final int DICTIONARY_PAGE = 2;
    static final int DATA_PAGE_V2 = 3;

    /// What kind of page it is.
    public sealed interface Page {}

    /// @param valueCount how many entries the dictionary has
    public record DictionaryPage(int valueCount) implements Page {}

    /// A page whose levels are compressed with its values.
    ///
    /// @param valueCount nulls and empty lists included
    /// @param encoding null if it is unknown, as are those of the levels
    public record DataPage(
            int valueCount,
            @Nullable Encoding encoding,
            @Nullable Encoding definitionEncoding,
            @Nullable Encoding repetitionEncoding)
            implements Page {}

    /// A page of the second version, whose levels stand before the values and are never compressed.
    ///
    /// @param valueCount nulls and empty lists included
    /// @param encoding null if it is unknown
    public record DataPageV2(
            int valueCount, @Nullable Encoding encoding, int definitionBytes, int repetitionBytes, boolean compressed)
            implements Page {}

    /// A page that holds no values.
    public record IndexPage() implements Page {}

    /// @throws MalformedMetadataException if the bytes are no header
    public static PageHeader read(CompactReader in) {
        int type = -1;
        int bytes = -1;
        int plainBytes = -1;
        Integer checksum = null;
        Page dictionary = null;
        Page data = null;
        Page dataV2 = null;
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> type = in.i32();
                case 2 -> plainBytes = in.i32();
                case 3 -> bytes = in.i32();
                case 4 -> checksum = in.i32();
                case 5 -> data = dataPage(in);
                case 7 -> dictionary = dictionaryPage(in);
                case 8 -> dataV2 = dataPageV2(in);
                default -> in.skip();
            }
        }
        Page page = switch (type) {
            case DATA_PAGE -> data;
            case INDEX_PAGE -> new IndexPage();
            case DICTIONARY_PAGE -> dictionary;
            case DATA_PAGE_V2 -> dataV2;
            default -> null;
        };
        if (page == null) {
            throw new MalformedMetadataException("a page of type " + type + " without the header of one");
        }
        return new PageHeader(bytes, plainBytes, checksum, page);
    }

    private static Page dictionaryPage(CompactReader in) {
        int count = -1;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> count = in.i32();
                default -> in.skip();
            }
        }
        return new DictionaryPage(count);
    }

    private static Page dataPage(CompactReader in) {
        int count = -1;
        Encoding encoding = null;
        Encoding definition = null;
        Encoding repetition = null;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> count = in.i32();
                case 2 -> encoding = Encoding.findByValue(in.i32());
                case 3 -> definition = Encoding.findByValue(in.i32());
                case 4 -> repetition = Encoding.findByValue(in.i32());
                default -> in.skip();
            }
        }
        return new DataPage(count, encoding, definition, repetition);
    }

    private static Page dataPageV2(CompactReader in) {
        int count = -1;
        Encoding encoding = null;
        int definitionBytes = -1;
        int repetitionBytes = -1;
        boolean compressed = true;
        in.struct();
        for (int id = in.firstField(); id != 0; id = in.nextField(id)) {
            switch (id) {
                case 1 -> count = in.i32();
                case 4 -> encoding = Encoding.findByValue(in.i32());
                case 5 -> definitionBytes = in.i32();
                case 6 -> repetitionBytes = in.i32();
                case 7 -> compressed = in.bool();
                default -> in.skip();
            }
        }
        return new DataPageV2(count, encoding, definitionBytes, repetitionBytes, compressed);
    }
}
