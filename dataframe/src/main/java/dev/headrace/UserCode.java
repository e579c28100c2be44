package dev.headrace;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;

/// Calls functions of the program, which may fail with anything.
final class UserCode {
    private UserCode() {}

    interface Call<R> {
        R call() throws Exception;
    }

    /// @param what the function, for messages, such as `mapGroups`
    /// @throws QueryException `USER_FUNCTION_FAILED`
    static <R> R call(String what, Object key, Call<R> function) {
        try {
            return function.call();
        } catch (HeadraceException coded) {
            throw coded;
        } catch (Exception failed) {
            throw new QueryException(
                    "USER_FUNCTION_FAILED",
                    "The function given to " + what + " failed for the key '" + key + "': " + failed + ".",
                    failed);
        }
    }
}
