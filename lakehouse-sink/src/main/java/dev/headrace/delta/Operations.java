package dev.headrace.delta;

import dev.headrace.delta.log.CommitInfo;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What the table's history says of writes by Headrace.
final class Operations {
    private Operations() {}

    /// The beginning of a commit's info; version and metrics come with the commit.
    static CommitInfo info(String operation, Map<String, String> parameters, TableTarget target) {
        return new CommitInfo(
                target.now(),
                operation,
                parameters,
                OptionalLong.empty(),
                false,
                Map.of(),
                Optional.of(engine()),
                Optional.of(target.newId().toString()));
    }

    /// The info of a commit on a version that was read.
    static CommitInfo on(WriteBase base, String operation, Map<String, String> parameters, TableTarget target) {
        CommitInfo start = info(operation, parameters, target);
        return new CommitInfo(
                start.timestampMillis(),
                operation,
                parameters,
                base.exists() ? OptionalLong.of(base.version()) : OptionalLong.empty(),
                false,
                Map.of(),
                start.engine(),
                start.transactionId());
    }

    private static String engine() {
        @Nullable String version = Operations.class.getPackage().getImplementationVersion();
        return version == null ? "Headrace" : "Headrace/" + version;
    }
}
