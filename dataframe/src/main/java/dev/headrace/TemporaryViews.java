package dev.headrace;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The temporary views of a session: its own, and those of the database `global_temp`, which it shares with the
/// sessions that were made of it. Names are without letter case, and begin with the database where they are global.
/// Thread-safe.
final class TemporaryViews {
    static final String DATABASE = "global_temp";
    /// What may stand before the names of those that are the session's own.
    static final String OF_SESSION = "session";
    private static final String PREFIX = DATABASE + ".";

    private final Map<String, DataFrame> own = new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, DataFrame> global;

    TemporaryViews() {
        this(new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER));
    }

    private TemporaryViews(Map<String, DataFrame> global) {
        this.global = global;
    }

    /// For another session: without those that are this one's own.
    TemporaryViews shared() {
        return new TemporaryViews(global);
    }

    static String global(String name) {
        return PREFIX + name;
    }

    static boolean isGlobal(String name) {
        return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    private Map<String, DataFrame> of(String name) {
        return isGlobal(name) ? global : own;
    }

    @Nullable DataFrame get(String name) {
        return of(name).get(name);
    }

    boolean contains(String name) {
        return of(name).containsKey(name);
    }

    @Nullable DataFrame put(String name, DataFrame view) {
        return of(name).put(name, view);
    }

    @Nullable DataFrame putIfAbsent(String name, DataFrame view) {
        return of(name).putIfAbsent(name, view);
    }

    @Nullable DataFrame remove(String name) {
        return of(name).remove(name);
    }

    Set<String> ownNames() {
        return own.keySet();
    }

    /// With the database.
    Set<String> globalNames() {
        return global.keySet();
    }

    Stream<DataFrame> all() {
        return Stream.concat(own.values().stream(), global.values().stream());
    }
}
