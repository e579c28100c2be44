package dev.headrace.plan;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Which rows around a row a window function sees.
///
/// @param <E> what distances are: [NamedExpr] as the user wrote them, [BoundExpr] in plans
public record WindowFrame<E>(Unit unit, Bound<E> start, Bound<E> end) {
    /// What a distance counts: rows, or the difference of the one ordering expression's values.
    public enum Unit {
        ROWS,
        RANGE
    }

    /// One end of the frame.
    ///
    /// @param <E> as of the frame
    public sealed interface Bound<E> {
        record UnboundedPreceding<E>() implements Bound<E> {
            @Override
            public String toString() {
                return "UNBOUNDED PRECEDING";
            }
        }

        record Preceding<E>(E distance) implements Bound<E> {
            @Override
            public String toString() {
                return distance + " PRECEDING";
            }
        }

        /// The row itself; by RANGE, also its peers.
        record CurrentRow<E>() implements Bound<E> {
            @Override
            public String toString() {
                return "CURRENT ROW";
            }
        }

        record Following<E>(E distance) implements Bound<E> {
            @Override
            public String toString() {
                return distance + " FOLLOWING";
            }
        }

        record UnboundedFollowing<E>() implements Bound<E> {
            @Override
            public String toString() {
                return "UNBOUNDED FOLLOWING";
            }
        }

        default <F> Bound<F> map(Function<E, F> f) {
            return switch (this) {
                case UnboundedPreceding<E> _ -> new UnboundedPreceding<>();
                case Preceding<E>(E distance) -> new Preceding<>(f.apply(distance));
                case CurrentRow<E> _ -> new CurrentRow<>();
                case Following<E>(E distance) -> new Following<>(f.apply(distance));
                case UnboundedFollowing<E> _ -> new UnboundedFollowing<>();
            };
        }

        private Stream<E> distances() {
            return switch (this) {
                case Preceding<E>(E distance) -> Stream.of(distance);
                case Following<E>(E distance) -> Stream.of(distance);
                case UnboundedPreceding<E> _, CurrentRow<E> _, UnboundedFollowing<E> _ -> Stream.of();
            };
        }
    }

    /// All rows of the partition.
    public static <E> WindowFrame<E> all() {
        return new WindowFrame<>(Unit.ROWS, new Bound.UnboundedPreceding<>(), new Bound.UnboundedFollowing<>());
    }

    /// From the first row to the current one and its peers: what counts if there is an order and no frame.
    public static <E> WindowFrame<E> upToPeers() {
        return new WindowFrame<>(Unit.RANGE, new Bound.UnboundedPreceding<>(), new Bound.CurrentRow<>());
    }

    public <F> WindowFrame<F> map(Function<E, F> f) {
        return new WindowFrame<>(unit, start.map(f), end.map(f));
    }

    public List<E> distances() {
        return Stream.concat(start.distances(), end.distances()).toList();
    }

    @Override
    public String toString() {
        return unit + " BETWEEN " + start + " AND " + end;
    }
}
