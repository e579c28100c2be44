package dev.headrace.parquet.metadata;

/// The bytes are not the metadata that they should be. The reader of the file catches it and says which file.
public final class MalformedMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedMetadataException(String message) {
        super(message);
    }
}
