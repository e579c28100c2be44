package dev.headrace.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.ExtremeStatements;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.InterpretedProgram;
import dev.headrace.function.EvalContext;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.NullType;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every function and operator with nulls in each place, the ends of the types, values of other types, and no rows:
/// each has a definite outcome, and generated code gives the same as the interpreter, over columns as over
/// constants.
class ExtremesIT {
    /// Functions whose results differ from run to run, those that Spark's SQL has another word for, and those that need
    /// a file, which `ProtobufFunctionsTest` calls.
    private static final Set<String> WITHOUT = Set.of(
            "from_protobuf",
            "to_protobuf",
            "with_field",
            "drop_fields",
            "getitem",
            "second_with_fraction",
            "timestamp_add_interval",
            "variant_entries",
            "json_fields",
            "product",
            "rand",
            "randn",
            "uniform",
            "randstr",
            "uuid",
            "shuffle",
            "aes_encrypt",
            "unix_timestamp",
            "to_unix_timestamp");

    private static List<String> all() {
        return ExtremeStatements.all().values().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    @Test
    void everyFunctionWithArgumentsIsAmongThem() {
        Set<String> words = all().stream()
                .flatMap(sql -> Stream.of(sql.toLowerCase(Locale.ROOT).split("[ (),]+")))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (String name : FunctionRegistry.names()) {
            List<String> usages = FunctionRegistry.describe(name).stream()
                    .filter(line -> line.startsWith("Usage: "))
                    .map(line -> line.substring("Usage: ".length()))
                    .toList();
            String canonical = usages.getFirst().substring(0, usages.getFirst().indexOf('('));
            boolean takesNothing = usages.stream().allMatch(usage -> usage.endsWith("()"));
            if (!takesNothing && !WITHOUT.contains(canonical) && !words.contains(canonical)) {
                missing.add(canonical);
            }
        }
        assertTrue(missing.isEmpty(), "no statement with " + missing);
    }

    @Test
    void generatedCodeGivesTheSameOverColumns() {
        List<String> different = new ArrayList<>();
        int compared = 0;
        try (Session session = Session.builder()
                        .master("local[1]")
                        .config("spark.sql.session.timeZone", "UTC")
                        .create();
                BufferAllocator allocator = new RootAllocator()) {
            for (String sql : all()) {
                try {
                    Optional<BoundExpr> expr = sql.contains(" FROM ") ? Optional.empty() : bound(session, sql);
                    if (expr.isPresent()) {
                        compared++;
                        compare(sql, expr.get(), allocator).ifPresent(different::add);
                    }
                } catch (RuntimeException | LinkageError bug) {
                    different.add(sql + "\n    " + bug);
                }
            }
        }
        assertEquals("", String.join("\n", different));
        assertTrue(compared > 2000, compared + " were compared");
    }

    /// The expression of a statement without FROM, if it can be bound at all.
    private static Optional<BoundExpr> bound(Session session, String sql) {
        try {
            return Frames.plan(session.sql(sql))
                                    instanceof LogicalPlan.Project(LogicalPlan.LocalRelation _, var columns)
                            && columns.size() == 1
                            && columns.getFirst().expr().deterministic()
                    ? columns.stream().map(OutputColumn::expr).findFirst()
                    : Optional.empty();
        } catch (HeadraceException refused) {
            return Optional.empty();
        }
    }

    private static Optional<String> compare(String sql, BoundExpr constant, BufferAllocator allocator) {
        List<@Nullable Object> values = new ArrayList<>();
        StructType[] schema = {new StructType()};
        BoundExpr overColumns = constant.transformUp(node -> {
            if (!(node instanceof BoundExpr.Literal literal) || literal.type() instanceof NullType) {
                return node;
            }
            values.add(literal.value().value());
            schema[0] = schema[0].add("c" + (values.size() - 1), literal.type(), true);
            return new BoundExpr.Column(values.size() - 1, "c" + (values.size() - 1), literal.type(), true);
        });
        if (overColumns.type() instanceof NullType) {
            return Optional.empty();
        }
        StructType result = new StructType().add("v", overColumns.type(), true);
        try (ChunkBuilder builder = new ChunkBuilder(schema[0], allocator)) {
            builder.add(values);
            try (Chunk row = builder.build()) {
                Outcome interpreted =
                        outcome(new InterpretedProgram(Optional.empty(), List.of(overColumns), result), row, allocator);
                Outcome asConstant =
                        outcome(new InterpretedProgram(Optional.empty(), List.of(constant), result), row, allocator);
                Outcome generated = outcome(
                        CompiledProgram.compile(Optional.empty(), List.of(overColumns), result), row, allocator);
                return interpreted.equals(generated) && interpreted.equals(asConstant) && isDefinite(interpreted)
                        ? Optional.empty()
                        : Optional.of(sql + "\n    interpreted " + interpreted + "\n    constant    " + asConstant
                                + "\n    generated   " + generated);
            }
        }
    }

    /// Whether it is a value, or an error with a code.
    private static boolean isDefinite(Outcome outcome) {
        return !(outcome instanceof Outcome.Failed(String code)) || !code.contains(".");
    }

    private static Outcome outcome(ComputeProgram program, Chunk row, BufferAllocator allocator) {
        EvalContext context = new EvalContext(ZoneId.of("UTC"), 1_700_000_000_000_000L, 1);
        return Outcome.of(program, row, context, allocator);
    }
}
