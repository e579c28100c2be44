package dev.headrace.engine.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A folder with one immutable file per batch, named by its number, without gaps from the lowest to the newest.
///
/// The folder is listed when the log is opened, and if it was empty then, once more behind the first entry; from then
/// on this object knows what is there. One thread appends;
/// [#purge] may run on another.
final class EntryLog {

    private static final Pattern ENTRY = Pattern.compile("0|[1-9][0-9]{0,17}");

    /// How often an entry is looked for while another driver deletes old ones.
    private static final int TRIES = 5;

    private final CheckpointFiles files;
    private final String folder;
    private final Driver self;
    private final long lastWithSideFile;
    private final Object purging = new Object();
    private long lowest;
    private volatile long next;

    /// @param ids the entries that are there, in order and without a gap
    /// @param lastWithSideFile the newest batch that Hadoop or Spark keeps a checksum for, or -1
    private EntryLog(CheckpointFiles files, String folder, Driver self, long[] ids, long lastWithSideFile) {
        this.files = files;
        this.folder = folder;
        this.self = self;
        this.lastWithSideFile = lastWithSideFile;
        this.lowest = ids.length == 0 ? 0 : ids[0];
        this.next = ids.length == 0 ? 0 : ids[ids.length - 1] + 1;
    }

    /// Lists the folder, making it if there is none.
    ///
    /// @throws dev.headrace.errors.CheckpointException if there is a gap
    static EntryLog open(CheckpointFiles files, String folder, Driver self) {
        try {
            files.createFolder(folder);
            List<String> names = files.list(folder);
            long[] ids = names.stream()
                    .filter(name -> ENTRY.matcher(name).matches())
                    .mapToLong(Long::parseLong)
                    .sorted()
                    .toArray();
            for (int i = 1; i < ids.length; i++) {
                if (ids[i] != ids[i - 1] + 1) {
                    throw LogErrors.gap(files.locate(folder), ids[i - 1], ids[i]);
                }
            }
            return new EntryLog(files, folder, self, ids, Leftovers.lastSideFile(names));
        } catch (FileAlreadyExistsException e) {
            throw LogErrors.notADirectory(files.locate(folder), e);
        } catch (IOException e) {
            throw LogErrors.io(files.locate(folder), "opening", e);
        }
    }

    /// Deletes what crashed writers have left. Only for the one who owns the checkpoint.
    void deleteLeftovers() {
        Leftovers.delete(files, folder, this::holds);
    }

    /// The newest entry's batch.
    Optional<BatchId> latest() {
        return next == 0 ? Optional.empty() : Optional.of(new BatchId(next - 1));
    }

    /// The oldest entry's batch.
    Optional<BatchId> oldest() {
        synchronized (purging) {
            return next == 0 ? Optional.empty() : Optional.of(new BatchId(lowest));
        }
    }

    boolean holds(BatchId id) {
        synchronized (purging) {
            return id.value() >= lowest && id.value() < next;
        }
    }

    /// @throws dev.headrace.errors.CheckpointException if the entry is missing, damaged or from a newer release
    EntryFile read(BatchId id, int newestVersion) {
        String location = locate(id);
        byte[] bytes = readBytes(id);
        EntryFile entry = EntryFile.parse(location, bytes, newestVersion);
        if (!entry.sealed()) {
            verifySideFile(id, bytes);
        } else if (entry.header().path(EntryFile.HEADRACE).path("batchId").asLong(-1) != id.value()) {
            throw LogErrors.damaged(location, "is the entry of another batch");
        }
        return entry;
    }

    /// Adds the next entry. Adding the newest one again is fine if it is the same to the byte.
    ///
    /// @throws dev.headrace.errors.FencedException if there is a different entry for this batch
    void append(BatchId id, byte[] content) {
        if (id.value() != next && id.value() != next - 1) {
            throw new IllegalArgumentException(
                    "The next entry of " + files.locate(folder) + " is " + next + ", not " + id + ".");
        }
        try {
            files.create(path(id), content);
        } catch (FileAlreadyExistsException e) {
            byte[] present = present(id);
            if (!Arrays.equals(present, content)) {
                throw LogErrors.fenced(locate(id), self, EntryFile.driverOf(present));
            }
        } catch (IOException e) {
            throw LogErrors.io(locate(id), "writing", e);
        }
        refuseWhatIsPurged(id);
        next = id.value() + 1;
    }

    /// Where storage knows no ownership, another driver may have gone on so far meanwhile that it has deleted this
    /// batch's entry, so that it could be made once more. Entries are deleted in their order: the one before is gone
    /// too then. (When there should be none before it, what is newer tells.)
    private void refuseWhatIsPurged(BatchId id) {
        boolean purged;
        try {
            if (oldest().filter(first -> first.value() < id.value()).isPresent()) {
                purged = !exists(new BatchId(id.value() - 1));
            } else {
                purged = newest().filter(last -> last.value() > id.value()).isPresent();
            }
            if (purged) {
                files.delete(path(id));
            }
        } catch (IOException e) {
            throw LogErrors.io(locate(id), "writing", e);
        }
        if (purged) {
            BatchId last = newest().orElse(id);
            throw LogErrors.fenced(locate(last), self, EntryFile.driverOf(present(last)));
        }
    }

    private boolean exists(BatchId id) throws IOException {
        try {
            files.read(path(id));
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /// The entry that another driver has written for a batch; or, if that driver has gone on so far that it has deleted
    /// it since, an entry that it has written later.
    private byte[] present(BatchId id) {
        BatchId looked = id;
        for (int attempt = 1; ; attempt++) {
            try {
                return files.read(path(looked));
            } catch (NoSuchFileException purged) {
                if (attempt == TRIES) {
                    throw LogErrors.io(locate(looked), "reading", purged);
                }
                looked = newest().orElse(looked);
            } catch (IOException e) {
                throw LogErrors.io(locate(looked), "reading", e);
            }
        }
    }

    /// The newest entry that lies in the folder now.
    private Optional<BatchId> newest() {
        try {
            return files.list(folder).stream()
                    .filter(name -> ENTRY.matcher(name).matches())
                    .map(name -> new BatchId(Long.parseLong(name)))
                    .max(Comparator.comparingLong(BatchId::value));
        } catch (IOException e) {
            throw LogErrors.io(files.locate(folder), "listing", e);
        }
    }

    /// Deletes the entries below `keepFrom`, each once, without listing. The newest entry always stays.
    void purge(long keepFrom) {
        synchronized (purging) {
            long end = Math.min(keepFrom, next - 1);
            for (; lowest < end; lowest++) {
                BatchId id = new BatchId(lowest);
                try {
                    files.delete(path(id));
                    if (lowest <= lastWithSideFile) {
                        for (String name : Leftovers.sideFiles(id)) {
                            files.delete(folder + "/" + name);
                        }
                    }
                } catch (IOException e) {
                    throw LogErrors.io(locate(id), "deleting", e);
                }
            }
        }
    }

    String locate(BatchId id) {
        return files.locate(path(id));
    }

    private byte[] readBytes(BatchId id) {
        try {
            return files.read(path(id));
        } catch (IOException e) {
            throw LogErrors.io(locate(id), "reading", e);
        }
    }

    /// What Spark writes on a local disk has Hadoop's checksum in a file beside it.
    private void verifySideFile(BatchId id, byte[] bytes) {
        try {
            if (!HadoopChecksum.matches(files.read(sideFile(id)), bytes)) {
                throw LogErrors.damaged(
                        locate(id), "does not have the checksum that '" + files.locate(sideFile(id)) + "' asks for");
            }
        } catch (NoSuchFileException unverified) {
            return;
        } catch (IOException e) {
            throw LogErrors.io(files.locate(sideFile(id)), "reading", e);
        }
    }

    private String path(BatchId id) {
        return folder + "/" + id;
    }

    private String sideFile(BatchId id) {
        return folder + "/" + HadoopChecksum.sideFileOf(id.toString());
    }
}
