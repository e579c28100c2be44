package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.Verdict.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Computes from the ledger what the table of revenue per product and one-minute window must hold, and compares.
///
/// Which rows count depends on the batches: a row of batch b is late, and left out, exactly if its window ended at or
/// before the watermark of batch b-1, because batch b-1 has already emitted the windows up to there. Where batches were
/// cut and which watermark each ran with is taken from the query's log ([BatchCut]); that the watermarks themselves
/// follow from the events is a check of its own. A window is in the table when it ends at or before the last batch's
/// watermark.
final class WindowProof {
    static final Duration WINDOW = Duration.ofMinutes(1);
    static final Duration WATERMARK_DELAY = Duration.ofMinutes(1);
    private static final int SHOWN = 3;
    private static final Comparator<Key> BY_TIME =
            Comparator.comparing(Key::startMillis).thenComparing(Key::product);

    private final List<BatchCut> cuts;
    private final Map<Key, Total> totals = new HashMap<>();
    private final List<Map<Integer, Long>> latestByBatch = new ArrayList<>();
    private long beyond;
    private long lateSent;
    private long leftOut;
    private long leftOutThoughOnTime;

    /// One window of one product.
    private record Key(String product, long startMillis) {

        @Override
        public String toString() {
            return "window " + Instant.ofEpochMilli(startMillis) + " of " + product;
        }
    }

    /// What a window holds.
    private record Total(long clicks, long cents) {

        Total plus(long moreCents) {
            return new Total(clicks + 1, cents + moreCents);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d clicks for %,d.%02d", clicks, cents / 100, cents % 100);
        }
    }

    private WindowProof(Ledger ledger, List<BatchCut> cuts) {
        this.cuts = BatchCut.contiguous(cuts);
        cuts.forEach(cut -> latestByBatch.add(new HashMap<>()));
        ledger.forEach(entry -> {
            if (entry instanceof ClickSent click) {
                add(click);
            }
        });
    }

    /// Checks that all clicks were read, that the watermarks follow from the clicks, and that the table holds exactly
    /// the windows that are closed, with exactly the clicks that were not late.
    ///
    /// @param ledger what was sent
    /// @param cuts all batches of the query, from batch 0 on
    /// @param table the rows of the table
    static List<Check> everyTotalRight(Ledger ledger, List<BatchCut> cuts, Collection<WindowRow> table) {
        WindowProof proof = new WindowProof(ledger, cuts);
        return List.of(proof.everythingRead(), proof.watermarksFollow(), proof.totalsMatch(table), proof.lateLeftOut());
    }

    private void add(ClickSent click) {
        if (click.late()) {
            lateSent++;
        }
        int batch = batchOf(click);
        if (batch == cuts.size()) {
            beyond++;
            return;
        }
        latestByBatch.get(batch).merge(click.partition(), click.eventMillis(), Math::max);
        long windowMillis = WINDOW.toMillis();
        long start = Math.floorDiv(click.eventMillis(), windowMillis) * windowMillis;
        long closedUpTo = batch == 0 ? 0 : cuts.get(batch - 1).watermarkMillis();
        if (start + windowMillis <= closedUpTo) {
            leftOut++;
            if (!click.late()) {
                leftOutThoughOnTime++;
            }
            return;
        }
        Key key = new Key(Product.ALL.get(click.product()).name(), start);
        totals.put(key, totals.getOrDefault(key, new Total(0, 0)).plus(click.cents()));
    }

    /// The first batch that ends after the click, or the number of batches.
    private int batchOf(ClickSent click) {
        int low = 0;
        int high = cuts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cuts.get(middle).end(click.partition()) > click.offset()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private Check everythingRead() {
        if (beyond > 0) {
            String line = String.format(Locale.ROOT, "%,d clicks lie after the end of the last batch", beyond);
            return Check.of("windows: not all clicks were read", List.of(line));
        }
        return Check.of(
                String.format(Locale.ROOT, "windows: all clicks were read, in %,d batches", cuts.size()), List.of());
    }

    /// A watermark may be the newest event's time less the delay, or that of the partition which is furthest behind.
    private Check watermarksFollow() {
        List<String> evidence = new ArrayList<>();
        Map<Integer, Long> latest = new TreeMap<>();
        long last = 0;
        for (int i = 0; i < cuts.size(); i++) {
            long watermark = cuts.get(i).watermarkMillis();
            long limit =
                    latest.values().stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE);
            if (watermark > 0 && watermark > limit - WATERMARK_DELAY.toMillis()) {
                evidence.add("batch " + i + " ran with watermark " + Instant.ofEpochMilli(watermark)
                        + ", but the events before it reach only to "
                        + (latest.isEmpty() ? "nothing" : Instant.ofEpochMilli(limit)));
            }
            if (watermark < last) {
                evidence.add("batch " + i + " ran with watermark " + Instant.ofEpochMilli(watermark)
                        + ", which is before that of the batch before it, " + Instant.ofEpochMilli(last));
            }
            if (i == cuts.size() - 1 && latest.size() == partitions()) {
                long least = latest.values().stream()
                        .mapToLong(Long::longValue)
                        .min()
                        .orElse(0);
                if (watermark < least - WATERMARK_DELAY.toMillis()) {
                    evidence.add("the last batch ran with watermark " + Instant.ofEpochMilli(watermark)
                            + ", but every partition has events from " + Instant.ofEpochMilli(least) + " or later");
                }
            }
            last = watermark;
            latestByBatch.get(i).forEach((partition, millis) -> latest.merge(partition, millis, Math::max));
        }
        String claim = "windows: the watermark never ran ahead of the clicks and never went back";
        return Check.of(claim, evidence.subList(0, Math.min(SHOWN, evidence.size())));
    }

    private long partitions() {
        return latestByBatch.stream()
                .flatMap(latest -> latest.keySet().stream())
                .distinct()
                .count();
    }

    private Check totalsMatch(Collection<WindowRow> table) {
        long closedUpTo = cuts.isEmpty() ? 0 : cuts.getLast().watermarkMillis();
        Map<Key, Total> expected = new TreeMap<>(BY_TIME);
        totals.forEach((key, total) -> {
            if (key.startMillis() + WINDOW.toMillis() <= closedUpTo) {
                expected.put(key, total);
            }
        });
        List<String> evidence = new ArrayList<>();
        Set<Key> seen = new HashSet<>();
        for (WindowRow row : table) {
            Key key = new Key(row.product(), row.startMillis());
            Total found = new Total(row.clicks(), row.cents());
            if (row.endMillis() - row.startMillis() != WINDOW.toMillis()) {
                evidence.add(key + " ends at " + Instant.ofEpochMilli(row.endMillis()));
            }
            if (!seen.add(key)) {
                evidence.add(key + " is there again, with " + found);
            } else if (!expected.containsKey(key)) {
                evidence.add(key + " should not be there: " + found);
            } else if (!found.equals(expected.get(key))) {
                evidence.add(key + " has " + found + " instead of " + expected.get(key));
            }
        }
        expected.keySet().stream()
                .filter(key -> !seen.contains(key))
                .forEach(key -> evidence.add(key + " is missing: " + expected.get(key)));
        long cents = expected.values().stream().mapToLong(Total::cents).sum();
        long clicks = expected.values().stream().mapToLong(Total::clicks).sum();
        String claim = evidence.isEmpty()
                ? String.format(
                        Locale.ROOT,
                        "windows: %,d totals right, together %s",
                        expected.size(),
                        new Total(clicks, cents))
                : String.format(Locale.ROOT, "windows: %,d of %,d totals wrong", evidence.size(), expected.size());
        return Check.of(claim, evidence.subList(0, Math.min(SHOWN, evidence.size())));
    }

    private Check lateLeftOut() {
        return Check.of(
                String.format(
                        Locale.ROOT,
                        "windows: %,d clicks left out because their window had closed (%,d were sent late, %,d of those left"
                                + " out were not)",
                        leftOut,
                        lateSent,
                        leftOutThoughOnTime),
                List.of());
    }
}
