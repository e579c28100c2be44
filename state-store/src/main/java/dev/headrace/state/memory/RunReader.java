package dev.headrace.state.memory;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads the entries of a [Run] in order, after the whole file has been checked.
final class RunReader implements AutoCloseable {
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

    /// @throws dev.headrace.errors.CheckpointException if the file is missing, damaged, of another format, or of other
    ///     versions or key groups than it should be
    static RunReader open(Run run, int keyGroups) {
        RunHeader.Opened opened = RunHeader.open(run, RunWriter.FORM);
        RunReader reader = new RunReader(run, opened.in(), opened.entries());
        try {
            if (RunHeader.little(opened.in().readNBytes(Integer.BYTES)).getInt() != keyGroups) {
                reader.close();
                throw RunHeader.damaged(run, "does not hold what its name says");
            }
            return reader;
        } catch (IOException e) {
            throw StateFiles.failed(run.file(), "reading", e);
        }
    }

    /// Moves to the next entry.
    ///
    /// @return false at the end
    boolean next() {
        if (read == entries) {
            return false;
        }
        try {
            ByteBuffer header = RunHeader.little(in.readNBytes(RunWriter.ENTRY_HEADER_BYTES));
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
