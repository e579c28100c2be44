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

/// How the files of all runs begin and end: `int magic, int format, long from, long to`; `int entries, int CRC32C`.
final class RunHeader {
    static final int BYTES = 24;
    static final int BUFFER_BYTES = 256 * 1024;
    private static final int TRAILER_BYTES = 8;

    private RunHeader() {}

    /// What a run's file begins with.
    record Form(int magic, int format) {}

    static void write(Run run, Form form, WholeFile file) throws IOException {
        file.putInt(form.magic());
        file.putInt(form.format());
        file.putLong(run.from());
        file.putLong(run.to());
    }

    /// Opens a run behind its header, after its file has been read once, for its checksum.
    ///
    /// @throws CheckpointException if the file is missing, damaged, of another format, or of other versions than its
    ///     name says
    static Opened open(Run run, Form form) {
        try {
            int entries = check(run, form);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(run.file()), BUFFER_BYTES));
            in.skipNBytes(BYTES);
            return new Opened(in, entries);
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

    /// @param in behind the header
    /// @param entries how many entries the file has
    record Opened(DataInputStream in, int entries) {}

    private static int check(Run run, Form form) throws IOException {
        long size = Files.size(run.file());
        if (size < BYTES + TRAILER_BYTES) {
            throw damaged(run, "is cut off");
        }
        CRC32C crc = new CRC32C();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(run.file()), BUFFER_BYTES)) {
            DataInputStream checked = new DataInputStream(new CheckedInputStream(file, crc));
            ByteBuffer header = little(checked.readNBytes(BYTES));
            boolean ours = header.getInt() == form.magic();
            int format = header.getInt();
            if (ours && format != form.format()) {
                throw new CheckpointException(
                        "STATE_FORMAT_UNKNOWN",
                        run.file() + " has the format " + format + ", but this release reads " + form.format()
                                + ". It was written by another release: use that one.");
            }
            boolean sameVersions = header.getLong() == run.from() && header.getLong() == run.to();
            checked.skipNBytes(size - BYTES - TRAILER_BYTES);
            int entries = little(checked.readNBytes(4)).getInt();
            int expected = (int) crc.getValue();
            int stored = little(file.readNBytes(4)).getInt();
            if (!ours || stored != expected) {
                throw damaged(run, "does not have the checksum that it should have");
            }
            if (!sameVersions) {
                throw damaged(run, "does not hold what its name says");
            }
            return entries;
        }
    }

    static CheckpointException damaged(Run run, String how) {
        return new CheckpointException(
                "STATE_FILE_DAMAGED",
                run.file() + " " + how
                        + ". Nothing of it was used. Restore it from a copy of the checkpoint, or start with a "
                        + "new checkpoint directory.");
    }

    static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
