package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelSpecTest {
    @TempDir
    Path directory;

    @Test
    void kernelThatIsNotBuiltSaysHowToBuildIt() {
        Path home = directory.resolve("home");

        UnavailableException error =
                assertThrows(UnavailableException.class, () -> KernelSpec.of(home, List.of(), "/a.jar"));

        assertEquals(
                "[KERNEL_NOT_BUILT] " + home + "/notebooks/target/headrace-notebooks.jar isn't there. Build it: "
                        + "mvn -Dheadrace.quick -DskipTests -pl notebooks -am package",
                error.getMessage());
    }

    @Test
    void specNamesOurJarFirstAndTheKernelsJarsLast() throws IOException {
        Path target = directory.resolve("notebooks/target");
        Files.createDirectories(target.resolve("lib"));
        Files.writeString(target.resolve("headrace-notebooks.jar"), "");
        Files.writeString(target.resolve("lib/kernel.jar"), "");

        Path installed =
                KernelSpec.of(directory, List.of("-Xmx1g"), "/a.jar:/b.jar").install(directory);

        JsonNode spec =
                new ObjectMapper().readTree(installed.resolve("kernel.json").toFile());
        assertEquals("Headrace Java", spec.path("display_name").asText());
        assertEquals("-Xmx1g", spec.path("argv").get(1).asText());
        String classPath =
                target.resolve("headrace-notebooks.jar") + ":/a.jar:/b.jar:" + target.resolve("lib/kernel.jar");
        assertTrue(spec.path("argv").toString().contains(classPath), spec.toString());
        assertTrue(spec.path("argv").toString().contains("-XX:AOTCache=" + target.resolve("kernel.aot")));
        assertEquals("message", spec.path("interrupt_mode").asText());
        assertEquals(
                Path.of(System.getProperty("user.home"), ".cache/headrace/maven"),
                target.resolve("lib")
                        .resolve(spec.path("env").path("RJK_MIMA_CACHE").asText())
                        .normalize());
        assertTrue(KernelSpec.uninstall(directory));
        assertFalse(KernelSpec.uninstall(directory));
    }

    @Test
    void jupyterIsLookedForOnThePath() throws IOException {
        Path program = directory.resolve("jupyter-notebook");
        Files.writeString(program, "");
        assertEquals(Optional.empty(), NotebookCommand.Jupyter.find(directory.toString()));
        assertTrue(program.toFile().setExecutable(true));
        assertEquals(
                Optional.of(new NotebookCommand.Jupyter(program)),
                NotebookCommand.Jupyter.find("/nowhere:" + directory));
        assertEquals(Optional.empty(), NotebookCommand.Jupyter.find(null));
    }

    @Test
    void missingJupyterSaysWhatToInstall() {
        assertEquals(
                "[JUPYTER_NOT_FOUND] No program jupyter-notebook or jupyter-lab is on the PATH. Install one (Debian: apt install "
                        + "jupyter-notebook jupyter-nbconvert; elsewhere: pip install notebook) and try again.",
                NotebookCommand.noJupyter().getMessage());
    }
}
