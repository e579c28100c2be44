package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import dev.headrace.demo.OrderChange.Op;
import dev.headrace.errors.DataException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/// A finished ledger: every event that the generator sent and Kafka acknowledged, each once, in no particular order.
///
/// Immutable; each reading goes over the file anew. [LedgerWriter] describes the file.
///
/// @param file where it is
/// @param clicks how many clicks it holds
/// @param orderChanges how many order changes it holds
record Ledger(Path file, long clicks, long orderChanges) {
    private static final int END_BYTES = 25;
    private static final Op[] OPS = Op.values();
    private static final OrderStatus[] STATUSES = OrderStatus.values();

    /// Opens a ledger and checks that it is whole.
    ///
    /// @throws DataException if it is damaged, or was not finished by its writer
    static Ledger open(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long checkedBytes = channel.size() - Long.BYTES;
            if (checkedBytes < 1 + END_BYTES - Long.BYTES) {
                throw damaged(file);
            }
            ByteBuffer end = ByteBuffer.allocate(END_BYTES);
            channel.read(end, channel.size() - END_BYTES);
            end.flip();
            byte type = end.get();
            Ledger ledger = new Ledger(file, end.getLong(), end.getLong());
            if (type != 'E' || end.getLong() != checksum(channel, checkedBytes)) {
                throw damaged(file);
            }
            return ledger;
        } catch (IOException e) {
            throw new UncheckedIOException("could not read ledger " + file, e);
        }
    }

    private static long checksum(FileChannel channel, long bytes) throws IOException {
        CRC32 checksum = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long position = 0;
        while (position < bytes) {
            buffer.clear().limit(Math.toIntExact(Math.min(buffer.capacity(), bytes - position)));
            position += channel.read(buffer, position);
            checksum.update(buffer.flip());
        }
        return checksum.getValue();
    }

    /// Passes every entry to `consumer`.
    void forEach(Consumer<LedgerEntry> consumer) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            byte version = in.readByte();
            if (version != LedgerWriter.VERSION) {
                throw damaged(file);
            }
            for (byte type = in.readByte(); type != 'E'; type = in.readByte()) {
                consumer.accept(type == 'C' ? readClick(in) : readOrderChange(in));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read ledger " + file, e);
        }
    }

    private static ClickSent readClick(DataInputStream in) throws IOException {
        return new ClickSent(
                in.readByte(),
                in.readLong(),
                in.readLong(),
                in.readByte(),
                in.readInt(),
                in.readLong(),
                in.readBoolean());
    }

    private static OrderChangeSent readOrderChange(DataInputStream in) throws IOException {
        return new OrderChangeSent(
                in.readByte(),
                in.readLong(),
                in.readLong(),
                OPS[in.readByte()],
                STATUSES[in.readByte()],
                in.readLong());
    }

    private static DataException damaged(Path file) {
        return new DataException(
                "LEDGER_DAMAGED",
                "The generator's ledger '" + file + "' is damaged, or was not finished because the generator died."
                        + " Without it nothing can be proven; run the demo again.");
    }
}
