package dev.headrace;

import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.streaming.ExpiredTimerInfo;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StatefulProcessor;
import dev.headrace.streaming.StatefulProcessorWithInitialState;
import dev.headrace.streaming.TimeMode;
import dev.headrace.streaming.TimerValues;
import dev.headrace.types.StructType;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A [StatefulProcessor] as a function with state. A processor may serve several queries, but one key at a time.
record ProcessorFunction<K, V, R>(
        StatefulProcessor<K, V, R> processor,
        ProcessorStates states,
        GroupedInput<K, V> input,
        Optional<GroupedInput<K, ?>> initialState,
        ObjectCells<R> output,
        OutputMode mode)
        implements GroupCall.Stateful {

    @Override
    public String name() {
        return "transformWithState";
    }

    @Override
    public StructType keySchema() {
        return input.keys().schema();
    }

    @Override
    public StructType outputSchema() {
        return output.schema();
    }

    @Override
    public List<@Nullable Object> key(int ofInput, List<@Nullable Object> row) {
        return ofInput == 0 ? input.keyOf(row) : initialState.orElseThrow().keyOf(row);
    }

    @Override
    public StructType stateSchema() {
        return states.schema();
    }

    @Override
    public TimerClock clock() {
        return switch (states.timeMode()) {
            case None -> TimerClock.NONE;
            case ProcessingTime -> TimerClock.PROCESSING_TIME;
            case EventTime -> TimerClock.EVENT_TIME;
        };
    }

    @Override
    public boolean updates() {
        return mode == OutputMode.UPDATE;
    }

    @Override
    public boolean timersInBatch() {
        return states.timeMode() == TimeMode.EventTime;
    }

    /// The times that the processor sees.
    private record BatchTimes(Times times) implements TimerValues {
        @Override
        public long getCurrentProcessingTimeInMs() {
            return times.processingMillis();
        }

        @Override
        public long getCurrentWatermarkInMs() {
            return times.watermarkMillis();
        }
    }

    private record GoneOff(long millis) implements ExpiredTimerInfo {
        @Override
        public long getExpiryTimeInMs() {
            return millis;
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a processor with initial state is given with rows of that state
    public void initial(Group group, List<@Nullable Object> row, Times times) {
        StatefulProcessorWithInitialState<K, V, R, Object> starting =
                (StatefulProcessorWithInitialState<K, V, R, Object>) processor;
        K key = input.keys().object(group.key());
        Object value = initialState.orElseThrow().value().of(row);
        states.during(
                group,
                times,
                () -> UserCode.call("transformWithState", String.valueOf(key), () -> {
                    starting.handleInitialState(key, value, new BatchTimes(times));
                    return true;
                }));
    }

    @Override
    public void rows(Group group, List<List<@Nullable Object>> rows, Times times, Output out) {
        K key = input.keys().object(group.key());
        call(
                group,
                key,
                times,
                () -> processor.handleInputRows(key, input.objects(rows.iterator()), new BatchTimes(times)),
                out);
    }

    @Override
    public void timer(Group group, long timerMillis, Times times, Output out) {
        K key = input.keys().object(group.key());
        call(
                group,
                key,
                times,
                () -> processor.handleExpiredTimer(key, new BatchTimes(times), new GoneOff(timerMillis)),
                out);
    }

    private void call(Group group, K key, Times times, Callable<Iterator<R>> handler, Output out) {
        states.during(group, times, () -> {
            Iterator<R> results = UserCode.call(name(), String.valueOf(key), handler);
            output.give(results, name(), String.valueOf(key), out);
        });
    }

    @Override
    public void expire(Group group, Times times) {
        states.expire(group, times.processingMillis());
    }
}
