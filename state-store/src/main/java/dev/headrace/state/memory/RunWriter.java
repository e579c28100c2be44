package dev.headrace.state.memory;

import dev.headrace.state.KeyGroups;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Writes a [Run] of a map.
///
/// ```text
/// int magic "HRST", int format 1, long from, long to, int key groups
/// per entry: int key length, int value length or -1 for a deletion, long expiry, long hash, key, value
/// per key group: long offset of its first entry, int entries
/// int entries in all, int CRC32C of everything before
/// ```
///
/// Entries are sorted by key group, hash and key, so that runs can be merged, and a range of key groups read, in one
/// pass. Numbers are little-endian.
final class RunWriter implements AutoCloseable {
    static final RunHeader.Form FORM = new RunHeader.Form(0x54535248, 1);
    static final int HEADER_BYTES = RunHeader.BYTES + Integer.BYTES;
    static final int ENTRY_HEADER_BYTES = 24;

    private final WholeFile file;
    private final KeyGroups groups;
    private final long[] groupOffsets;
    private final int[] groupEntries;
    private int entries;

    RunWriter(Run run, KeyGroups groups) throws IOException {
        this.groups = groups;
        this.groupOffsets = new long[groups.count()];
        this.groupEntries = new int[groups.count()];
        this.file = new WholeFile(run.file());
        RunHeader.write(run, FORM, file);
        file.putInt(groups.count());
    }

    /// Adds an entry, in the order of the file.
    ///
    /// @param valueLength -1 for a deletion
    void add(
            long hash,
            @Nullable Object keyBase,
            long key,
            int keyLength,
            @Nullable Object valueBase,
            long value,
            int valueLength,
            long expiry)
            throws IOException {
        int group = groups.groupOf(hash);
        if (groupEntries[group]++ == 0) {
            groupOffsets[group] = file.position();
        }
        file.putInt(keyLength);
        file.putInt(valueLength);
        file.putLong(expiry);
        file.putLong(hash);
        file.put(keyBase, key, keyLength);
        file.put(valueBase, value, Math.max(0, valueLength));
        entries++;
    }

    /// Completes the file and puts it in its place.
    void finish() throws IOException {
        for (int group = 0; group < groups.count(); group++) {
            file.putLong(groupOffsets[group]);
            file.putInt(groupEntries[group]);
        }
        file.putInt(entries);
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
