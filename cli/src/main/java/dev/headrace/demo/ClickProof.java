package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.Verdict.Check;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Compares the table of clicks with the ledger, row by row.
final class ClickProof {
    private static final int SHOWN = 3;

    private final int sent;
    private final byte[] products;
    private final int[] cents;
    private final long[] eventMillis;
    private final byte[] partitions;
    private final long[] offsets;
    private final BitSet found = new BitSet();
    private final List<String> evidence = new ArrayList<>();
    private long rows;
    private long repeated;
    private long changed;
    private long unknown;

    private ClickProof(Ledger ledger) {
        sent = Math.toIntExact(ledger.clicks());
        products = new byte[sent];
        cents = new int[sent];
        eventMillis = new long[sent];
        partitions = new byte[sent];
        offsets = new long[sent];
        BitSet noted = new BitSet(sent);
        ledger.forEach(entry -> {
            if (entry instanceof ClickSent click) {
                note(click);
                noted.set(Math.toIntExact(click.clickId()));
            }
        });
        if (noted.cardinality() != sent) {
            throw new IllegalStateException("The ledger holds " + sent + " clicks, but not the ids 0 to " + (sent - 1));
        }
    }

    private void note(ClickSent click) {
        int id = Math.toIntExact(click.clickId());
        products[id] = (byte) click.product();
        cents[id] = click.cents();
        eventMillis[id] = click.eventMillis();
        partitions[id] = (byte) click.partition();
        offsets[id] = click.offset();
    }

    /// Checks that the table holds each click of the ledger exactly once, with its values, and nothing else.
    static Check everyClickOnce(Ledger ledger, Stream<ClickRow> table) {
        ClickProof proof = new ClickProof(ledger);
        table.forEachOrdered(proof::compare);
        return proof.check();
    }

    private void compare(ClickRow row) {
        rows++;
        if (row.clickId() < 0 || row.clickId() >= sent) {
            unknown++;
            show(unknown, "never sent: " + row);
            return;
        }
        int id = (int) row.clickId();
        if (found.get(id)) {
            repeated++;
            show(repeated, "there again: click " + id + place(id));
        }
        found.set(id);
        ClickRow expected = new ClickRow(id, Product.ALL.get(products[id]).name(), cents[id], eventMillis[id]);
        if (!row.equals(expected)) {
            changed++;
            show(changed, "changed: " + row + " was sent as " + expected);
        }
    }

    private Check check() {
        int lost = sent - found.cardinality();
        for (int i = 0, id = found.nextClearBit(0); i < SHOWN && id < sent; i++, id = found.nextClearBit(id + 1)) {
            evidence.add("lost: click " + id + place(id));
        }
        String counts = String.format(Locale.ROOT, "clicks: %,d sent, %,d rows in the table", sent, rows);
        String claim = evidence.isEmpty()
                ? counts + ", each click exactly once and with its values"
                : String.format(
                        Locale.ROOT,
                        "%s: %,d lost, %,d there more than once, %,d changed, %,d never sent",
                        counts,
                        lost,
                        repeated,
                        changed,
                        unknown);
        return Check.of(claim, evidence);
    }

    private void show(long count, String line) {
        if (count <= SHOWN) {
            evidence.add(line);
        }
    }

    private String place(int id) {
        return ", sent to partition " + partitions[id] + " as offset " + offsets[id];
    }
}
