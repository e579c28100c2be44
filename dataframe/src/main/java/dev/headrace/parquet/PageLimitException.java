package dev.headrace.parquet;

/// A page is sound, but can't be read here. Caught where the column is known.
final class PageLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Which limit.
    enum Limit {
        /// The encoding is not supported for the column's type.
        ENCODING,
        /// The values of one row have more than 2 GiB.
        SIZE
    }

    private final Limit limit;

    private PageLimitException(Limit limit, String message) {
        super(message);
        this.limit = limit;
    }

    static PageLimitException encoding(Object encoding, Object type) {
        return new PageLimitException(Limit.ENCODING, "the encoding " + encoding + " for " + type);
    }

    static PageLimitException size() {
        return new PageLimitException(Limit.SIZE, "more than 2 GiB");
    }

    Limit limit() {
        return limit;
    }
}
