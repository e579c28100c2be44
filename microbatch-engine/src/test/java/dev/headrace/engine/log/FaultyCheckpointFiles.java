package dev.headrace.engine.log;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Real files, with a fault that strikes once, at the creation of one path, or with damage that shows when one is read.
final class FaultyCheckpointFiles implements CheckpointFiles {

    /// Stands for the end of the process: nothing in the product catches it.
    static final class Crash extends Error {
        Crash() {
            super("simulated crash");
        }
    }

    private final CheckpointFiles files;
    private @Nullable String path;
    private @Nullable Fault fault;
    private final Map<String, byte[]> damaged = new HashMap<>();
    private boolean withoutLeases;
    private int listings;

    FaultyCheckpointFiles(CheckpointFiles files) {
        this.files = files;
    }

    void strike(String path, Fault fault) {
        this.path = path;
        this.fault = fault;
    }

    /// From now on the file at `path` reads as `content`.
    void damage(String path, byte[] content) {
        damaged.put(path, content);
    }

    /// Storage that knows no ownership.
    FaultyCheckpointFiles withoutLeases() {
        withoutLeases = true;
        return this;
    }

    /// How often a folder has been listed.
    int listings() {
        return listings;
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        Fault now = path.equals(this.path) ? fault : null;
        if (now == null) {
            files.create(path, content);
            return;
        }
        fault = null;
        String location = files.locate(path);
        switch (now) {
            case CRASH_BEFORE -> throw new Crash();
            case CRASH_AFTER -> {
                files.create(path, content);
                throw new Crash();
            }
            case TORN -> {
                files.create(path, Arrays.copyOf(content, content.length / 2));
                throw new Crash();
            }
            case UNREACHABLE -> throw new FileSystemException(location, null, "Input/output error");
            case ANSWER_LOST -> {
                files.create(path, content);
                throw new FileSystemException(location, null, "Input/output error");
            }
            case DISK_FULL -> throw new IOException("No space left on device");
            case READ_ONLY -> throw new FileSystemException(location, null, "Read-only file system");
            case PURGED -> {
                files.delete(path);
                throw new FileAlreadyExistsException(location);
            }
            case ACCESS_DENIED -> throw new AccessDeniedException(location);
        }
    }

    @Override
    public Lease lease(String path, byte[] owner) throws IOException {
        return withoutLeases ? new Lease.Unsupported("No locks available") : files.lease(path, owner);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        listings++;
        return files.list(folder);
    }

    @Override
    public String locate(String path) {
        return files.locate(path);
    }

    @Override
    public void createFolder(String folder) throws IOException {
        files.createFolder(folder);
    }

    @Override
    public byte[] read(String path) throws IOException {
        byte[] content = damaged.get(path);
        return content == null ? files.read(path) : content;
    }

    @Override
    public void delete(String path) throws IOException {
        files.delete(path);
    }
}
