package dev.headrace.protobuf;

import static dev.headrace.parse.FormatArguments.mismatch;
import static dev.headrace.parse.FormatArguments.options;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadDecoder;
import dev.headrace.errors.QueryException;
import dev.headrace.function.ScalarFunction;
import dev.headrace.function.ScalarFunction.Nulls;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.NullType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Binds the functions of messages of Protobuf. The function table names the binders.
public final class ProtobufFunctions {
    private ProtobufFunctions() {}

    /// Binds `from_protobuf(data, messageName, descFilePath[, options])`.
    public static BoundExpr bindFromProtobuf(String name, List<BoundExpr> arguments) {
        BoundExpr data = binary(name, arguments.getFirst());
        String message = message(name, arguments.get(1));
        DescriptorSet types = descriptors(name, arguments.get(2));
        ProtobufOptions options = ProtobufOptions.of(name, options(name, 3, arguments));
        FromProtobuf decoding = new FromProtobuf(types, types.named(name, message), options);
        ScalarFunction function = new ScalarFunction(
                name, method(decoding, "decode"), Nulls.STRICT_MAYBE_NULL, true, Optional.of(decoding));
        return new BoundExpr.Call(function, List.of(data), decoding.schema());
    }

    /// Binds `to_protobuf(data, messageName, descFilePath[, options])`.
    public static BoundExpr bindToProtobuf(String name, List<BoundExpr> arguments) {
        BoundExpr data = arguments.getFirst();
        if (!(data.type() instanceof StructType type)) {
            throw mismatch(name, 0, data, "a struct");
        }
        String message = message(name, arguments.get(1));
        DescriptorSet types = descriptors(name, arguments.get(2));
        // They are those of from_protobuf, and say nothing about writing.
        ProtobufOptions unused = ProtobufOptions.of(name, options(name, 3, arguments));
        ToProtobuf encoding = new ToProtobuf(types, types.named(name, message), type);
        ScalarFunction function =
                new ScalarFunction(name, method(encoding, "encode"), Nulls.STRICT, true, Optional.of(encoding));
        return new BoundExpr.Call(function, List.of(data), DataTypes.BinaryType);
    }

    /// What a bound `from_protobuf` does, if the expression is one. Its only argument is the payload.
    public static Optional<PayloadDecoder> decoderOf(BoundExpr expression) {
        return expression instanceof BoundExpr.Call call
                ? call.function()
                        .receiver()
                        .filter(FromProtobuf.class::isInstance)
                        .map(PayloadDecoder.class::cast)
                : Optional.empty();
    }

    private static Method method(Object receiver, String method) {
        return Arrays.stream(receiver.getClass().getMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private static BoundExpr binary(String name, BoundExpr argument) {
        return switch (argument.type()) {
            case BinaryType _ -> argument;
            case NullType _ -> new BoundExpr.Cast(argument, DataTypes.BinaryType, CastFailure.ERROR);
            default -> throw mismatch(name, 0, argument, "a binary");
        };
    }

    private static String message(String name, BoundExpr argument) {
        if (!(argument instanceof BoundExpr.Literal(Scalar(Slice text, StringType _)))) {
            throw mismatch(name, 1, argument, "a constant string, the name of a message");
        }
        return text.toString();
    }

    /// Those in a file, or the bytes of such a file.
    private static DescriptorSet descriptors(String name, BoundExpr argument) {
        return switch (argument) {
            case BoundExpr.Literal(Scalar(Slice path, StringType _)) ->
                DescriptorSet.of(name, content(name, path.toString()));
            case BoundExpr.Literal(Scalar(Slice bytes, BinaryType _)) -> DescriptorSet.of(name, bytes.bytes());
            default ->
                throw mismatch(
                        name, 2, argument, "a constant string, the path of a descriptor set, or the set as a binary");
        };
    }

    private static byte[] content(String name, String path) {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (IOException | InvalidPathException unreadable) {
            throw new QueryException(
                    "PROTOBUF_DESCRIPTOR_FILE_NOT_FOUND",
                    name + ": the descriptor set '" + path + "' can't be read (" + unreadable
                            + "). Make it with protoc --include_imports --descriptor_set_out=FILE.",
                    unreadable);
        }
    }
}
