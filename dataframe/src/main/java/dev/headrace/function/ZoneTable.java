package dev.headrace.function;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// A time zone's offsets as sorted arrays, for conversions that make no objects. Beyond the year 2100 the zone's own
/// rules are asked.
final class ZoneTable {
    private static final Instant END = Instant.parse("2101-01-01T00:00:00Z");
    private static final long END_SECONDS = END.getEpochSecond();

    private static final int MOST_KEPT = 1000;
    private static final ConcurrentHashMap<ZoneId, ZoneTable> TABLES = new ConcurrentHashMap<>();
    /// The table used last: nearly always the one asked for next, which is the session's.
    private static ZoneTable last = new ZoneTable(ZoneOffset.UTC);

    private final ZoneId zone;
    private final ZoneRules rules;
    private final boolean fixed;
    /// The offset i holds from `utc[i]` on, in seconds of UTC, and from `local[i]` on, in seconds of the local reading.
    private final long[] utc;
    private final long[] local;
    private final int[] offsets;
    /// Where the last value was found; any value is right.
    private int hint;

    private ZoneTable(ZoneId zone) {
        this.zone = zone;
        rules = zone.getRules();
        fixed = rules.isFixedOffset();
        List<ZoneOffsetTransition> transitions = new ArrayList<>(rules.getTransitions());
        Instant from =
                transitions.isEmpty() ? Instant.EPOCH : transitions.getLast().getInstant();
        for (ZoneOffsetTransition next = rules.nextTransition(from);
                next != null && next.getInstant().isBefore(END);
                next = rules.nextTransition(next.getInstant())) {
            transitions.add(next);
        }
        int size = transitions.size() + 1;
        utc = new long[size];
        local = new long[size];
        offsets = new int[size];
        utc[0] = Long.MIN_VALUE;
        local[0] = Long.MIN_VALUE;
        offsets[0] = rules.getOffset(Instant.MIN).getTotalSeconds();
        for (int i = 1; i < size; i++) {
            ZoneOffsetTransition transition = transitions.get(i - 1);
            int before = transition.getOffsetBefore().getTotalSeconds();
            offsets[i] = transition.getOffsetAfter().getTotalSeconds();
            utc[i] = transition.toEpochSecond();
            // A reading that does not occur, or occurs twice, is taken by the offset before.
            local[i] = utc[i] + Math.max(before, offsets[i]);
        }
    }

    static ZoneTable of(ZoneId zone) {
        ZoneTable table = last;
        if (!table.zone.equals(zone)) {
            table = kept(zone);
            last = table;
        }
        return table;
    }

    private static ZoneTable kept(ZoneId zone) {
        ZoneTable known = TABLES.get(zone);
        if (known != null) {
            return known;
        }
        ZoneTable table = new ZoneTable(zone);
        if (TABLES.size() < MOST_KEPT) {
            TABLES.put(zone, table);
        }
        return table;
    }

    /// The offset in seconds at a time.
    int offsetAt(long seconds) {
        if (fixed) {
            return offsets[0];
        }
        return seconds < END_SECONDS
                ? offsets[find(utc, seconds)]
                : rules.getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
    }

    /// The offset in seconds of a local reading.
    int offsetOfLocal(long localSeconds) {
        if (fixed) {
            return offsets[0];
        }
        return localSeconds < END_SECONDS - 86_400
                ? offsets[find(local, localSeconds)]
                : rules.getOffset(LocalDateTime.ofEpochSecond(localSeconds, 0, ZoneOffset.UTC))
                        .getTotalSeconds();
    }

    private int find(long[] starts, long seconds) {
        int at = hint;
        if (starts[at] <= seconds && (at + 1 == starts.length || seconds < starts[at + 1])) {
            return at;
        }
        int low = 0;
        int high = starts.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (starts[middle] <= seconds) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        hint = low;
        return low;
    }
}
