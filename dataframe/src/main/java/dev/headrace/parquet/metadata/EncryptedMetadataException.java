package dev.headrace.parquet.metadata;

/// The file, or a column of it, is encrypted. The reader of the file catches it and says which file.
public final class EncryptedMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EncryptedMetadataException() {
        super("encrypted");
    }
}
