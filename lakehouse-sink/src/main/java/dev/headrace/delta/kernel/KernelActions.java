package dev.headrace.delta.kernel;

import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import io.delta.kernel.Snapshot;
import java.util.Optional;
import java.util.OptionalLong;

/// Headrace's records for what Kernel's snapshot says of a table.
///
/// `Snapshot.getMetadata` and `getProtocol` are public, but the types they return lie in an internal package. This is
/// the one place that touches them, and only their getters.
final class KernelActions {
    private KernelActions() {}

    static TableMetadata metadata(Snapshot snapshot) {
        Optional<Long> createdTime = snapshot.getMetadata().getCreatedTime();
        return new TableMetadata(
                snapshot.getMetadata().getId(),
                snapshot.getMetadata().getName(),
                snapshot.getMetadata().getDescription(),
                (StructType) DataType.fromJson(snapshot.getMetadata().getSchemaString()),
                snapshot.getPartitionColumnNames(),
                snapshot.getMetadata().getConfiguration(),
                createdTime.isPresent() ? OptionalLong.of(createdTime.get()) : OptionalLong.empty());
    }

    static Protocol protocol(Snapshot snapshot) {
        return new Protocol(
                snapshot.getProtocol().getMinReaderVersion(),
                snapshot.getProtocol().getMinWriterVersion(),
                snapshot.getProtocol().getReaderFeatures(),
                snapshot.getProtocol().getWriterFeatures());
    }
}
