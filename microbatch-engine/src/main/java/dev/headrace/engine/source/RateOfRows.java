package dev.headrace.engine.source;

/// How many rows there have been after so many seconds.
///
/// @param rowsPerSecond once the rate has been reached
/// @param rampUpSeconds over how many seconds the rate grows to that, evenly
record RateOfRows(long rowsPerSecond, long rampUpSeconds) {
    /// The number of rows of the first seconds, which is also the value of the first row after them.
    ///
    /// @throws ArithmeticException if they are more than a long holds
    long rowsAfter(long seconds) {
        long growing = Math.min(seconds, rampUpSeconds);
        // in second k of the ramp there are (k + 1) / (ramp + 1) of the rows
        long ramp = Math.multiplyExact(rowsPerSecond, growing * (growing + 1) / 2) / (rampUpSeconds + 1);
        return Math.addExact(ramp, Math.multiplyExact(rowsPerSecond, seconds - growing));
    }

    /// The second in which a row comes.
    long secondOf(long value) {
        long low = 0;
        long high = 1;
        while (rowsAfter(high) <= value) {
            low = high;
            high *= 2;
        }
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (rowsAfter(middle + 1) <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
