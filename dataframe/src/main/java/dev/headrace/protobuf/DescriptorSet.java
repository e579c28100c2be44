package dev.headrace.protobuf;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types of some `.proto` files, by their full names.
///
/// @param topMessages the messages that are in no other, in the order of the files
record DescriptorSet(List<MessageType> topMessages, Map<String, MessageType> messages, Map<String, EnumType> enums) {
    /// @param function for errors
    /// @throws QueryException `CANNOT_PARSE_PROTOBUF_DESCRIPTOR`
    static DescriptorSet of(String function, byte[] bytes) {
        try {
            DescriptorSet set = DescriptorReader.read(bytes);
            if (set.topMessages.isEmpty()) {
                throw invalid(function, "it has no messages");
            }
            return set;
        } catch (MalformedMessage malformed) {
            throw invalid(function, malformed.found());
        }
    }

    static QueryException invalid(String function, String found) {
        return new QueryException(
                "CANNOT_PARSE_PROTOBUF_DESCRIPTOR",
                function + ": this is no descriptor set of Protobuf (" + found
                        + "). Make one with protoc --include_imports --descriptor_set_out=FILE.");
    }

    /// The message that the user names: with its package, or, one that is in no other, without.
    ///
    /// @throws QueryException `PROTOBUF_MESSAGE_NOT_FOUND`
    MessageType named(String function, String name) {
        for (MessageType message : topMessages) {
            if (message.name().equals(name) || message.shortName().equals(name)) {
                return message;
            }
        }
        MessageType inner = messages.get(name);
        if (inner == null) {
            throw new QueryException(
                    "PROTOBUF_MESSAGE_NOT_FOUND",
                    function + ": the descriptor set has no message '" + name + "'. "
                            + Suggestion.didYouMean(name, messages.keySet()) + " It has "
                            + String.join(
                                    ", ",
                                    topMessages.stream().map(MessageType::name).toList()) + ".");
        }
        return inner;
    }

    /// The type of a field that is a message.
    ///
    /// @throws QueryException `PROTOBUF_DEPENDENCY_NOT_FOUND`
    MessageType message(String function, MessageField field) {
        return required(function, field, messages.get(field.typeName()));
    }

    /// As [#message], for enums.
    EnumType enumeration(String function, MessageField field) {
        return required(function, field, enums.get(field.typeName()));
    }

    private static <T> T required(String function, MessageField field, @Nullable T type) {
        if (type == null) {
            throw new QueryException(
                    "PROTOBUF_DEPENDENCY_NOT_FOUND",
                    function + ": the descriptor set lacks '" + field.typeName() + "', the type of the field '"
                            + field.name() + "'. Make the set with protoc --include_imports.");
        }
        return type;
    }
}
