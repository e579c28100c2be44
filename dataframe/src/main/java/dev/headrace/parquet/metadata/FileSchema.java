package dev.headrace.parquet.metadata;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/// The columns of a file, and of all others whose footers have the same bytes there, as those of a table as a rule do:
/// what is made of these bytes is made once. Immutable.
public final class FileSchema {
    private final byte[] elements;
    private final byte[] orders;
    private final MessageType message;
    private final List<Leaf> leaves = new ArrayList<>();
    private final Map<ColumnPath, Integer> ordinals = new HashMap<>();

    /// Where in a footer a schema lies.
    ///
    /// @param ordersFrom where the orders of the columns begin; [#ordersTo] if there are none
    record Source(byte[] footer, int elementsFrom, int elementsTo, int ordersFrom, int ordersTo) {}

    /// A column that has values of its own.
    ///
    /// @param encodedPath the path as the bytes of a footer
    record Leaf(ColumnPath path, PrimitiveType type, byte[] encodedPath) {}

    private FileSchema(Source source, MessageType message) {
        this.elements = Arrays.copyOfRange(source.footer, source.elementsFrom, source.elementsTo);
        this.orders = Arrays.copyOfRange(source.footer, source.ordersFrom, source.ordersTo);
        this.message = message;
        for (ColumnDescriptor column : message.getColumns()) {
            ColumnPath path = ColumnPath.get(column.getPath());
            ordinals.put(path, leaves.size());
            leaves.add(new Leaf(path, column.getPrimitiveType(), encoded(column.getPath())));
        }
    }

    /// A schema that is in no file.
    public static FileSchema of(MessageType message) {
        return new FileSchema(new Source(new byte[0], 0, 0, 0, 0), message);
    }

    static FileSchema read(Source source) {
        return new FileSchema(source, SchemaReader.read(source));
    }

    boolean isThatOf(Source source) {
        return Arrays.equals(elements, 0, elements.length, source.footer, source.elementsFrom, source.elementsTo)
                && Arrays.equals(orders, 0, orders.length, source.footer, source.ordersFrom, source.ordersTo);
    }

    /// Its tree, in the library's form.
    public MessageType message() {
        return message;
    }

    /// How many columns have values of their own.
    public int leafCount() {
        return leaves.size();
    }

    /// The place of a column among those that have values; [#leafCount] if it is none of them.
    public int ordinal(ColumnPath path) {
        return ordinals.getOrDefault(path, leaves.size());
    }

    /// The column whose path a footer has from `from` to `to`.
    ///
    /// @param likely the place where it probably is
    Leaf leaf(byte[] footer, int from, int to, int likely) {
        if (likely < leaves.size()) {
            byte[] encoded = leaves.get(likely).encodedPath;
            if (Arrays.equals(footer, from, to, encoded, 0, encoded.length)) {
                return leaves.get(likely);
            }
        }
        CompactReader in = CompactReader.ofList(footer, from, to);
        String[] path = new String[in.binaries()];
        for (int i = 0; i < path.length; i++) {
            path[i] = in.string();
        }
        Integer ordinal = ordinals.get(ColumnPath.get(path));
        if (ordinal == null) {
            throw new MalformedMetadataException("the column '" + String.join(".", path) + "' is not in the schema");
        }
        return leaves.get(ordinal);
    }

    /// A list of texts in Thrift's compact protocol.
    private static byte[] encoded(String[] path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (path.length < 15) {
            out.write(path.length << 4 | CompactReader.BINARY);
        } else {
            out.write(0xf0 | CompactReader.BINARY);
            writeNumber(path.length, out);
        }
        for (String name : path) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            writeNumber(utf8.length, out);
            out.writeBytes(utf8);
        }
        return out.toByteArray();
    }

    private static void writeNumber(int number, ByteArrayOutputStream out) {
        int left = number;
        while (left >= 0x80) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    @Override
    public String toString() {
        return message.toString();
    }
}
