package dev.headrace.codegen;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The Java class of a program.
///
/// @param text the source as people read it
/// @param code the source as it is compiled: equal for programs that differ in names and in constants other than
///     numbers
/// @param constants what an instance is given
/// @param paths the columns and fields that the code reads
record GeneratedSource(String text, String code, List<Object> constants, Set<Path> paths) {
    static final String CLASS_NAME = "dev.headrace.codegen.Compute";

    static GeneratedSource of(ComputePlan plan) {
        return new Writer(plan).write();
    }

    private static final class Writer {
        private final ComputePlan plan;
        private final ClassParts parts = new ClassParts();
        private final SourceWriter methods = new SourceWriter();
        private final Set<Path> paths = new LinkedHashSet<>();

        Writer(ComputePlan plan) {
            this.plan = plan;
        }

        GeneratedSource write() {
            plan.select().ifPresent(this::writeSelect);
            if (!plan.project().isEmpty()) {
                writeProject();
            }
            SourceWriter code = new SourceWriter();
            code.line("package dev.headrace.codegen;");
            code.blank();
            parts.writeImports(code);
            code.blank();
            code.open("final class Compute extends ComputeBody");
            parts.constants().writeFields(code);
            code.line("private final EvalContext context;");
            code.blank();
            code.open("Compute(Object[] constants, EvalContext context)");
            parts.constants().writeAssignments(code);
            code.line("this.context = context;");
            code.close();
            code.append(methods);
            code.close();
            return new GeneratedSource(
                    code.toString(), code.code(), List.copyOf(parts.constants().values()), Set.copyOf(paths));
        }

        private void writeSelect(Loop loop) {
            methods.blank();
            methods.open("int select(boolean dense, Chunk input, int[] rows, FieldVector[] targets)");
            methods.line("return dense ? selectDense(input, rows, targets) : selectWithNulls(input, rows, targets);");
            methods.close();
            loop.write(methods, "selectDense", true, parts, paths);
            loop.write(methods, "selectWithNulls", false, parts, paths);
        }

        private void writeProject() {
            methods.blank();
            methods.open("void project(boolean dense, Chunk input, int[] rows, int count, FieldVector[] targets)");
            methods.open("if (dense)");
            writeCalls("Dense");
            methods.next("else");
            writeCalls("WithNulls");
            methods.close();
            methods.close();
            for (int i = 0; i < plan.project().size(); i++) {
                plan.project().get(i).write(methods, "project" + i + "Dense", true, parts, paths);
                plan.project().get(i).write(methods, "project" + i + "WithNulls", false, parts, paths);
            }
        }

        private void writeCalls(String variant) {
            for (int i = 0; i < plan.project().size(); i++) {
                methods.line("project" + i + variant + "(input, rows, count, targets);");
            }
        }
    }
}
