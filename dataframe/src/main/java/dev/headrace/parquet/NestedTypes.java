package dev.headrace.parquet;

import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/// How Parquet spells lists and maps: as the format says today, and as older writers did.
final class NestedTypes {
    private NestedTypes() {}

    static boolean isList(Type type) {
        return !type.isPrimitive()
                && type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation
                && type.asGroupType().getFieldCount() == 1
                && type.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED);
    }

    static boolean isMap(Type type) {
        if (type.isPrimitive()
                || !(type.getLogicalTypeAnnotation() instanceof MapLogicalTypeAnnotation
                        || type.getLogicalTypeAnnotation() instanceof MapKeyValueTypeAnnotation)
                || type.asGroupType().getFieldCount() != 1) {
            return false;
        }
        Type entries = type.asGroupType().getType(0);
        return !entries.isPrimitive()
                && entries.isRepetition(Type.Repetition.REPEATED)
                && entries.asGroupType().getFieldCount() == 2;
    }

    /// Whether the repeated member of a list is the element itself (two levels), not a wrapper around it (three).
    static boolean repeatedIsElement(GroupType list) {
        Type repeated = list.getType(0);
        if (repeated.isPrimitive()) {
            return true;
        }
        GroupType group = repeated.asGroupType();
        return group.getFieldCount() > 1
                || group.getName().equals("array")
                || group.getName().equals(list.getName() + "_tuple")
                || group.getType(0).isRepetition(Type.Repetition.REPEATED);
    }
}
