package dev.headrace.chunk;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// Closes what holds memory outside the heap, also when the heap has run out: it makes no object as long as all goes
/// well, and gives up the [HeapReserve] and closes once more if what it closes needs one. Not for what a close
/// completes, such as files that are written.
public final class Closing {
    private Closing() {}

    /// Closes all of them, the others too if one fails, of which the first failure is thrown.
    ///
    /// @param resources may be closed again when closing them has run out of heap
    public static void all(Collection<? extends AutoCloseable> resources) {
        Throwable failure = null;
        if (resources instanceof List<? extends AutoCloseable> list && list instanceof RandomAccess) {
            for (int i = 0; i < list.size(); i++) {
                failure = close(list.get(i), failure);
            }
        } else {
            for (Iterator<? extends AutoCloseable> rest = iterator(resources); rest.hasNext(); ) {
                failure = close(rest.next(), failure);
            }
        }
        FirstFailure.throwUnchecked(failure);
    }

    private static <T> Iterator<T> iterator(Iterable<T> all) {
        while (true) {
            try {
                return all.iterator();
            } catch (OutOfMemoryError noHeap) {
                if (!HeapReserve.giveUp()) {
                    throw noHeap;
                }
            }
        }
    }

    /// @return the first failure
    private static @Nullable Throwable close(AutoCloseable resource, @Nullable Throwable before) {
        try {
            closeWithReserve(resource);
            return before;
        } catch (Throwable failed) {
            return FirstFailure.of(before, failed);
        }
    }

    private static void closeWithReserve(AutoCloseable resource) throws Exception {
        while (true) {
            try {
                resource.close();
                return;
            } catch (OutOfMemoryError noHeap) {
                if (!HeapReserve.giveUp()) {
                    throw noHeap;
                }
            }
        }
    }
}
