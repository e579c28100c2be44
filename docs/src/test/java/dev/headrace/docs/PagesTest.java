package dev.headrace.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class PagesTest {
    @TempDir
    Path directory;

    /// One test per block of Java on any page, named after the place of the block; as many at a time as there are
    /// processors.
    @TestFactory
    @Execution(ExecutionMode.CONCURRENT)
    Stream<DynamicTest> everyBlockCompilesAndRunsIfItSaysSo() {
        return Page.all().stream()
                .flatMap(page -> joined(page.javaBlocks()).stream())
                .map(block -> dynamicTest(block.place(), () -> check(block)));
    }

    @Test
    void everyLinkToAFileLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Page page : Page.all()) {
            Path folder = Page.ROOT.resolve(page.name()).getParent();
            page.localLinks().stream()
                    .filter(link -> !Files.exists(folder.resolve(link)))
                    .forEach(link -> broken.add(page.name() + " links to " + link));
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void blockThatDoesNotCompileIsReportedWithItsPlaceOnThePage() throws IOException {
        CodeBlock block = block(7, "", "public class Mill {", "    int grain = \"rye\";", "}");

        assertEquals(
                List.of("mill.md:8: incompatible types: java.lang.String cannot be converted to int"),
                new BlockRunner(directory).compile(block));
    }

    @Test
    void programPrintsWhatItsPageSays() throws Exception {
        CodeBlock block = block(3, "run", "void main() {", "    IO.println(\"rye\");", "}");
        BlockRunner runner = new BlockRunner(directory);

        assertEquals(List.of(), runner.compile(block));
        assertEquals(List.of("rye"), runner.run(block));
    }

    @Test
    void continuedBlockKeepsItsPlace() {
        CodeBlock whole = block(3, "", "int a = 1;").with(block(7, "continued", "int b = a;"));

        assertEquals(List.of("int a = 1;", "", "", "", "int b = a;"), whole.lines());
    }

    private void check(CodeBlock block) throws IOException, InterruptedException {
        BlockRunner runner = new BlockRunner(Files.createTempDirectory(directory, "block"));
        List<String> problems = runner.compile(block);
        assertTrue(problems.isEmpty(), () -> BlockRunner.report(problems));
        if (block.runs()) {
            List<String> output = runner.run(block);
            block.expectedOutput().ifPresent(expected -> assertEquals(expected, output, block.place()));
        }
    }

    private static List<CodeBlock> joined(List<CodeBlock> blocks) {
        List<CodeBlock> joined = new ArrayList<>();
        for (CodeBlock block : blocks) {
            joined.add(
                    block.continues() && !joined.isEmpty() ? joined.removeLast().with(block) : block);
        }
        return joined;
    }

    private static CodeBlock block(int firstLine, String mark, String... lines) {
        return new CodeBlock("mill.md", firstLine, mark, List.of(lines), Optional.empty());
    }
}
