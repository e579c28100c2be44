package dev.headrace.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Closes several things although one of them may fail.
final class Closing {
    private Closing() {}

    /// Closes all in order; the first failure is thrown at the end, with the others suppressed.
    static void all(List<? extends AutoCloseable> resources) {
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
