package dev.headrace.demo;

import dev.headrace.demo.LedgerEntry.ClickSent;
import dev.headrace.demo.LedgerEntry.OrderChangeSent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A run of the demo without Kafka and without the engine: the generator's events are numbered by partition, and the
/// queries are done the simple way, row by row, batch by batch. What comes out is what a right engine would leave
/// behind; a test then breaks something.
final class ModelRun {
    private static final long WINDOW = 60_000;
    private static final long DELAY = 60_000;

    final Ledger ledger;
    final List<ClickRow> clicks = new ArrayList<>();
    final List<BatchCut> cuts = new ArrayList<>();
    final List<WindowRow> windows = new ArrayList<>();
    final Map<String, Long> ordersByStatus = new TreeMap<>();

    /// The clicks that were left out as late.
    final List<ClickSent> late = new ArrayList<>();

    /// @param directory where the ledger is written
    /// @param seed decides about the events and about where batches end
    /// @param clickCount how many clicks there are; a tenth as many order changes
    ModelRun(Path directory, long seed, int clickCount) {
        Traffic traffic = new Traffic(seed, Traffic.ofRate(1).start(), 200, 20, 60);
        List<ClickSent> sentClicks = sendClicks(traffic, clickCount);
        List<OrderChangeSent> sentChanges = sendOrderChanges(traffic, clickCount / 10);
        Path file = directory.resolve("ledger-" + seed);
        try (LedgerWriter writer = LedgerWriter.create(file)) {
            sentClicks.forEach(writer::add);
            sentChanges.forEach(writer::add);
            writer.finish();
        }
        ledger = Ledger.open(file);
        runClicks(sentClicks);
        runWindows(sentClicks, new SplittableRandom(seed));
        runOrders(sentChanges);
    }

    private static List<ClickSent> sendClicks(Traffic traffic, int count) {
        long[] offsets = new long[ShopGenerator.CLICK_PARTITIONS];
        List<ClickSent> sent = new ArrayList<>();
        for (long id = 0; id < count; id++) {
            Click click = Click.of(traffic, id);
            int partition = click.user() % offsets.length;
            sent.add(new ClickSent(
                    partition,
                    offsets[partition]++,
                    id,
                    click.product(),
                    click.cents(),
                    click.eventMillis(),
                    click.late()));
        }
        return sent;
    }

    private static List<OrderChangeSent> sendOrderChanges(Traffic traffic, int count) {
        long[] offsets = new long[ShopGenerator.ORDER_PARTITIONS];
        OrderBook book = new OrderBook(traffic);
        List<OrderChangeSent> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            OrderChange change = book.next();
            int partition = (int) (change.orderId() % offsets.length);
            sent.add(new OrderChangeSent(
                    partition, offsets[partition]++, change.orderId(), change.op(), change.status(), change.lsn()));
        }
        return sent;
    }

    private void runClicks(List<ClickSent> sent) {
        sent.forEach(click -> clicks.add(new ClickRow(
                click.clickId(), Product.ALL.get(click.product()).name(), click.cents(), click.eventMillis())));
    }

    private void runWindows(List<ClickSent> sent, SplittableRandom random) {
        Map<List<Object>, long[]> state = new HashMap<>();
        long[] ends = new long[ShopGenerator.CLICK_PARTITIONS];
        long newest = 0;
        long emittedUpTo = 0;
        long watermark = 0;
        int from = 0;
        while (from < sent.size() || watermark > emittedUpTo) {
            emittedUpTo = cuts.isEmpty() ? 0 : cuts.getLast().watermarkMillis();
            int to = Math.min(sent.size(), from + random.nextInt(1_000));
            for (ClickSent click : sent.subList(from, to)) {
                ends[click.partition()] = click.offset() + 1;
                newest = Math.max(newest, click.eventMillis());
                long start = click.eventMillis() - click.eventMillis() % WINDOW;
                if (start + WINDOW <= emittedUpTo) {
                    late.add(click);
                } else {
                    long[] total = state.computeIfAbsent(List.of(click.product(), start), key -> new long[2]);
                    total[0]++;
                    total[1] += click.cents();
                }
            }
            cuts.add(new BatchCut(cuts.size(), watermark, endsByPartition(ends)));
            emit(state, watermark);
            emittedUpTo = watermark;
            watermark = Math.max(watermark, newest - DELAY);
            from = to;
        }
    }

    private static Map<Integer, Long> endsByPartition(long[] ends) {
        Map<Integer, Long> byPartition = new HashMap<>();
        for (int partition = 0; partition < ends.length; partition++) {
            byPartition.put(partition, ends[partition]);
        }
        return byPartition;
    }

    private void emit(Map<List<Object>, long[]> state, long watermark) {
        state.entrySet().removeIf(entry -> {
            long start = (long) entry.getKey().get(1);
            boolean closed = start + WINDOW <= watermark;
            if (closed) {
                String product = Product.ALL.get((int) entry.getKey().get(0)).name();
                long[] total = entry.getValue();
                windows.add(new WindowRow(product, start, start + WINDOW, total[0], total[1]));
            }
            return closed;
        });
    }

    private void runOrders(List<OrderChangeSent> sent) {
        Map<Long, OrderStatus> table = new HashMap<>();
        for (OrderChangeSent change : sent) {
            switch (change.op()) {
                case CREATE, UPDATE -> table.put(change.orderId(), change.status());
                case DELETE -> table.remove(change.orderId());
            }
        }
        Arrays.stream(OrderStatus.values())
                .forEach(status -> ordersByStatus.put(
                        status.text(),
                        table.values().stream().filter(status::equals).count()));
    }

    /// The proof over what the run has left behind.
    Verdict verdict() {
        return Proof.of(ledger, clicks.stream(), cuts, windows, ordersByStatus);
    }
}
