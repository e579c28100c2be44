package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/// Writes the file in which the generator keeps what Kafka acknowledged, read back by [Ledger].
///
/// The file is a format version (one byte) and then entries, each a type byte and fixed fields, big-endian:
///
/// | type | fields |
/// | --- | --- |
/// | `C` click | partition 1, offset 8, click id 8, product 1, cents 4, event millis 8, late 1 |
/// | `O` order change | partition 1, offset 8, order id 8, op 1, status 1, lsn 8 |
/// | `E` end | clicks 8, order changes 8, CRC-32 of all bytes before these last 8 |
///
/// A file without its end is no ledger: its writer died, so nobody knows what was sent. Safe for several threads.
final class LedgerWriter implements AutoCloseable {
    static final byte VERSION = 1;

    private final CRC32 checksum = new CRC32();
    private final DataOutputStream out;
    private long clicks;
    private long orderChanges;

    private LedgerWriter(Path file) throws IOException {
        this.out = new DataOutputStream(new CheckedOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16),
                checksum));
        out.writeByte(VERSION);
    }

    /// Creates the file.
    ///
    /// @throws UncheckedIOException if it can't be created, also if it exists
    static LedgerWriter create(Path file) {
        try {
            return new LedgerWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not create ledger " + file, e);
        }
    }

    /// Adds an entry.
    synchronized void add(LedgerEntry entry) {
        try {
            switch (entry) {
                case ClickSent click -> {
                    out.writeByte('C');
                    writePlace(click);
                    out.writeLong(click.clickId());
                    out.writeByte(click.product());
                    out.writeInt(click.cents());
                    out.writeLong(click.eventMillis());
                    out.writeBoolean(click.late());
                    clicks++;
                }
                case OrderChangeSent change -> {
                    out.writeByte('O');
                    writePlace(change);
                    out.writeLong(change.orderId());
                    out.writeByte(change.op().ordinal());
                    out.writeByte(change.status().ordinal());
                    out.writeLong(change.lsn());
                    orderChanges++;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not write to the ledger", e);
        }
    }

    private void writePlace(LedgerEntry entry) throws IOException {
        out.writeByte(entry.partition());
        out.writeLong(entry.offset());
    }

    /// How many clicks it holds so far.
    synchronized long clicks() {
        return clicks;
    }

    /// How many order changes it holds so far.
    synchronized long orderChanges() {
        return orderChanges;
    }

    /// Writes the end of the ledger: everything that was sent has been added.
    synchronized void finish() {
        try {
            out.writeByte('E');
            out.writeLong(clicks);
            out.writeLong(orderChanges);
            out.writeLong(checksum.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException("could not finish the ledger", e);
        }
    }

    /// Closes the file. Without [#finish] before it, the file will be refused.
    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close the ledger", e);
        }
    }
}
