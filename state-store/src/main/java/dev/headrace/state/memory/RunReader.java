package dev.headrace.state.memory;

import dev.headrace.errors.CheckpointException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/// Reads the entries of a [Run] in order, after the whole file has been checked.
final class RunReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Run run;
    private final DataInputStream in;
    private final int entries;
    private int read;
    private byte[] key = new byte[0];
    private byte[] value = new byte[0];
    private long hash;
    private long expiry;
    private boolean deletion;

    private RunReader(Run run, DataInputStream in, int entries) {
        this.run = run;
        this.in = in;
        this.entries = entries;
    }

    /// @throws CheckpointException if the file is missing, damaged, of another format, or of other versions than its
    ///     name says
    static RunReader open(Run run, int keyGroups) {
        try {
            int entries = check(run, keyGroups);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(run.file()), BUFFER_BYTES));
            in.skipNBytes(RunWriter.HEADER_BYTES);
            return new RunReader(run, in, entries);
        } catch (NoSuchFileException missing) {
            throw new CheckpointException(
                    "STATE_FILE_MISSING",
                    run.file()
                            + " is missing. Restore it from a copy of the checkpoint, or start with a new checkpoint "
                            + "directory.",
                    missing);
        } catch (EOFException torn) {
            throw damaged(run, "is cut off");
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "reading", e);
        }
    }

    /// Reads the file once, for its checksum.
    ///
    /// @return the number of entries
    private static int check(Run run, int keyGroups) throws IOException {
        long size = Files.size(run.file());
        long footer = 12L * keyGroups + 8;
        if (size < RunWriter.HEADER_BYTES + footer) {
            throw damaged(run, "is cut off");
        }
        CRC32C crc = new CRC32C();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(run.file()), BUFFER_BYTES)) {
            DataInputStream checked = new DataInputStream(new CheckedInputStream(file, crc));
            ByteBuffer header = little(checked.readNBytes(RunWriter.HEADER_BYTES));
            boolean ours = header.getInt() == RunWriter.MAGIC;
            int format = header.getInt();
            if (ours && format != RunWriter.FORMAT) {
                throw new CheckpointException(
                        "STATE_FORMAT_UNKNOWN",
                        run.file() + " has the format " + format + ", but this release reads " + RunWriter.FORMAT
                                + ". It was written by another release: use that one.");
            }
            boolean sameVersions = header.getLong() == run.from() && header.getLong() == run.to();
            checked.skipNBytes(size - RunWriter.HEADER_BYTES - 8);
            int entries = little(checked.readNBytes(4)).getInt();
            int expected = (int) crc.getValue();
            int stored = little(file.readNBytes(4)).getInt();
            if (!ours || stored != expected) {
                throw damaged(run, "does not have the checksum that it should have");
            }
            if (!sameVersions || header.getInt() != keyGroups) {
                throw damaged(run, "does not hold what its name says");
            }
            return entries;
        }
    }

    private static CheckpointException damaged(Run run, String how) {
        return new CheckpointException(
                "STATE_FILE_DAMAGED",
                run.file() + " " + how
                        + ". Nothing of it was used. Restore it from a copy of the checkpoint, or start with a "
                        + "new checkpoint directory.");
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Moves to the next entry.
    ///
    /// @return false at the end
    boolean next() {
        if (read == entries) {
            return false;
        }
        try {
            ByteBuffer header = little(in.readNBytes(RunWriter.ENTRY_HEADER_BYTES));
            int keyLength = header.getInt();
            int valueLength = header.getInt();
            expiry = header.getLong();
            hash = header.getLong();
            key = in.readNBytes(keyLength);
            deletion = valueLength < 0;
            value = in.readNBytes(Math.max(0, valueLength));
            read++;
            return true;
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "reading", e);
        }
    }

    byte[] key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    long hash() {
        return hash;
    }

    long expiry() {
        return expiry;
    }

    boolean isDeletion() {
        return deletion;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "closing", e);
        }
    }
}
