package dev.headrace.streaming;

/// How many rows of a batch may be rejected before the query ends instead, without committing the batch.
///
/// @param rows so many may be rejected
/// @param share so large a part of the rows read may be rejected, from 0 to 1
public record ErrorBudget(long rows, double share) {
    public ErrorBudget {
        if (rows < 0 || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a budget of " + rows + " rows and a share of " + share);
        }
    }

    /// Any number of rows may be rejected.
    public static ErrorBudget unlimited() {
        return new ErrorBudget(Long.MAX_VALUE, 1);
    }

    /// At most so many rows of a batch.
    public static ErrorBudget rows(long rows) {
        return new ErrorBudget(rows, 1);
    }

    /// At most this part of a batch's rows, such as 0.01.
    public static ErrorBudget share(double share) {
        return new ErrorBudget(Long.MAX_VALUE, share);
    }

    /// Whether `rejected` of `read` rows are within the budget.
    public boolean allows(long rejected, long read) {
        return rejected <= rows && rejected <= share * Math.max(read, rejected);
    }
}
