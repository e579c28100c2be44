package dev.headrace.engine.stateful;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.KeyColumns;
import dev.headrace.exec.MapGroups;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.plan.Direction;
import dev.headrace.plan.GapFilling;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NullOrder;
import dev.headrace.plan.SortKey;
import dev.headrace.state.StateSchema;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans functions of the program over the rows of each key of a stream.
record GroupEdges(StreamingPlanner planner, OutputMode mode) {
    Edge of(LogicalPlan.MapGroups node, boolean last) {
        return switch (node.call()) {
            case GroupCall.Plain plain -> plain(node, plain);
            case GroupCall.Stateful stateful -> stateful(node, stateful, last);
        };
    }

    /// A key's function is called with all of its rows, whenever there are new ones.
    private Edge plain(LogicalPlan.MapGroups node, GroupCall.Plain call) {
        List<KeyedInput> inputs = new ArrayList<>();
        List<RowsLeaf> leaves = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            LogicalPlan input = node.inputs().get(i);
            if (!input.isStreaming()) {
                throw StreamingPlanner.unsupported(
                        call.name() + " of a stream with a table",
                        "Join the table to the stream before, or read it as a stream.");
            }
            Edge edge = planner.edge(input, false);
            StructType rows = edge.rowSchema();
            PhysicalPlan changes = planner.plan(edge.retracts() ? edge.plan() : Changelog.withChange(edge));
            KeyColumns keyed = new KeyColumns(changes, call, i, rows.size());
            OperatorState state = planner.newState(call.name(), KeyedRows.stateSchema(keyed.keys(), rows, false));
            inputs.add(new KeyedInput(
                    keyed,
                    new KeyedRows(state, keyed.keys(), rows, new KeyedRows.Lifetime.Endless()),
                    Optional.empty()));
            leaves.add(new RowsLeaf(rows));
        }
        return planner.recompute(
                call.name(),
                inputs,
                new MapGroups(List.copyOf(leaves), call, Optional.empty()),
                leaves,
                Optional.empty(),
                false);
    }

    private Edge stateful(LogicalPlan.MapGroups node, GroupCall.Stateful call, boolean last) {
        LogicalPlan rows = node.inputs().getFirst();
        if (node.inputs().size() > 1 && node.inputs().get(1).isStreaming()) {
            throw StreamingPlanner.unsupported(
                    "an initial state that is a stream", "It is read once, in the first batch: read it as a table.");
        }
        Edge edge = planner.edge(rows, false);
        if (edge.retracts()) {
            throw StreamingPlanner.unsupported(
                    call.name() + " over rows that can go again",
                    "Its function can't take back what it has done: use it below the operator whose rows change"
                            + (mode == OutputMode.APPEND
                                    ? "."
                                    : ", or let each of them come once, when it is final, by outputMode(\"append\") or by"
                                            + " emit(Emit.atWatermark()) of an aggregation."));
        }
        if (call instanceof GapFilling && FinalRows.givesParts(rows)) {
            throw StreamingPlanner.unsupported(
                    call.name() + " over emit(…).discarding()",
                    "What a part has is not what its window has: use emit(Emit.atWatermark()).");
        }
        if (call.updates() && (mode != OutputMode.UPDATE || !last)) {
            throw new QueryException(
                    "UNSUPPORTED_OUTPUT_MODE",
                    call.name() + " in update mode replaces rows that it has given, so the query must be started with"
                            + " outputMode(\"update\"), with nothing but filters and projections above it.");
        }
        Optional<Expiry> late = Optional.empty();
        if (call.clock() == GroupCall.TimerClock.EVENT_TIME) {
            late = call.eventTime().isPresent()
                    ? eventTime(rows, call.eventTime().get().input())
                    : StreamingPlanner.eventTime(rows, 0);
            if (late.isEmpty()) {
                throw call.eventTime().isPresent()
                        ? StreamingPlanner.unsupported(
                                call.name() + " over a stream without a watermark",
                                "Call withWatermark(\"ts\", \"1 minute\") before groupBy, and order the rows by that column.")
                        : StreamingPlanner.unsupported(
                                call.name() + " with event-time timers without a watermark",
                                "Call withWatermark(\"ts\", \"1 minute\") before groupByKey, and keep the column.");
            }
        }
        boolean inOrderOfComing =
                call.wholeGroups().isPresent() && call.clock() == GroupCall.TimerClock.NONE && givesFromState(rows);
        StatefulGroups operator = new StatefulGroups(
                planner.plan(inOrderOfComing ? sorted(edge.plan()) : edge.plan()),
                node.inputs().size() > 1
                        ? Optional.of(planner.plan(node.inputs().get(1)))
                        : Optional.empty(),
                call,
                late,
                planner.newState(call.name(), stateSchema(call)),
                timers(call));
        return new Edge(OperatorOutput.of(operator), call.updates() ? Edge.Mode.UPSERT : Edge.Mode.APPEND);
    }

    private static boolean givesFromState(LogicalPlan rows) {
        return StreamingPlanner.keepsState(rows) || rows.inputs().stream().anyMatch(GroupEdges::givesFromState);
    }

    /// The rows in an order that is theirs: in what order a state gives what it has depends on how it came to be, and
    /// is another one when a batch runs again after a restart.
    private static LogicalPlan sorted(LogicalPlan rows) {
        List<SortKey> keys = new ArrayList<>();
        for (int i = 0; i < rows.schema().size(); i++) {
            if (!(rows.schema().field(i).dataType() instanceof MapType)) {
                keys.add(new SortKey(Changelog.column(rows.schema().field(i), i), Direction.ASC, NullOrder.FIRST));
            }
        }
        return new LogicalPlan.Sort(rows, keys);
    }

    private static Optional<Expiry> eventTime(LogicalPlan rows, int column) {
        return EventTimeColumn.of(rows, Changelog.column(rows.schema().field(column), column))
                .map(time -> new Expiry(column, time.form(), time.slackMicros()));
    }

    private static StateSchema stateSchema(GroupCall.Stateful call) {
        List<StructField> values = new ArrayList<>();
        call.stateSchema().forEach(field -> values.add(field.withNullable(true)));
        values.add(new StructField("_timers", new ArrayType(DataTypes.LongType, false), true));
        values.add(new StructField("_cleanup", DataTypes.LongType, true));
        return new StateSchema(call.keySchema(), new StructType(values), false);
    }

    private Optional<OperatorState> timers(GroupCall.Stateful call) {
        if (call.clock() == GroupCall.TimerClock.NONE) {
            return Optional.empty();
        }
        StructType key = call.keySchema()
                .add(new StructField("_at", DataTypes.LongType, false))
                .add(new StructField("_isCleanup", DataTypes.BooleanType, false));
        OperatorState timers = planner.newState(call.name() + "Timers", new StateSchema(key, new StructType(), true));
        if (call.clock() == GroupCall.TimerClock.PROCESSING_TIME) {
            timers.expireByProcessingTime();
        }
        return Optional.of(timers);
    }
}
