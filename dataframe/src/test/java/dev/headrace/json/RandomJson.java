package dev.headrace.json;

import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Random schemas, and random documents that mostly follow them: fields missing, unknown, out of order, of another
/// type. No name comes twice in an object, and strings have no field of their own that isn't text.
final class RandomJson {
    private static final DataType[] SCALARS = {
        DataTypes.BooleanType, DataTypes.IntegerType, DataTypes.LongType, DataTypes.DoubleType, DataTypes.StringType
    };
    private static final String[] PIECES = {
        "a",
        "plain",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u00e4",
        "\\ud83d\\ude00",
        "\u00e4",
        "\u20ac",
        "\ud83d\ude00",
        "{",
        "}",
        "[",
        ",",
        ":",
        " ",
        "a longer piece of text",
        "'",
        "/",
        "\u007f"
    };

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    DataType struct(int depth) {
        List<StructField> fields = new ArrayList<>();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            fields.add(new StructField("f" + "x".repeat(random.nextInt(20)) + i, type(depth - 1), true));
        }
        return new StructType(fields);
    }

    private DataType type(int depth) {
        if (depth <= 0 || random.nextInt(3) > 0) {
            return SCALARS[random.nextInt(SCALARS.length)];
        }
        return switch (random.nextInt(3)) {
            case 0 -> new ArrayType(type(depth - 1), true);
            case 1 -> new MapType(DataTypes.StringType, type(depth - 1), true);
            default -> struct(depth);
        };
    }

    String document(StructType schema) {
        return blank() + object(schema) + blank();
    }

    private String object(StructType schema) {
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        if (random.nextInt(4) == 0) {
            Collections.shuffle(fields, random);
        }
        List<String> members = new ArrayList<>();
        for (StructField field : fields) {
            if (random.nextInt(10) > 0) {
                members.add(member(field.name(), value(field.dataType())));
            }
            if (random.nextInt(10) == 0) {
                members.add(member("unknown" + members.size(), any(2)));
            }
        }
        return "{" + blank() + String.join(blank() + "," + blank(), members) + blank() + "}";
    }

    private String member(String name, String value) {
        boolean escaped = name.startsWith("f") && random.nextInt(20) == 0;
        String written = escaped ? "\\u0066" + name.substring(1) : name;
        return "\"" + written + "\"" + blank() + ":" + blank() + value;
    }

    private String value(DataType type) {
        if (random.nextInt(15) == 0) {
            return type instanceof StringType ? "null" : any(2);
        }
        return switch (type) {
            case BooleanType _ -> String.valueOf(random.nextBoolean());
            case IntegerType _ -> integer(Integer.SIZE);
            case LongType _ -> integer(Long.SIZE);
            case DoubleType _ -> random.nextBoolean() ? decimal() : integer(40);
            case StringType _ -> string();
            case ArrayType(DataType element, boolean _) -> array(element);
            case MapType(DataType _, DataType element, boolean _) -> map(element);
            case StructType struct -> object(struct);
            default -> throw new IllegalArgumentException(type.toString());
        };
    }

    private String array(DataType element) {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(value(element));
        }
        return "[" + blank() + String.join(blank() + "," + blank(), elements) + blank() + "]";
    }

    private String map(DataType element) {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            members.add("\"" + i + "key\"" + blank() + ":" + blank() + value(element));
        }
        return "{" + String.join(blank() + "," + blank(), members) + "}";
    }

    private String any(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> "true";
            case 1 -> "null";
            case 2 -> integer(70);
            case 3 -> decimal();
            case 4 -> string();
            case 5 -> "false";
            case 6 -> "[" + any(depth - 1) + "," + any(depth - 1) + "]";
            default -> "{\"p\":" + any(depth - 1) + ",\"q\":" + any(depth - 1) + "}";
        };
    }

    private String integer(int bits) {
        java.math.BigInteger number = new java.math.BigInteger(1 + random.nextInt(bits), random);
        return random.nextBoolean()
                ? number.toString()
                : number.signum() == 0 ? "0" : number.negate().toString();
    }

    private String decimal() {
        return switch (random.nextInt(5)) {
            case 0 -> String.valueOf(random.nextDouble());
            case 1 -> String.valueOf(random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300));
            case 2 -> random.nextInt(1000) + "." + String.format("%02d", random.nextInt(100));
            case 3 -> random.nextInt(1000) + "e" + (random.nextInt(40) - 20);
            default -> "-" + random.nextInt(10) + "." + integer(100).replace("-", "") + "E+" + random.nextInt(10);
        };
    }

    private String string() {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 40 : 6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }

    private String blank() {
        return random.nextInt(8) == 0 ? " \t\n\r".substring(random.nextInt(4)) : "";
    }
}
