package dev.headrace.engine.stateful;

import dev.headrace.exec.JoinKeys;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import java.util.List;
import java.util.Optional;

/// A key that tells the event time.
///
/// @param index which of the keys
record TimeKey(int index, EventTimeColumn.Form form, long slackMicros) {
    /// @param column where the key is
    Expiry at(int column) {
        return new Expiry(column, form, slackMicros);
    }

    /// The same, but so much later.
    TimeKey later(long micros) {
        return new TimeKey(index, form, slackMicros + micros);
    }

    static KeyedRows.Lifetime lifetime(Optional<TimeKey> time) {
        return time.<KeyedRows.Lifetime>map(key -> new KeyedRows.Lifetime.OfKey(key.at(key.index())))
                .orElseGet(KeyedRows.Lifetime.Endless::new);
    }

    /// The first key that tells the event time.
    ///
    /// @param keys over the input's columns
    static Optional<TimeKey> of(LogicalPlan input, List<BoundExpr> keys) {
        for (int k = 0; k < keys.size(); k++) {
            Optional<EventTimeColumn> time = EventTimeColumn.of(input, keys.get(k));
            if (time.isPresent()) {
                return Optional.of(new TimeKey(k, time.get().form(), time.get().slackMicros()));
            }
        }
        return Optional.empty();
    }

    /// The first pair of keys that both tell the event time, in the same form.
    static Optional<TimeKey> of(LogicalPlan.Join node, JoinKeys keys) {
        for (int k = 0; k < keys.left().size(); k++) {
            Optional<EventTimeColumn> left =
                    EventTimeColumn.of(node.left(), keys.left().get(k));
            Optional<EventTimeColumn> right =
                    EventTimeColumn.of(node.right(), keys.right().get(k));
            if (left.isPresent()
                    && right.isPresent()
                    && left.get().form() == right.get().form()) {
                long slack = Math.max(left.get().slackMicros(), right.get().slackMicros());
                return Optional.of(new TimeKey(k, left.get().form(), slack));
            }
        }
        return Optional.empty();
    }
}
