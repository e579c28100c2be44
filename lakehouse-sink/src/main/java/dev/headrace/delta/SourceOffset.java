package dev.headrace.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.headrace.errors.CheckpointException;
import java.io.IOException;

/// How far a stream has read a table: all versions before `version`, and of that one the files up to `index`.
///
/// As text it is the JSON that Delta writes into Spark's checkpoints.
///
/// @param tableId so that another table in the same place is noticed
/// @param index -1 for none of the version's files
/// @param snapshot whether it is about all files of the version, those of earlier versions included
/// @param byEventTime the column that those are ordered by, as files call it; empty if they are in their own order
record SourceOffset(String tableId, long version, long index, boolean snapshot, String byEventTime)
        implements Comparable<SourceOffset> {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BY_EVENT_TIME = "byEventTime";

    /// Before all of a version's own files.
    static SourceOffset before(String tableId, long version) {
        return new SourceOffset(tableId, version, -1, false, "");
    }

    SourceOffset at(long newIndex) {
        return new SourceOffset(tableId, version, newIndex, snapshot, byEventTime);
    }

    SourceOffset nextVersion() {
        return before(tableId, version + 1);
    }

    /// @throws CheckpointException `CHECKPOINT_DAMAGED` if the text is no offset
    static SourceOffset parse(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (json.path("reservoirVersion").isIntegralNumber()
                    && json.path("index").isIntegralNumber()) {
                return new SourceOffset(
                        json.path("reservoirId").asText(""),
                        json.path("reservoirVersion").longValue(),
                        json.path("index").longValue(),
                        json.path("isStartingVersion").asBoolean(false),
                        json.path(BY_EVENT_TIME).asText(""));
            }
        } catch (IOException notJson) {
            throw damaged(text, notJson);
        }
        throw damaged(text, null);
    }

    private static CheckpointException damaged(String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new CheckpointException(
                "CHECKPOINT_DAMAGED",
                "'" + text
                        + "' is not the offset of a Delta table. The checkpoint is of another query, or damaged: restore"
                        + " it, or start with a new checkpoint directory.",
                cause);
    }

    String json() {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("sourceVersion", 1);
        json.put("reservoirId", tableId);
        json.put("reservoirVersion", version);
        json.put("index", index);
        json.put("isStartingVersion", snapshot);
        if (!byEventTime.isEmpty()) {
            json.put(BY_EVENT_TIME, byEventTime);
        }
        return json.toString();
    }

    @Override
    public int compareTo(SourceOffset other) {
        int byVersion = Long.compare(version, other.version);
        return byVersion != 0 ? byVersion : Long.compare(index, other.index);
    }
}
