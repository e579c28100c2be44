package dev.headrace.protobuf;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;

/// The errors of `to_protobuf`.
final class ProtobufErrors {
    static final String FUNCTION = "to_protobuf";

    private ProtobufErrors() {}

    static DataException wrongValue(String what) {
        return new DataException(
                "PROTOBUF_VALUE_MISMATCH", FUNCTION + ": " + what + ". Correct or filter the values before.");
    }

    static QueryException wrongType(String path, DataType type, String wanted) {
        return new QueryException(
                "CANNOT_CONVERT_SQL_TYPE_TO_PROTOBUF_FIELD_TYPE",
                FUNCTION + ": '" + path + "' is of type " + type.simpleString() + ", which is not written as " + wanted
                        + ". Cast it, or write another message.");
    }
}
