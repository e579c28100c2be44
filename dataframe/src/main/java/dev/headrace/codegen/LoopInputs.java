package dev.headrace.codegen;

import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a loop reads, and where: addresses looked up before the loop, and the expressions that read a row.
final class LoopInputs {
    private final boolean dense;
    private final SourceWriter header = new SourceWriter();
    private final Set<String> declared = new LinkedHashSet<>();
    private final Set<Path> paths = new LinkedHashSet<>();

    LoopInputs(boolean dense) {
        this.dense = dense;
    }

    boolean dense() {
        return dense;
    }

    /// The lines to put before the loop.
    SourceWriter header() {
        return header;
    }

    /// All that is read.
    Set<Path> paths() {
        return paths;
    }

    private String declare(String type, String name, String value) {
        if (declared.add(name)) {
            header.line(type + " " + name + " = " + value + ";");
        }
        return name;
    }

    private String vector(Path path) {
        String name = "column" + path.suffix();
        return path.isColumn()
                ? declare("FieldVector", name, "input.column(" + path.last() + ")")
                : declare("FieldVector", name, "Vectors.child(" + vector(path.parent()) + ", " + path.last() + ")");
    }

    /// Notes that a path is read, so that a chunk counts as dense only if it has no nulls there.
    void use(Path path) {
        paths.add(path);
    }

    /// Whether the row has no value at a path, structs around it aside.
    String isNull(Path path) {
        use(path);
        String valid = declare("long", "valid" + path.suffix(), "Vectors.validity(" + vector(path) + ")");
        return valid + " != 0L && !Memory.bit(" + valid + ", row)";
    }

    /// The value at a path as an expression, for types other than string and binary.
    String read(Path path, DataType type) {
        use(path);
        JavaType java = JavaType.of(type);
        return switch (java) {
            case BOOLEAN -> "Memory.bit(" + data(path) + ", row)";
            case BYTE, SHORT, INT, LONG, FLOAT, DOUBLE ->
                "Memory.get" + java.memoryName() + "(" + data(path) + " + " + java.width + "L * row)";
            case DECIMAL -> "Vectors.decimal(" + data(path) + " + 16L * row, " + ((DecimalType) type).scale() + ")";
            case LIST, MAP -> "(" + java.type + ") Cell.read(" + vector(path) + ", row)";
            case SLICE, VOID -> throw new IllegalArgumentException("no single read of " + type.simpleString());
        };
    }

    /// The address of a decimal.
    String decimalAddress(Path path) {
        use(path);
        return data(path) + " + 16L * row";
    }

    /// The statement that moves the slice of a string or binary to the row.
    String pointSlice(Path path) {
        use(path);
        String offsets = declare("long", "offsets" + path.suffix(), "Vectors.offsets(" + vector(path) + ")");
        return "Vectors.point(" + slice(path) + ", " + data(path) + ", " + offsets + ", row);";
    }

    /// The slice of a string or binary column.
    String slice(Path path) {
        return declare("Slice", "slice" + path.suffix(), "new Slice()");
    }

    private String data(Path path) {
        return declare("long", "data" + path.suffix(), "Vectors.data(" + vector(path) + ")");
    }
}
