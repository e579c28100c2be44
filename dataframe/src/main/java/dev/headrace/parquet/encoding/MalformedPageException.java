package dev.headrace.parquet.encoding;

/// The bytes of a page are not what its encoding allows. The reader of the file catches it and adds file and column.
public final class MalformedPageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedPageException(String message) {
        super(message);
    }
}
