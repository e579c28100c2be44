package dev.headrace.parquet;

/// How files are written.
///
/// @param codec how pages are compressed
/// @param rowGroupBytes about how large a row group gets in the file
/// @param rowGroupRows how many rows it has at most
/// @param pageBytes about how large a page gets before compression
/// @param pageRows about how many rows it has at most
/// @param dictionaryBytes how large a dictionary may get; 0 for none
/// @param bloomFilters which columns get bloom filters
/// @param sync whether a finished file is forced to disk
public record ParquetWriteOptions(
        ParquetCodec codec,
        long rowGroupBytes,
        int rowGroupRows,
        int pageBytes,
        int pageRows,
        int dictionaryBytes,
        BloomFilterOptions bloomFilters,
        boolean sync) {
    /// Row groups of 128 MB or a million rows, pages of 1 MB or 32,768 rows, not forced to disk.
    public static final ParquetWriteOptions DEFAULT = new ParquetWriteOptions(
            ParquetCodec.ZSTD, 128L << 20, 1 << 20, 1 << 20, 1 << 15, 1 << 20, BloomFilterOptions.NONE, false);

    public ParquetWriteOptions withCodec(ParquetCodec newCodec) {
        return new ParquetWriteOptions(
                newCodec, rowGroupBytes, rowGroupRows, pageBytes, pageRows, dictionaryBytes, bloomFilters, sync);
    }

    public ParquetWriteOptions withSync() {
        return new ParquetWriteOptions(
                codec, rowGroupBytes, rowGroupRows, pageBytes, pageRows, dictionaryBytes, bloomFilters, true);
    }

    public ParquetWriteOptions withRowGroups(long newBytes, int newRows) {
        return new ParquetWriteOptions(
                codec, newBytes, newRows, pageBytes, pageRows, dictionaryBytes, bloomFilters, sync);
    }

    public ParquetWriteOptions withPages(int newBytes, int newRows) {
        return new ParquetWriteOptions(
                codec, rowGroupBytes, rowGroupRows, newBytes, newRows, dictionaryBytes, bloomFilters, sync);
    }

    public ParquetWriteOptions withDictionaryBytes(int newBytes) {
        return new ParquetWriteOptions(
                codec, rowGroupBytes, rowGroupRows, pageBytes, pageRows, newBytes, bloomFilters, sync);
    }

    public ParquetWriteOptions withBloomFilters(BloomFilterOptions newFilters) {
        return new ParquetWriteOptions(
                codec, rowGroupBytes, rowGroupRows, pageBytes, pageRows, dictionaryBytes, newFilters, sync);
    }
}
