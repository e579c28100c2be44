package dev.headrace.delta.cdc;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Slice;
import dev.headrace.function.CellOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Which keys are known to be gone, since when, so that a change from before that comes late does not bring them back.
/// Used by one thread.
public final class Tombstones {
    private final boolean everyDelete;
    private final Map<Slice, List<Mark>> byKey = new HashMap<>();
    private final List<Mark> truncations = new ArrayList<>();

    /// One deletion, or truncation.
    ///
    /// @param key the key's columns as [RowLayout] writes them; null for a truncation
    /// @param atMillis when it was applied, by the clock of the query
    public record Mark(@Nullable Slice key, Object sequence, long atMillis) {}

    /// @param everyDelete whether to know all deletions of a key, not just the last one
    public Tombstones(boolean everyDelete) {
        this.everyDelete = everyDelete;
    }

    /// Takes in a deletion or truncation.
    public void add(Mark mark) {
        Slice key = mark.key();
        List<Mark> known = key == null ? truncations : byKey.computeIfAbsent(key, _ -> new ArrayList<>(1));
        if (known.stream().anyMatch(other -> CellOrder.equalCells(other.sequence(), mark.sequence()))) {
            return;
        }
        if (everyDelete || known.isEmpty()) {
            known.add(mark);
        } else if (CellOrder.compareCells(mark.sequence(), known.getFirst().sequence()) > 0) {
            known.set(0, mark);
        }
    }

    /// Forgets what was applied before a time.
    public void forgetBefore(long millis) {
        byKey.values().forEach(marks -> marks.removeIf(mark -> mark.atMillis() < millis));
        byKey.values().removeIf(List::isEmpty);
    }

    /// The deletions of a key, in no order; not the truncations.
    public List<Mark> of(Slice key) {
        List<Mark> marks = byKey.get(key);
        return marks == null ? List.of() : marks;
    }

    public List<Mark> truncations() {
        return truncations;
    }

    /// The sequence of the last truncation.
    public Optional<Object> lastTruncation() {
        return truncations.stream().map(Mark::sequence).max(CellOrder::compareCells);
    }

    /// All of them.
    public Stream<Mark> all() {
        return Stream.concat(truncations.stream(), byKey.values().stream().flatMap(List::stream));
    }

    /// Whether no key is known to be gone; there may be truncations.
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    public long count() {
        return byKey.size();
    }

    /// The keys of some rows as [Mark] has them, made when they are first asked for. For one thread.
    public static Supplier<Slice[]> lazyKeys(Chunk keys, BufferAllocator allocator) {
        Slice @Nullable [][] known = new Slice @Nullable [1][];
        return () -> {
            Slice @Nullable [] slices = known[0];
            if (slices == null) {
                slices = keys(keys, allocator);
                known[0] = slices;
            }
            return slices;
        };
    }

    /// The keys of some rows as [Mark] has them.
    public static Slice[] keys(Chunk keys, BufferAllocator allocator) {
        Slice[] slices = new Slice[keys.rowCount()];
        try (RowEncoder encoder = new RowEncoder(RowLayout.of(keys.schema()), allocator)) {
            encoder.encode(keys.columns(), keys.rowCount());
            for (int row = 0; row < slices.length; row++) {
                slices[row] =
                        Slice.at(encoder.address(row), encoder.length(row)).copy();
            }
        }
        return slices;
    }
}
