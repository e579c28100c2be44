package dev.headrace;

import dev.headrace.api.java.function.CoGroupFunction;
import dev.headrace.api.java.function.FlatMapGroupsFunction;
import dev.headrace.api.java.function.FlatMapGroupsWithStateFunction;
import dev.headrace.api.java.function.MapFunction;
import dev.headrace.api.java.function.MapGroupsFunction;
import dev.headrace.api.java.function.MapGroupsWithStateFunction;
import dev.headrace.api.java.function.ReduceFunction;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.NamedPlan;
import dev.headrace.streaming.GroupStateTimeout;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StatefulProcessor;
import dev.headrace.streaming.StatefulProcessorWithInitialState;
import dev.headrace.streaming.TimeMode;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// Objects by a key, from [Dataset#groupByKey]: functions are called with a key and all its objects, in the order in
/// which they came. Several threads may call a function for different keys at the same time.
///
/// Over a stream, `mapGroups`, `flatMapGroups`, `reduceGroups`, `count` and `cogroup` give what a batch gives: a key's
/// function is called again with all of its objects when there are new ones, and the result before is taken back. So
/// they need the output mode `changelog` (or `complete`, below an aggregation), and must give the same for the same
/// objects. Functions with state see new objects only.
///
/// @param <K> the class of keys
/// @param <V> the class of values
public final class KeyValueGroupedDataset<K, V> {
    private final GroupedInput<K, V> input;
    private final Encoder<K> keyEncoder;
    private final Encoder<V> valueEncoder;

    private KeyValueGroupedDataset(GroupedInput<K, V> input, Encoder<K> keyEncoder, Encoder<V> valueEncoder) {
        this.input = input;
        this.keyEncoder = keyEncoder;
        this.valueEncoder = valueEncoder;
    }

    static <K, T> KeyValueGroupedDataset<K, T> of(
            DataFrame frame, Encoder<T> encoder, MapFunction<T, K> key, Encoder<K> keyEncoder) {
        JavaValues values = frame.session().javaValues();
        return new KeyValueGroupedDataset<>(
                GroupedInput.of(
                        frame,
                        new ObjectCells<>(encoder, values, "a row"),
                        key,
                        new ObjectCells<>(keyEncoder, values, "a key of groupByKey(…)")),
                keyEncoder,
                encoder);
    }

    private <R> ObjectCells<R> output(String method, Encoder<R> encoder) {
        return new ObjectCells<>(encoder, input.frame().session().javaValues(), "a result of " + method + "(…)");
    }

    private <R> Dataset<R> dataset(GroupCall call, Encoder<R> encoder, List<DataFrame> frames) {
        NamedPlan plan = new NamedPlan.MapGroups(
                frames.stream().map(DataFrame::identified).toList(), call);
        return Dataset.of(DataFrame.of(input.frame().session(), plan, frames.toArray(DataFrame[]::new)), encoder);
    }

    private <R> Dataset<R> plain(String name, Encoder<R> encoder, GroupFunction.Body<K, R> body) {
        return dataset(
                new GroupFunction<>(name, List.of(input), output(name, encoder), body),
                encoder,
                List.of(input.frame()));
    }

    @SuppressWarnings("unchecked") // the only input's objects are values
    private static <V> Iterator<V> only(List<Iterator<?>> values) {
        return (Iterator<V>) values.getFirst();
    }

    /// The keys, each once.
    public Dataset<K> keys() {
        return plain("keys", keyEncoder, (key, _) -> Collections.singleton(key).iterator());
    }

    /// The same keys with other values.
    public <W> KeyValueGroupedDataset<K, W> mapValues(MapFunction<V, W> function, Encoder<W> encoder) {
        return new KeyValueGroupedDataset<>(
                new GroupedInput<>(
                        input.frame(),
                        input.key(),
                        new GroupedInput.Mapped<>("mapValues", input.value(), function),
                        input.keys()),
                keyEncoder,
                encoder);
    }

    /// One object per key.
    public <R> Dataset<R> mapGroups(MapGroupsFunction<K, V, R> function, Encoder<R> encoder) {
        return plain(
                "mapGroups",
                encoder,
                (key, values) -> Collections.singletonList(function.call(key, only(values)))
                        .iterator());
    }

    /// Any number of objects per key.
    public <R> Dataset<R> flatMapGroups(FlatMapGroupsFunction<K, V, R> function, Encoder<R> encoder) {
        return plain("flatMapGroups", encoder, (key, values) -> function.call(key, only(values)));
    }

    /// The values of each key put together two by two, with the key.
    public Dataset<Tuple2<K, V>> reduceGroups(ReduceFunction<V> function) {
        return plain("reduceGroups", Encoders.tuple(keyEncoder, valueEncoder), (key, values) -> {
            Iterator<V> all = only(values);
            V reduced = all.next();
            while (all.hasNext()) {
                reduced = function.call(reduced, all.next());
            }
            return Collections.singleton(new Tuple2<>(key, reduced)).iterator();
        });
    }

    /// The values of each key put together by an aggregator, with the key.
    public <A> Dataset<Tuple2<K, A>> agg(TypedColumn<V, A> first) {
        return aggregated(Encoders.tuple(keyEncoder, first.encoder()), (key, values) -> {
            TypedColumn.Reduction<V, A> a = first.begin();
            reduce(values, List.of(a));
            return new Tuple2<>(key, a.result());
        });
    }

    /// The values of each key put together by two aggregators, with the key.
    public <A, B> Dataset<Tuple3<K, A, B>> agg(TypedColumn<V, A> first, TypedColumn<V, B> second) {
        return aggregated(Encoders.tuple(keyEncoder, first.encoder(), second.encoder()), (key, values) -> {
            TypedColumn.Reduction<V, A> a = first.begin();
            TypedColumn.Reduction<V, B> b = second.begin();
            reduce(values, List.of(a, b));
            return new Tuple3<>(key, a.result(), b.result());
        });
    }

    /// The values of each key put together by three aggregators, with the key.
    public <A, B, C> Dataset<Tuple4<K, A, B, C>> agg(
            TypedColumn<V, A> first, TypedColumn<V, B> second, TypedColumn<V, C> third) {
        return aggregated(
                Encoders.tuple(keyEncoder, first.encoder(), second.encoder(), third.encoder()), (key, values) -> {
                    TypedColumn.Reduction<V, A> a = first.begin();
                    TypedColumn.Reduction<V, B> b = second.begin();
                    TypedColumn.Reduction<V, C> c = third.begin();
                    reduce(values, List.of(a, b, c));
                    return new Tuple4<>(key, a.result(), b.result(), c.result());
                });
    }

    /// The values of each key put together by four aggregators, with the key.
    public <A, B, C, D> Dataset<Tuple5<K, A, B, C, D>> agg(
            TypedColumn<V, A> first, TypedColumn<V, B> second, TypedColumn<V, C> third, TypedColumn<V, D> fourth) {
        return aggregated(
                Encoders.tuple(keyEncoder, first.encoder(), second.encoder(), third.encoder(), fourth.encoder()),
                (key, values) -> {
                    TypedColumn.Reduction<V, A> a = first.begin();
                    TypedColumn.Reduction<V, B> b = second.begin();
                    TypedColumn.Reduction<V, C> c = third.begin();
                    TypedColumn.Reduction<V, D> d = fourth.begin();
                    reduce(values, List.of(a, b, c, d));
                    return new Tuple5<>(key, a.result(), b.result(), c.result(), d.result());
                });
    }

    private static <V> void reduce(Iterator<V> values, List<TypedColumn.Reduction<V, ?>> reductions) {
        while (values.hasNext()) {
            V value = values.next();
            reductions.forEach(reduction -> reduction.add(value));
        }
    }

    private <R> Dataset<R> aggregated(Encoder<R> encoder, BiFunction<K, Iterator<V>, R> result) {
        return plain(
                "agg",
                encoder,
                (key, values) ->
                        Collections.singleton(result.apply(key, only(values))).iterator());
    }

    /// How many values each key has.
    public Dataset<Tuple2<K, Long>> count() {
        return plain("count", Encoders.tuple(keyEncoder, Encoders.LONG()), (key, values) -> {
            long count = 0;
            for (Iterator<V> all = only(values); all.hasNext(); all.next()) {
                count++;
            }
            return Collections.singleton(new Tuple2<>(key, count)).iterator();
        });
    }

    /// The values that this and another grouping have for each key of either.
    public <U, R> Dataset<R> cogroup(
            KeyValueGroupedDataset<K, U> other, CoGroupFunction<K, V, U, R> function, Encoder<R> encoder) {
        GroupFunction<K, R> call = new GroupFunction<>(
                "cogroup", List.of(input, other.input), output("cogroup", encoder), (key, values) -> {
                    @SuppressWarnings("unchecked") // the second input's objects
                    Iterator<U> right = (Iterator<U>) values.get(1);
                    return function.call(key, only(values), right);
                });
        return dataset(call, encoder, List.of(input.frame(), other.input.frame()));
    }

    /// One object per key and batch, from new values and a state; in `update` mode. No time-outs.
    public <S, R> Dataset<R> mapGroupsWithState(
            MapGroupsWithStateFunction<K, V, S, R> function, Encoder<S> stateEncoder, Encoder<R> encoder) {
        return mapGroupsWithState(function, stateEncoder, encoder, GroupStateTimeout.NoTimeout);
    }

    /// One object per key and batch, from new values and a state; in `update` mode. In a batch query each key is called
    /// once, with all its values.
    public <S, R> Dataset<R> mapGroupsWithState(
            MapGroupsWithStateFunction<K, V, S, R> function,
            Encoder<S> stateEncoder,
            Encoder<R> encoder,
            GroupStateTimeout timeout) {
        return withState(
                "mapGroupsWithState",
                eachOne(function),
                OutputMode.UPDATE,
                stateEncoder,
                encoder,
                timeout,
                Optional.empty());
    }

    /// As [#mapGroupsWithState(MapGroupsWithStateFunction, Encoder, Encoder, GroupStateTimeout)], where the states of
    /// some keys begin with a value of a table: `table.groupByKey(…).mapValues(…)` has one state per key. It is read in
    /// the first batch, in which the function is called for these keys even if they have no values.
    ///
    /// @throws QueryException `DUPLICATE_INITIAL_STATE` when the query runs, if a key has several states
    public <S, R> Dataset<R> mapGroupsWithState(
            MapGroupsWithStateFunction<K, V, S, R> function,
            Encoder<S> stateEncoder,
            Encoder<R> encoder,
            GroupStateTimeout timeout,
            KeyValueGroupedDataset<K, S> initialState) {
        return withState(
                "mapGroupsWithState",
                eachOne(function),
                OutputMode.UPDATE,
                stateEncoder,
                encoder,
                timeout,
                Optional.of(initialState.input));
    }

    private static <K, V, S, R> FlatMapGroupsWithStateFunction<K, V, S, R> eachOne(
            MapGroupsWithStateFunction<K, V, S, R> function) {
        return (key, values, state) ->
                Collections.singletonList(function.call(key, values, state)).iterator();
    }

    /// Any number of objects per key and batch, from new values and a state. In a batch query each key is called once,
    /// with all its values.
    ///
    /// @param outputMode `append` if what it gives is added, `update` if it replaces what it gave for the key
    /// @throws QueryException `UNSUPPORTED_OUTPUT_MODE` for other modes
    public <S, R> Dataset<R> flatMapGroupsWithState(
            FlatMapGroupsWithStateFunction<K, V, S, R> function,
            OutputMode outputMode,
            Encoder<S> stateEncoder,
            Encoder<R> encoder,
            GroupStateTimeout timeout) {
        return withState(
                "flatMapGroupsWithState",
                function,
                appendOrUpdate("flatMapGroupsWithState", outputMode),
                stateEncoder,
                encoder,
                timeout,
                Optional.empty());
    }

    /// As [#flatMapGroupsWithState(FlatMapGroupsWithStateFunction, OutputMode, Encoder, Encoder, GroupStateTimeout)],
    /// where the states of some keys begin with a value of a table, as for `mapGroupsWithState`.
    ///
    /// @throws QueryException `UNSUPPORTED_OUTPUT_MODE` for other modes; `DUPLICATE_INITIAL_STATE` when the query runs,
    ///     if a key has several states
    public <S, R> Dataset<R> flatMapGroupsWithState(
            FlatMapGroupsWithStateFunction<K, V, S, R> function,
            OutputMode outputMode,
            Encoder<S> stateEncoder,
            Encoder<R> encoder,
            GroupStateTimeout timeout,
            KeyValueGroupedDataset<K, S> initialState) {
        return withState(
                "flatMapGroupsWithState",
                function,
                appendOrUpdate("flatMapGroupsWithState", outputMode),
                stateEncoder,
                encoder,
                timeout,
                Optional.of(initialState.input));
    }

    private static OutputMode appendOrUpdate(String method, OutputMode mode) {
        if (mode != OutputMode.APPEND && mode != OutputMode.UPDATE) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    method + "(…) can't give its rows in " + mode + " mode: say OutputMode.Append() or"
                            + " OutputMode.Update().");
        }
        return mode;
    }

    private <S, R> Dataset<R> withState(
            String name,
            FlatMapGroupsWithStateFunction<K, V, S, R> function,
            OutputMode mode,
            Encoder<S> stateEncoder,
            Encoder<R> encoder,
            GroupStateTimeout timeout,
            Optional<GroupedInput<K, S>> initial) {
        ObjectCells<S> state =
                new ObjectCells<>(stateEncoder, input.frame().session().javaValues(), "the state of " + name);
        return dataset(
                new GroupStateFunction<>(name, input, initial, state, output(name, encoder), mode, timeout, function),
                encoder,
                frames(initial));
    }

    /// What a function is called with: the input, and what its state begins with.
    private List<DataFrame> frames(Optional<? extends GroupedInput<K, ?>> initial) {
        return initial.isPresent() ? List.of(input.frame(), initial.get().frame()) : List.of(input.frame());
    }

    /// What a processor with states and timers gives. In a batch query, timers up to the last watermark go off after
    /// all rows of their key, as at the end of a stream.
    ///
    /// @param outputMode `append` if what it gives is added, `update` if it replaces what it gave for the key
    /// @throws QueryException `UNSUPPORTED_OUTPUT_MODE` for other modes, and what the processor's states are refused
    ///     for
    public <R> Dataset<R> transformWithState(
            StatefulProcessor<K, V, R> processor, TimeMode timeMode, OutputMode outputMode, Encoder<R> encoder) {
        return transform(processor, timeMode, outputMode, encoder, Optional.empty());
    }

    /// As [#transformWithState(StatefulProcessor, TimeMode, OutputMode, Encoder)], with states that begin with the rows
    /// of a table, which is read in the first batch.
    ///
    /// @param initialStateEncoder of the table's objects; `initialState` knows it, so it is here for Spark's programs
    public <R, S> Dataset<R> transformWithState(
            StatefulProcessorWithInitialState<K, V, R, S> processor,
            TimeMode timeMode,
            OutputMode outputMode,
            KeyValueGroupedDataset<K, S> initialState,
            Encoder<R> encoder,
            Encoder<S> initialStateEncoder) {
        return transform(processor, timeMode, outputMode, encoder, Optional.of(initialState.input));
    }

    private <R> Dataset<R> transform(
            StatefulProcessor<K, V, R> processor,
            TimeMode timeMode,
            OutputMode outputMode,
            Encoder<R> encoder,
            Optional<? extends GroupedInput<K, ?>> initial) {
        OutputMode mode = appendOrUpdate("transformWithState", outputMode);
        ProcessorStates states = new ProcessorStates(input.frame().session().javaValues(), timeMode);
        processor.setHandle(states);
        processor.init(mode, timeMode);
        Optional<GroupedInput<K, ?>> beginning = initial.map(rows -> rows);
        ProcessorFunction<K, V, R> call = new ProcessorFunction<>(
                processor, states, input, beginning, output("transformWithState", encoder), mode);
        return dataset(call, encoder, frames(initial));
    }
}
