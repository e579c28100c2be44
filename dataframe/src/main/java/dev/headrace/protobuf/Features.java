package dev.headrace.protobuf;

import dev.headrace.protobuf.MessageField.Presence;

/// What the syntax or edition of a file says of the fields and enums in it, and options within.
record Features(Presence presence, boolean closedEnums, boolean packed, boolean utf8, boolean delimited) {
    private static final int FIELD_PRESENCE = 1;
    private static final int ENUM_TYPE = 2;
    private static final int REPEATED_FIELD_ENCODING = 3;
    private static final int UTF8_VALIDATION = 4;
    private static final int MESSAGE_ENCODING = 5;

    /// Those of a file without options.
    static Features of(String syntax) {
        return switch (syntax) {
            case "editions" -> new Features(Presence.EXPLICIT, false, true, true, false);
            case "proto3" -> new Features(Presence.IMPLICIT, false, true, true, false);
            default -> new Features(Presence.EXPLICIT, true, false, false, false);
        };
    }

    /// With what a `FeatureSet` says otherwise.
    Features with(RawMessage set) {
        return new Features(
                switch ((int) set.number(FIELD_PRESENCE)) {
                    case 1 -> Presence.EXPLICIT;
                    case 2 -> Presence.IMPLICIT;
                    case 3 -> Presence.REQUIRED;
                    default -> presence;
                },
                said(set, ENUM_TYPE, 2, 1, closedEnums),
                said(set, REPEATED_FIELD_ENCODING, 1, 2, packed),
                said(set, UTF8_VALIDATION, 2, 3, utf8),
                said(set, MESSAGE_ENCODING, 2, 1, delimited));
    }

    private static boolean said(RawMessage set, int feature, int yes, int no, boolean otherwise) {
        long number = set.number(feature);
        return number == yes || number != no && otherwise;
    }
}
