package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_csv;
import static dev.headrace.functions.from_json;
import static dev.headrace.functions.from_protobuf;
import static dev.headrace.functions.from_xml;
import static dev.headrace.functions.octet_length;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.to_csv;
import static dev.headrace.functions.to_json;
import static dev.headrace.functions.to_protobuf;
import static dev.headrace.functions.to_xml;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.headrace.types.DataType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.LongType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/// Prints how fast the same rows are read on one thread as files and as payloads of each format. Not a test: run it as
/// a program, as `docs/decisions/0324-plain-xml-is-read-by-an-own-reader.md` says.
final class FormatsThroughput {
    private static final long ROWS = 300_000;
    private static final int ROUNDS = 5;

    private final Session session;
    private final String only;

    private FormatsThroughput(Session session, String only) {
        this.session = session;
        this.only = only;
    }

    /// @param args the name of the only measurement, if not all are wanted
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("formats");
        try (Session session = Session.builder()
                .master("local[1]")
                .config("spark.sql.session.timeZone", "UTC")
                .create()) {
            new FormatsThroughput(session, args.length > 0 ? args[0] : "").run(directory);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void run(Path directory) throws IOException {
        DataFrame bids = session.range(ROWS)
                .selectExpr(
                        "id AS auction",
                        "id * 7919 % 1000003 AS bidder",
                        "id * 104729 % 100000007 / 100.0D AS price",
                        "concat('channel-', id % 1000) AS channel",
                        "concat('https://www.nexmark.com/', hex(id * 2654435761), '/item.htm?query=1') AS url",
                        "repeat(chr(97 + CAST(id % 26 AS INT)), 50) AS extra");
        for (String format : new String[] {"csv", "json", "xml"}) {
            String path = directory.resolve(format).toString();
            if (wants(format + " files")) {
                Map<String, String> options = format.equals("xml") ? Map.of("rowTag", "bid") : Map.of();
                bids.write().format(format).options(options).save(path);
                files(
                        format,
                        path,
                        session.read()
                                .format(format)
                                .options(options)
                                .schema(bids.schema())
                                .load(path));
            }
        }
        StructType type = bids.schema();
        byte[] set = descriptors(type);
        payloads("json", bids.select(to_json(struct(col("*"))).as("p")), from_json(col("p"), type));
        payloads("csv", bids.select(to_csv(struct(col("*"))).as("p")), from_csv(col("p"), type, Map.of()));
        payloads("xml", bids.select(to_xml(struct(col("*"))).as("p")), from_xml(col("p"), type));
        payloads(
                "protobuf",
                bids.select(to_protobuf(struct(col("*")), "Bid", set).as("p")),
                from_protobuf(col("p"), "Bid", set));
    }

    private boolean wants(String name) {
        return name.contains(only);
    }

    private static void files(String format, String path, DataFrame rows) throws IOException {
        long bytes;
        try (Stream<Path> files = Files.walk(Path.of(path))) {
            bytes = files.filter(file -> file.toString().contains("part-"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
        measure(format + " files", bytes, rows);
    }

    private void payloads(String format, DataFrame payloads, Column decoded) {
        if (!wants(format + " payloads")) {
            return;
        }
        DataFrame held = payloads.cache();
        long bytes = held.agg(sum(octet_length(col("p")))).head().getLong(0);
        measure(format + " payloads", bytes, held.select(decoded.as("b")));
        held.unpersist();
    }

    private static void measure(String name, long bytes, DataFrame query) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            Frames.chunks(query, _ -> true);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        System.out.printf(
                "%-20s %5.0f bytes/row  %7.0f MB/s  %6.2f million rows/s%n",
                name, (double) bytes / ROWS, bytes / best / 1e6, ROWS / best / 1e6);
    }

    private static byte[] descriptors(StructType schema) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("Bid");
        for (StructField field : schema) {
            message.addField(FieldDescriptorProto.newBuilder()
                    .setName(field.name())
                    .setNumber(message.getFieldCount() + 1)
                    .setType(type(field.dataType()))
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL));
        }
        return FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder().setName("bid.proto").addMessageType(message))
                .build()
                .toByteArray();
    }

    private static FieldDescriptorProto.Type type(DataType type) {
        return switch (type) {
            case LongType _ -> FieldDescriptorProto.Type.TYPE_INT64;
            case DoubleType _ -> FieldDescriptorProto.Type.TYPE_DOUBLE;
            default -> FieldDescriptorProto.Type.TYPE_STRING;
        };
    }
}
