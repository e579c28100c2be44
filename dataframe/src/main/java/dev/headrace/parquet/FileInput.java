package dev.headrace.parquet;

/// What the columns of one open file share. One thread.
///
/// @param columnBytes how many bytes of texts or binaries a column of a chunk may have, if it has several rows
record FileInput(FileBytes file, PageDecompressor decompressor, boolean verifyChecksums, int columnBytes)
        implements AutoCloseable {
    FileInput(FileBytes file, boolean verifyChecksums, int columnBytes) {
        this(file, new PageDecompressor(), verifyChecksums, columnBytes);
    }

    @Override
    public void close() {
        decompressor.close();
        file.close();
    }
}
