package dev.headrace.files.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A path in a store, such as `s3a://bucket/orders/_delta_log`; a relative one has no store in its text.
public final class StorePath implements Path {
    private final StoreFileSystem store;
    private final boolean absolute;
    private final List<String> names;
    private final @Nullable BasicFileAttributes listed;

    private StorePath(
            StoreFileSystem store, boolean absolute, List<String> names, @Nullable BasicFileAttributes listed) {
        this.store = store;
        this.absolute = absolute;
        this.names = names;
        this.listed = listed;
    }

    /// What a URI such as `s3a://bucket/orders` means.
    ///
    /// @param uri without percent escapes
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_FILE_SYSTEM` if nothing on the class path knows its
    ///     scheme
    /// @throws dev.headrace.errors.UnavailableException `STORE_NOT_REACHED` if its file system can't be opened
    public static StorePath of(String uri) {
        return StoreProvider.INSTANCE.path(uri);
    }

    /// @param text names with slashes between; with one in front it is absolute
    static StorePath of(StoreFileSystem store, String text) {
        List<String> names =
                Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toList();
        return new StorePath(store, text.startsWith("/"), names, null);
    }

    /// A file of this directory, as a listing of it has told.
    StorePath listed(String name, BasicFileAttributes attributes) {
        List<String> longer = new ArrayList<>(names);
        longer.add(name);
        return new StorePath(store, absolute, List.copyOf(longer), attributes);
    }

    /// What the listing that has found this path said of it: nobody has to ask the store again.
    Optional<BasicFileAttributes> listed() {
        return Optional.ofNullable(listed);
    }

    /// A path to keep: without what a listing has said of it, which may not be so for long.
    public static Path unlisted(Path path) {
        return path instanceof StorePath found && found.listed != null ? found.with(found.absolute, found.names) : path;
    }

    static StorePath of(Path path) {
        if (path instanceof StorePath store) {
            return store;
        }
        throw new ProviderMismatchException(path + " is on another file system");
    }

    private StorePath with(boolean isAbsolute, List<String> of) {
        return new StorePath(store, isAbsolute, List.copyOf(of), null);
    }

    /// As Hadoop has it.
    public org.apache.hadoop.fs.Path hadoop() {
        StorePath all = toAbsolutePath();
        return new org.apache.hadoop.fs.Path(
                store.root().getScheme(), store.root().getAuthority(), "/" + String.join("/", all.names));
    }

    @Override
    public StoreFileSystem getFileSystem() {
        return store;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable StorePath getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable StorePath getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public @Nullable StorePath getParent() {
        if (names.isEmpty() || (!absolute && names.size() == 1)) {
            return null;
        }
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public StorePath getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public StorePath subpath(int from, int to) {
        if (from < 0 || to > names.size() || from >= to) {
            throw new IllegalArgumentException(this + " has no names from " + from + " to " + to);
        }
        return with(false, names.subList(from, to));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof StorePath start
                && start.store == store
                && start.absolute == absolute
                && start.names.size() <= names.size()
                && names.subList(0, start.names.size()).equals(start.names);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof StorePath end
                && end.store == store
                && (end.absolute
                        ? equals(end)
                        : end.names.size() <= names.size()
                                && names.subList(names.size() - end.names.size(), names.size())
                                        .equals(end.names));
    }

    @Override
    public StorePath normalize() {
        List<String> left = new ArrayList<>();
        for (String name : names) {
            if (name.equals("..") && !left.isEmpty() && !left.getLast().equals("..")) {
                left.removeLast();
            } else if (!name.equals(".") && !(name.equals("..") && absolute)) {
                left.add(name);
            }
        }
        return left.size() == names.size() ? this : with(absolute, left);
    }

    @Override
    public StorePath resolve(Path other) {
        StorePath more = of(other);
        if (more.absolute) {
            return more;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(more.names);
        return with(absolute, all);
    }

    @Override
    public StorePath relativize(Path other) {
        StorePath to = of(other);
        if (to.absolute != absolute) {
            throw new IllegalArgumentException(this + " and " + to + " don't begin at the same place");
        }
        int common = 0;
        while (common < Math.min(names.size(), to.names.size())
                && names.get(common).equals(to.names.get(common))) {
            common++;
        }
        List<String> way = new ArrayList<>();
        for (int up = common; up < names.size(); up++) {
            way.add("..");
        }
        way.addAll(to.names.subList(common, to.names.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        try {
            StorePath all = toAbsolutePath();
            return new URI(
                    store.root().getScheme(),
                    store.root().getAuthority(),
                    "/" + String.join("/", all.names),
                    null,
                    null);
        } catch (URISyntaxException impossibleForAPath) {
            throw new IllegalStateException(impossibleForAPath);
        }
    }

    @Override
    public StorePath toAbsolutePath() {
        return absolute ? this : new StorePath(store, true, names, listed);
    }

    @Override
    public StorePath toRealPath(LinkOption... options) {
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("stores tell of no changes");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StorePath path
                && path.store == store
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        String text = String.join("/", names);
        return absolute ? store.root() + "/" + text : text;
    }
}
