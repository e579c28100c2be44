package dev.headrace.delta.standalone;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddChangeFile;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.UnknownAction;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import io.delta.standalone.Operation;
import io.delta.standalone.OptimisticTransaction;
import io.delta.standalone.actions.Metadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Headrace's actions as Standalone's, and the other way round.
final class StandaloneActions {
    private StandaloneActions() {}

    /// Refuses what Standalone would take and not honour.
    ///
    /// @throws QueryException `DELTA_STANDALONE_UNSUPPORTED`
    static void checkKnown(Path table, List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case AddFile add
                        when add.deletionVector().isPresent() -> throw unsupported(table, "a commit has deletion vectors");
                case AddChangeFile _ -> throw unsupported(table, "a commit has files of a change data feed");
                case TableMetadata metadata -> {
                    Protocol needed = TableFeatures.upgraded(Protocol.BASIC, metadata);
                    if (!needed.equals(Protocol.BASIC)) {
                        throw unsupported(
                                table,
                                "the table's columns or properties need protocol (" + needed.minReaderVersion() + ","
                                        + needed.minWriterVersion() + ")");
                    }
                }
                case Protocol protocol when protocol.minReaderVersion() > 1 || protocol.minWriterVersion() > 2 ->
                    throw unsupported(
                            table,
                            "a commit makes the table's protocol (" + protocol.minReaderVersion() + ","
                                    + protocol.minWriterVersion() + ")");
                case Action _ -> {}
            }
        }
    }

    static QueryException unsupported(Path table, String why) {
        return new QueryException(
                "DELTA_STANDALONE_UNSUPPORTED",
                table + ": " + why + ", but the log is that of Delta Standalone (headrace.delta.log=standalone), which"
                        + " knows tables of protocol (1,2). Use the default log: leave headrace.delta.log out.");
    }

    /// Says that a transaction depends on what an action is based on.
    static void read(Action action, OptimisticTransaction transaction) {
        if (action instanceof SetTransaction set) {
            transaction.txnVersion(set.appId());
        }
    }

    /// In order, but for what Standalone adds by itself.
    static List<io.delta.standalone.actions.Action> of(List<Action> actions) {
        List<io.delta.standalone.actions.Action> theirs = new ArrayList<>();
        for (Action action : actions) {
            switch (action) {
                case AddFile add -> theirs.add(addFile(add));
                case RemoveFile remove -> theirs.add(removeFile(remove));
                case TableMetadata metadata -> theirs.add(metadata(metadata));
                case SetTransaction(String appId, long version, long lastUpdated) ->
                    theirs.add(
                            new io.delta.standalone.actions.SetTransaction(appId, version, Optional.of(lastUpdated)));
                case Protocol protocol ->
                    theirs.add(new io.delta.standalone.actions.Protocol(
                            protocol.minReaderVersion(), protocol.minWriterVersion()));
                case CommitInfo _, AddChangeFile _, UnknownAction _ ->
                    throw new IllegalArgumentException("not an action to commit: " + action);
            }
        }
        return theirs;
    }

    private static io.delta.standalone.actions.AddFile addFile(AddFile add) {
        return new io.delta.standalone.actions.AddFile(
                add.path(),
                new HashMap<>(add.partitionValues()),
                add.size(),
                add.modificationTimeMillis(),
                add.dataChange(),
                add.stats().map(StandaloneActions::encoded).orElse(null),
                null);
    }

    /// Standalone writes the texts of statistics and parameters into the log as they are: they must be those of JSON
    /// strings.
    private static String encoded(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static io.delta.standalone.actions.RemoveFile removeFile(RemoveFile remove) {
        return new io.delta.standalone.actions.RemoveFile(
                remove.path(),
                Optional.of(remove.deletionTimestampMillis()),
                // AddFile.remove() would say that no rows change, and others would not notice.
                remove.dataChange(),
                true,
                new HashMap<>(remove.partitionValues()),
                Optional.of(remove.size()),
                null);
    }

    private static Metadata metadata(TableMetadata metadata) {
        return Metadata.builder()
                .id(metadata.id())
                .name(metadata.name().orElse(null))
                .description(metadata.description().orElse(null))
                .schema((io.delta.standalone.types.StructType) io.delta.standalone.types.DataType.fromJson(
                        metadata.schema().json()))
                .partitionColumns(metadata.partitionColumns())
                .configuration(metadata.configuration())
                .createdTime(
                        metadata.createdTimeMillis().isPresent()
                                ? Optional.of(metadata.createdTimeMillis().getAsLong())
                                : Optional.empty())
                .build();
    }

    static TableMetadata metadata(Metadata metadata) {
        return new TableMetadata(
                metadata.getId(),
                Optional.ofNullable(metadata.getName()),
                Optional.ofNullable(metadata.getDescription()),
                (StructType) DataType.fromJson(
                        Objects.requireNonNull(metadata.getSchema()).toJson()),
                metadata.getPartitionColumns(),
                metadata.getConfiguration(),
                metadata.getCreatedTime().map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    static AddFile addFile(io.delta.standalone.actions.AddFile add) {
        Map<String, @Nullable String> values = new HashMap<>(add.getPartitionValues());
        return new AddFile(
                add.getPath(),
                values,
                add.getSize(),
                add.getModificationTime(),
                // Standalone forgets what the log said of it; the rows of a file were added once.
                true,
                Optional.ofNullable(add.getStats()),
                Optional.empty());
    }

    /// The name that is nearest: Standalone's are a fixed list.
    static Operation operation(CommitInfo info) {
        Operation.Name name = Operation.Name.MANUAL_UPDATE;
        for (Operation.Name known : Operation.Name.values()) {
            if (known.toString().equals(info.operation().toUpperCase(Locale.ROOT))) {
                name = known;
            }
        }
        Map<String, String> parameters = new HashMap<>();
        info.parameters().forEach((key, value) -> parameters.put(key, encoded(value)));
        Map<String, String> metrics = new HashMap<>();
        info.metrics().forEach((key, value) -> metrics.put(key, value.toString()));
        return new Operation(name, parameters, metrics, info.transactionId());
    }
}
