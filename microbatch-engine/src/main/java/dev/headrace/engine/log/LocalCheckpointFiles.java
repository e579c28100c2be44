package dev.headrace.engine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A checkpoint in a directory of the local (or a mounted) file system.
final class LocalCheckpointFiles implements CheckpointFiles {

    // A file is written under the temporary name `.NAME.RUN.tmp`, forced, and hard-linked to its name. A link never
    // replaces anything, so of several writers one wins; and what it shows is whole, so a crash leaves a temporary file
    // at
    // worst. The folder is forced after it.
    //
    // Where the file system has no hard links, the winner is who creates the empty file of that name exclusively, and
    // the
    // temporary file is then renamed over it. Writers of both kinds exclude each other. The price is that a crash
    // between
    // the two steps leaves an empty file, which the log reports as damage.
    //
    // An interrupt closes the channel that a thread is using. A checkpoint must not depend on when a query is stopped,
    // so
    // each step is repeated without the interrupt, which is given back at the end.

    /// Gives a file a second name: `Files::createLink`, or in a test something that fails.
    interface Linker {
        void link(Path newName, Path existing) throws IOException;
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    /// Far behind the owner's text, so that a system whose locks forbid reading still shows it.
    private static final long LOCKED_BYTE = 1L << 30;

    /// What this process owns. The system's locks belong to the whole process: they do not keep a second owner in it
    /// out, and closing any other channel of the same file would give them up. So the file is not even opened then.
    private static final Map<Path, byte[]> OWNED_BY_THIS_PROCESS = new ConcurrentHashMap<>();

    /// Channels that must stay open because another class loader's copy of this class owns their file.
    private static final Collection<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path root;
    private final RunId run;
    private final Linker linker;

    LocalCheckpointFiles(Path root, RunId run) {
        this(root, run, Files::createLink);
    }

    LocalCheckpointFiles(Path root, RunId run, Linker linker) {
        this.root = root.toAbsolutePath().normalize();
        this.run = run;
        this.linker = linker;
    }

    @Override
    public String locate(String path) {
        return resolve(path).toString();
    }

    @Override
    public void createFolder(String folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = resolve(folder); !Files.isDirectory(path); path = folderOf(path)) {
            missing.push(path);
        }
        for (Path path : missing) {
            Files.createDirectories(path);
            force(folderOf(path));
        }
    }

    @Override
    public List<String> list(String folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(resolve(folder))) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry)) {
                    names.add(entry.getFileName().toString());
                }
            }
        } catch (NoSuchFileException noFolder) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public byte[] read(String path) throws IOException {
        return uninterrupted(() -> Files.readAllBytes(resolve(path)));
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        Path target = resolve(path);
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + run + ".tmp");
        try {
            uninterrupted(() -> writeAndForce(temporary, content));
            publish(temporary, target);
        } catch (FileAlreadyExistsException e) {
            force(folderOf(target));
            throw e;
        } finally {
            Files.deleteIfExists(temporary);
        }
        force(folderOf(target));
    }

    @Override
    public void delete(String path) throws IOException {
        Files.deleteIfExists(resolve(path));
    }

    @Override
    public Lease lease(String path, byte[] owner) throws IOException {
        Path key = folderOf(resolve(path)).toRealPath().resolve(resolve(path).getFileName());
        byte[] ownerHere = OWNED_BY_THIS_PROCESS.putIfAbsent(key, owner);
        if (ownerHere != null) {
            return new Lease.Refused(Optional.of(ownerHere));
        }
        boolean granted = false;
        try {
            Lease lease = uninterrupted(() -> lock(key, owner));
            granted = lease instanceof Lease.Granted;
            return lease;
        } finally {
            if (!granted) {
                OWNED_BY_THIS_PROCESS.remove(key);
            }
        }
    }

    private static Lease lock(Path path, byte[] owner) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock;
            try {
                lock = channel.tryLock(LOCKED_BYTE, 1, false);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                channel.close();
                return new Lease.Unsupported(String.valueOf(e.getMessage()));
            }
            if (lock == null) {
                byte[] other = readAll(channel);
                channel.close();
                return new Lease.Refused(Optional.of(other));
            }
            channel.write(ByteBuffer.wrap(owner), 0);
            channel.truncate(owner.length);
            return new Lease.Granted(release(path, channel));
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(channel);
            return new Lease.Refused(Optional.of(readAll(channel)));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Closeable release(Path path, FileChannel channel) {
        return () -> {
            if (!channel.isOpen()) {
                return;
            }
            try {
                channel.close();
            } finally {
                OWNED_BY_THIS_PROCESS.remove(path);
            }
        };
    }

    private static byte[] readAll(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private Path resolve(String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    private static Path folderOf(Path path) {
        return Objects.requireNonNullElse(path.getParent(), path);
    }

    private static Void writeAndForce(Path path, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return null;
        }
    }

    private void publish(Path temporary, Path target) throws IOException {
        try {
            linker.link(target, temporary);
        } catch (FileAlreadyExistsException | NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            publishWithoutLink(temporary, target, noLinks);
        }
    }

    private static void publishWithoutLink(Path temporary, Path target, Exception noLinks) throws IOException {
        boolean created = false;
        try {
            Files.createFile(target);
            created = true;
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            e.addSuppressed(noLinks);
            if (created) {
                Files.deleteIfExists(target);
            }
            throw e;
        }
    }

    /// Forces a folder's entries to the disk. Systems that can't open a folder (Windows) order their entries
    /// themselves.
    private static void force(Path folder) throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        uninterrupted(() -> forceEntries(folder));
    }

    private static Void forceEntries(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
            return null;
        }
    }

    private static <T> T uninterrupted(Step<T> step) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return step.run();
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
