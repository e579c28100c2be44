package dev.headrace.engine;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.Gap;
import dev.headrace.connector.Table;
import dev.headrace.engine.log.CheckpointHistory;
import dev.headrace.engine.log.Driver;
import dev.headrace.engine.log.Loss;
import dev.headrace.engine.log.RunId;
import dev.headrace.engine.log.Shed;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.RowTable;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `format("losses")`: the loss ledger of a streaming query, as a table. The path is the checkpoint. A row says what
/// one committed batch lacks of one source, and why; there are as many as when the table is opened.
public final class LossesConnector implements Connector.BatchReadable {
    private static final StructType SCHEMA = new StructType()
            .add("batch_id", DataTypes.LongType, false)
            .add("batch_time", DataTypes.TimestampType, false)
            .add("source", DataTypes.StringType, false)
            .add("start_offset", DataTypes.StringType)
            .add("end_offset", DataTypes.StringType)
            .add("reason", DataTypes.StringType, false)
            .add("waiting_rows", DataTypes.LongType)
            .add("kept_share", DataTypes.DoubleType)
            .add("kept_rows", DataTypes.LongType)
            .add("lost_rows", DataTypes.LongType)
            .add("detail", DataTypes.StringType);

    @Override
    public String format() {
        return "losses";
    }

    @Override
    public Table openTable(ConnectorOptions options) {
        options.checkKnown(List.of("path"));
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"losses\") gives the columns " + String.join(", ", SCHEMA.names())
                            + ". Leave schema(…) out.");
        }
        Path checkpoint = Path.of(options.singlePath());
        CheckpointHistory history =
                CheckpointHistory.open(checkpoint, Driver.ofThisProcess(RunId.random(), Instant.EPOCH));
        RowTable table = new RowTable("losses of " + checkpoint, SCHEMA);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        history.losses().forEach(loss -> rows.add(row(loss)));
        table.add(rows);
        return table;
    }

    private static List<@Nullable Object> row(Loss loss) {
        List<@Nullable Object> row = new ArrayList<>();
        row.addAll(Arrays.asList(
                loss.batch().value(),
                loss.timestampMillis() * 1_000,
                Slice.utf8(loss.description()),
                loss.read().from().map(Slice::utf8).orElse(null),
                loss.read().to().map(Slice::utf8).orElse(null),
                Slice.utf8(reason(loss.cause()))));
        row.addAll(
                switch (loss.cause()) {
                    case Loss.Cause.LoadShedding(int _, Shed shed, long kept, long lost) ->
                        Arrays.asList(shed.waiting(), shed.kept(), kept, lost, null);
                    case Loss.Cause.GoneAtSource(Gap gap) ->
                        Arrays.asList(
                                null,
                                null,
                                null,
                                gap.unit() == Gap.Unit.OFFSETS ? gap.count() : null,
                                Slice.utf8(gap.toString()));
                });
        return row;
    }

    private static String reason(Loss.Cause cause) {
        return switch (cause) {
            case Loss.Cause.LoadShedding _ -> "LOAD_SHEDDING";
            case Loss.Cause.GoneAtSource _ -> "GONE_AT_SOURCE";
        };
    }
}
