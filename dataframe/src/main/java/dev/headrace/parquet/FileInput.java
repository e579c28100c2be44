package dev.headrace.parquet;

/// What the columns of one open file share. One thread.
record FileInput(FileBytes file, PageDecompressor decompressor, boolean verifyChecksums) implements AutoCloseable {
    FileInput(FileBytes file, boolean verifyChecksums) {
        this(file, new PageDecompressor(), verifyChecksums);
    }

    @Override
    public void close() {
        decompressor.close();
        file.close();
    }
}
