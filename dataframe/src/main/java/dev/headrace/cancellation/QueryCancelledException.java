package dev.headrace.cancellation;

/// Thrown within the tasks of a query that has been cancelled.
public final class QueryCancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueryCancelledException() {
        super("the query was cancelled");
    }
}
