package dev.headrace.engine.stateful;

import dev.headrace.engine.log.Shed;
import dev.headrace.plan.LogicalPlan;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// One declaration of load shedding in a query, and what it does in the batch that is running. Counting is thread-safe.
public final class Shedding {
    private final LogicalPlan.Shed declared;
    private final int source;
    private final LongAdder kept = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private Optional<Shed> now = Optional.empty();

    /// @param source the stream that it is declared for, by its position in the query
    Shedding(LogicalPlan.Shed declared, int source) {
        this.declared = declared;
        this.source = source;
    }

    /// The part of the query that declares it.
    public LogicalPlan.Shed declared() {
        return declared;
    }

    public int source() {
        return source;
    }

    /// Decides whether a batch sheds.
    ///
    /// @param waiting how many rows wait; -1 if that is not known
    public Optional<Shed> choose(long waiting) {
        return waiting > declared.mostWaiting() ? Optional.of(new Shed(waiting, declared.kept())) : Optional.empty();
    }

    /// Begins a batch.
    ///
    /// @param decided what was decided when it was planned
    public void begin(Optional<Shed> decided) {
        now = decided;
        kept.reset();
        lost.reset();
    }

    /// What was decided for the batch.
    public Optional<Shed> now() {
        return now;
    }

    void count(long keptRows, long lostRows) {
        kept.add(keptRows);
        lost.add(lostRows);
    }

    /// How many rows of the batch went on.
    public long kept() {
        return kept.sum();
    }

    /// How many rows the batch has left out.
    public long lost() {
        return lost.sum();
    }
}
