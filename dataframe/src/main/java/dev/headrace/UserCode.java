package dev.headrace;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Calls functions of the program, which may fail with anything.
final class UserCode {
    private UserCode() {}

    /// @param what the function, for messages, such as `mapGroups`
    /// @throws QueryException `USER_FUNCTION_FAILED`
    static <R extends @Nullable Object> R call(String what, Object key, Callable<R> function) {
        try {
            return Cancellation.call(function);
        } catch (HeadraceException | QueryCancelledException known) {
            throw known;
        } catch (Exception failed) {
            throw new QueryException(
                    "USER_FUNCTION_FAILED",
                    "The function given to " + what + " failed for the key '" + key + "': " + failed + ".",
                    failed);
        }
    }
}
