package dev.headrace.parquet;

import dev.headrace.chunk.Slice;
import dev.headrace.parquet.metadata.FooterOracle;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// The independent oracle: files written and read row by row with the example classes of Parquet's own library.
///
/// Values are those of [dev.headrace.chunk.Cell].
final class ExampleFiles {
    private ExampleFiles() {}

    static void write(
            Path file,
            MessageType schema,
            List<? extends List<? extends @Nullable Object>> rows,
            UnaryOperator<ExampleParquetWriter.Builder> options) {
        ExampleParquetWriter.Builder builder = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema);
        try (ParquetWriter<Group> writer = options.apply(builder).build()) {
            for (List<? extends @Nullable Object> row : rows) {
                SimpleGroup group = new SimpleGroup(schema);
                addMembers(group, schema, row);
                writer.write(group);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        FooterOracle.check(file);
    }

    private static void addMembers(Group group, GroupType type, List<? extends @Nullable Object> values) {
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value != null) {
                add(group, i, type.getType(i), value);
            }
        }
    }

    private static void add(Group group, int field, Type type, Object value) {
        if (type.isRepetition(Type.Repetition.REPEATED)) {
            for (Object element : (List<?>) value) {
                addSingle(group, field, type, element);
            }
        } else {
            addSingle(group, field, type, value);
        }
    }

    private static void addSingle(Group group, int field, Type type, Object value) {
        if (type.isPrimitive()) {
            addPrimitive(group, field, type.asPrimitiveType(), value);
        } else if (NestedTypes.isList(type)) {
            addList(group.addGroup(field), type.asGroupType(), (List<?>) value);
        } else if (NestedTypes.isMap(type)) {
            Group map = group.addGroup(field);
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                List<@Nullable Object> pair = new ArrayList<>();
                pair.add(entry.getKey());
                pair.add(entry.getValue());
                addMembers(map.addGroup(0), type.asGroupType().getType(0).asGroupType(), pair);
            }
        } else {
            addMembers(group.addGroup(field), type.asGroupType(), (List<?>) value);
        }
    }

    private static void addList(Group list, GroupType type, List<?> values) {
        Type repeated = type.getType(0);
        for (Object value : values) {
            if (NestedTypes.repeatedIsElement(type)) {
                addSingle(list, 0, repeated, value);
            } else {
                Group wrapper = list.addGroup(0);
                if (value != null) {
                    add(wrapper, 0, repeated.asGroupType().getType(0), value);
                }
            }
        }
    }

    private static void addPrimitive(Group group, int field, PrimitiveType type, Object value) {
        switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> group.add(field, (Boolean) value);
            case FLOAT -> group.add(field, (Float) value);
            case DOUBLE -> group.add(field, (Double) value);
            case INT32 -> group.add(field, (int) number(value));
            case INT64 -> group.add(field, number(value));
            case BINARY -> group.add(field, binary(value, 0));
            case FIXED_LEN_BYTE_ARRAY -> group.add(field, binary(value, type.getTypeLength()));
            case INT96 -> group.add(field, binary(value, 12));
        }
    }

    private static long number(Object value) {
        return value instanceof BigDecimal decimal
                ? decimal.unscaledValue().longValueExact()
                : ((Number) value).longValue();
    }

    private static Binary binary(Object value, int length) {
        return switch (value) {
            case Slice slice -> Binary.fromConstantByteArray(slice.bytes());
            case BigDecimal decimal when length == 0 ->
                Binary.fromConstantByteArray(decimal.unscaledValue().toByteArray());
            case BigDecimal decimal -> {
                byte[] shortest = decimal.unscaledValue().toByteArray();
                byte[] bytes = new byte[length];
                java.util.Arrays.fill(bytes, (byte) (decimal.signum() < 0 ? -1 : 0));
                System.arraycopy(shortest, 0, bytes, length - shortest.length, shortest.length);
                yield Binary.fromConstantByteArray(bytes);
            }
            default -> throw new IllegalArgumentException("no bytes of " + value);
        };
    }

    /// All rows, as values of `schema`.
    static List<List<@Nullable Object>> read(Path file, StructType schema) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = new Reader(file).build()) {
            for (Group group = reader.read(); group != null; group = reader.read()) {
                rows.add(struct(group, schema));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return rows;
    }

    private static final class Reader extends ParquetReader.Builder<Group> {
        Reader(Path file) {
            super(new LocalInputFile(file), new PlainParquetConfiguration());
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    private static List<@Nullable Object> struct(Group group, StructType schema) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            boolean present = group.getFieldRepetitionCount(i) > 0;
            row.add(present ? value(group, i, schema.field(i).dataType()) : null);
        }
        return row;
    }

    private static Object value(Group group, int field, DataType type) {
        return switch (type) {
            case StructType struct -> struct(group.getGroup(field, 0), struct);
            case ArrayType(DataType element, boolean _) -> {
                Group list = group.getGroup(field, 0);
                List<@Nullable Object> values = new ArrayList<>();
                for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
                    values.add(member(list.getGroup(0, i), 0, element));
                }
                yield values;
            }
            case MapType(DataType key, DataType value, boolean _) -> {
                Group map = group.getGroup(field, 0);
                Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
                for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
                    Group entry = map.getGroup(0, i);
                    values.put(member(entry, 0, key), member(entry, 1, value));
                }
                yield values;
            }
            case DataType atomic -> atomic(group, field, atomic);
        };
    }

    private static @Nullable Object member(Group group, int field, DataType type) {
        return group.getFieldRepetitionCount(field) > 0 ? value(group, field, type) : null;
    }

    private static Object atomic(Group group, int field, DataType type) {
        PrimitiveType file = group.getType().getType(field).asPrimitiveType();
        if (type instanceof DecimalType decimal) {
            BigInteger unscaled = switch (file.getPrimitiveTypeName()) {
                case INT32 -> BigInteger.valueOf(group.getInteger(field, 0));
                case INT64 -> BigInteger.valueOf(group.getLong(field, 0));
                default -> new BigInteger(group.getBinary(field, 0).getBytes());
            };
            int scale = ((DecimalLogicalTypeAnnotation) file.getLogicalTypeAnnotation()).getScale();
            return new BigDecimal(unscaled, scale).setScale(decimal.scale());
        }
        return switch (file.getPrimitiveTypeName()) {
            case BOOLEAN -> group.getBoolean(field, 0);
            case FLOAT -> group.getFloat(field, 0);
            case DOUBLE -> group.getDouble(field, 0);
            case INT64 -> group.getLong(field, 0);
            case INT32 ->
                switch (type.typeName()) {
                    case "byte" -> (byte) group.getInteger(field, 0);
                    case "short" -> (short) group.getInteger(field, 0);
                    default -> group.getInteger(field, 0);
                };
            default -> {
                Binary binary = group.getBinary(field, 0);
                yield type instanceof StringType ? Slice.utf8(binary.toStringUsingUTF8()) : Slice.of(binary.getBytes());
            }
        };
    }

    /// Writes a file anew with a footer that says something else.
    static void changeFooter(Path file, Consumer<FileMetaData> change) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length - 8;
        int from = end - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, from, end - from));
        change.accept(footer);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        Util.writeFileMetaData(footer, out);
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(out.size() - from)
                .put(bytes, bytes.length - 4, 4)
                .array());
        Files.write(file, out.toByteArray());
    }
}
