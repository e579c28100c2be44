package dev.headrace.codegen;

import static dev.headrace.codegen.Exprs.arithmetic;
import static dev.headrace.codegen.Exprs.cast;
import static dev.headrace.codegen.Exprs.column;
import static dev.headrace.codegen.Exprs.compare;
import static dev.headrace.codegen.Exprs.constant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.exec.InterpretedProgram;
import dev.headrace.plan.ArithmeticOp;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What programs of generated code do beside computing the right values.
class CompiledProgramTest {
    private static final StructType SCHEMA =
            new StructType().add("id", "int").add("text", "string").add("pair", new StructType().add("x", "bigint"));
    private static final BoundExpr ID = column(SCHEMA, 0);
    private static final BoundExpr TEXT = column(SCHEMA, 1);
    private static final BoundExpr X = new BoundExpr.GetField(column(SCHEMA, 2), 0);

    private final BufferAllocator allocator = new RootAllocator();

    /// Fails if a test has left memory behind.
    @AfterEach
    void closeAllocator() {
        allocator.close();
    }

    @Test
    void aColumnIsSharedIfAllRowsPass() {
        try (Chunk input = chunk(row(1, "a", 10L), row(2, "b", 20L));
                Chunk result = run(program(compare(CompareOp.GREATER, ID, constant(0)), TEXT), input)) {
            assertEquals(
                    input.column(1).getDataBuffer().memoryAddress(),
                    result.column(0).getDataBuffer().memoryAddress());
        }
    }

    @Test
    void aFieldIsNullWhereItsStructIs() {
        try (Chunk input = chunk(row(1, "a", 10L), Arrays.asList(2, "b", null), row(3, "c", null), row(4, "d", 40L))) {
            assertEquals(
                    rows(row(10L), row((Object) null), row((Object) null), row(40L)), rows(program(null, X), input));
            assertEquals(
                    rows(row((Object) null), row((Object) null), row(40L)),
                    rows(program(compare(CompareOp.GREATER, ID, constant(1)), X), input));
        }
    }

    @Test
    void noRowsGiveNoRows() {
        try (Chunk input = chunk()) {
            assertEquals(rows(), rows(program(null, arithmetic(ArithmeticOp.ADD, ID, ID)), input));
        }
        try (Chunk input = chunk(row(1, "a", 10L))) {
            assertEquals(rows(), rows(program(compare(CompareOp.GREATER, ID, constant(5)), TEXT), input));
        }
    }

    @Test
    void memoryIsFreedWhenAnExpressionFailsInTheMiddleOfAChunk() {
        BoundExpr struct = new BoundExpr.MakeStruct(
                List.of(cast(ID, DataTypes.StringType), cast(TEXT, DataTypes.IntegerType)),
                new StructType().add("a", "string").add("b", "int"));
        ComputeProgram program = program(null, TEXT, cast(ID, DataTypes.StringType), struct);
        try (Chunk input = chunk(row(1, "7", 1L), row(2, "none", 2L))) {
            DataException failure = assertThrows(DataException.class, () -> run(program, input));
            assertEquals("CAST_INVALID_INPUT", failure.code());
        }
    }

    @Test
    void aWorkerGoesOnAfterAFailure() {
        ComputeProgram program = program(null, cast(TEXT, DataTypes.IntegerType));
        try (ComputeProgram.Worker worker = program.start(Exprs.CONTEXT, allocator);
                Chunk bad = chunk(row(1, "x", 1L));
                Chunk good = chunk(row(1, "5", 1L))) {
            assertThrows(DataException.class, () -> worker.run(bad));
            try (Chunk result = worker.run(good)) {
                assertEquals(rows(row(5)), Outcome.rows(result));
            }
        }
    }

    @Test
    void longStringsMakeTheirVectorGrow() {
        String text = "0123456789".repeat(500);
        List<List<@Nullable Object>> given = new ArrayList<>(Collections.nCopies(100, row(1, text, 1L)));
        BoundExpr choice =
                new BoundExpr.Coalesce(List.of(cast(cast(TEXT, DataTypes.BinaryType), DataTypes.StringType), TEXT));
        try (Chunk input = chunk(given)) {
            assertEquals(Collections.nCopies(100, List.of(Slice.utf8(text))), rows(program(null, choice), input));
        }
    }

    @Test
    void programsThatDifferInTextConstantsOnlyShareAClass() {
        GeneratedSource first = source(compare(CompareOp.EQUAL, TEXT, constant("first")));
        GeneratedSource second = source(compare(CompareOp.EQUAL, TEXT, constant("second")));
        assertEquals(first.code(), second.code());
        assertSame(GeneratedClasses.constructor(first), GeneratedClasses.constructor(second));
    }

    @Test
    void methodsOfWideProjectionsAreShortEnoughForTheJit() {
        List<BoundExpr> outputs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            BoundExpr sum = arithmetic(ArithmeticOp.ADD, arithmetic(ArithmeticOp.MULTIPLY, ID, constant(i)), ID);
            outputs.add(new BoundExpr.Case(
                    List.of(new BoundExpr.Case.Branch(
                            compare(CompareOp.LESS, ID, constant(i)), cast(TEXT, DataTypes.IntegerType))),
                    Optional.of(sum),
                    DataTypes.IntegerType));
        }
        byte[] compiled = GeneratedClasses.compile(
                source(outputs.toArray(BoundExpr[]::new)).code());
        int longest = 0;
        for (MethodModel method : ClassFile.of().parse(compiled).methods()) {
            longest = Math.max(
                    longest,
                    method.findAttribute(java.lang.classfile.Attributes.code())
                            .map(CodeAttribute::codeLength)
                            .orElse(0));
        }
        assertTrue(longest > 1_000 && longest < 8_000, longest + " bytes");
    }

    @Test
    void fewRowsAreInterpretedAndManyRunAsCode() {
        List<BoundExpr> outputs = List.of(arithmetic(ArithmeticOp.ADD, ID, ID));
        StructType schema = Exprs.schemaOf(outputs);
        int[] compilations = {0};
        ComputeProgram program = new AdaptiveProgram(
                new InterpretedProgram(Optional.empty(), outputs, schema),
                () -> source(outputs.getFirst()),
                () -> {
                    compilations[0]++;
                    return CompiledProgram.compile(Optional.empty(), outputs, schema);
                },
                () -> true);
        try (Chunk input = chunk(new ArrayList<>(Collections.nCopies(3_000, row(3, "a", 1L))));
                ComputeProgram.Worker worker = program.start(Exprs.CONTEXT, allocator)) {
            for (int run = 1; run <= 5; run++) {
                try (Chunk result = worker.run(input)) {
                    assertEquals(Collections.nCopies(3_000, List.of(6)), Outcome.rows(result));
                }
                assertEquals(run * 3_000 < AdaptiveProgram.WORTH_COMPILING ? 0 : 1, compilations[0], "run " + run);
            }
        }
    }

    @Test
    void aProgramThatCannotBeCompiledIsInterpreted() {
        List<BoundExpr> outputs = List.of(arithmetic(ArithmeticOp.ADD, ID, ID));
        ComputeProgram program = new AdaptiveProgram(
                new InterpretedProgram(Optional.empty(), outputs, Exprs.schemaOf(outputs)),
                () -> source(outputs.getFirst()),
                () -> {
                    throw new CodeRejectedException(new IllegalStateException("a method that is too large"));
                },
                () -> true);
        try (Chunk input = chunk(new ArrayList<>(Collections.nCopies(40_000, row(3, "a", 1L))))) {
            assertEquals(Collections.nCopies(40_000, List.of(6)), rows(program, input));
        }
    }

    private static GeneratedSource source(BoundExpr... outputs) {
        return GeneratedSource.of(ComputePlan.of(Optional.empty(), List.of(outputs)));
    }

    private static ComputeProgram program(@Nullable BoundExpr predicate, BoundExpr... outputs) {
        List<BoundExpr> all = List.of(outputs);
        return CompiledProgram.compile(Optional.ofNullable(predicate), all, Exprs.schemaOf(all));
    }

    private Chunk run(ComputeProgram program, Chunk input) {
        try (ComputeProgram.Worker worker = program.start(Exprs.CONTEXT, allocator)) {
            return worker.run(input);
        }
    }

    private List<List<@Nullable Object>> rows(ComputeProgram program, Chunk input) {
        try (Chunk result = run(program, input)) {
            return Outcome.rows(result);
        }
    }

    @SafeVarargs
    private static List<List<@Nullable Object>> rows(List<@Nullable Object>... rows) {
        return List.of(rows);
    }

    private static List<@Nullable Object> row(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private static List<@Nullable Object> row(int id, String text, @Nullable Long x) {
        return Arrays.asList(id, text, Collections.singletonList(x));
    }

    @SafeVarargs
    private Chunk chunk(List<@Nullable Object>... rows) {
        return chunk(List.of(rows));
    }

    private Chunk chunk(List<List<@Nullable Object>> rows) {
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (List<@Nullable Object> row : rows) {
                List<@Nullable Object> cells = new ArrayList<>(row);
                cells.replaceAll(value -> value instanceof String text ? Slice.utf8(text) : value);
                builder.add(cells);
            }
            return builder.build();
        }
    }
}
