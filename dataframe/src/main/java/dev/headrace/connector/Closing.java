package dev.headrace.connector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Closes several things, or has them gone, although one of them may fail.
public final class Closing {
    private Closing() {}

    /// Closes all in order; the first failure is thrown at the end, with the others suppressed.
    public static void all(List<? extends AutoCloseable> resources) {
        @Nullable RuntimeException first = null;
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception failed) {
                RuntimeException unchecked =
                        failed instanceof RuntimeException runtime ? runtime : new IllegalStateException(failed);
                if (first == null) {
                    first = unchecked;
                } else {
                    first.addSuppressed(unchecked);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
