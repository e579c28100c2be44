package dev.headrace.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.DeltaConnector;
import dev.headrace.engine.MicroBatchEngine;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Programs run what `build/LinkAhead.java` has written: no class is generated for a switch over types or for a record
/// while a first query waits.
class LinkedAheadTest {
    @Test
    void noClassOfOursLeavesSwitchesAndRecordsToBeLinkedWhenTheyAreFirstRun() throws Exception {
        for (Class<?> ofModule : List.of(Session.class, MicroBatchEngine.class, DeltaConnector.class)) {
            Path classes = Path.of(
                    ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
            List<ClassModel> all = Files.isDirectory(classes) ? classesBelow(classes) : classesOfJar(classes);
            assertTrue(all.size() > 100, classes + " has " + all.size() + " classes");
            assertEquals(
                    List.of(),
                    all.stream().flatMap(LinkedAheadTest::linkedWhenRun).toList());
        }
    }

    private static List<ClassModel> classesOfJar(Path jar) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            return classesBelow(files.getPath("/"));
        }
    }

    private static List<ClassModel> classesBelow(Path directory) throws IOException {
        List<ClassModel> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                classes.add(ClassFile.of().parse(Files.readAllBytes(file)));
            }
        }
        return classes;
    }

    private static Stream<String> linkedWhenRun(ClassModel type) {
        return type.methods().stream()
                .flatMap(method -> method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .filter(element ->
                                element instanceof InvokeDynamicInstruction call && isSwitchOverTypesOrRecord(call))
                        .map(_ -> type.thisClass().asInternalName() + "."
                                + method.methodName().stringValue()));
    }

    private static boolean isSwitchOverTypesOrRecord(InvokeDynamicInstruction call) {
        var bootstrap = call.invokedynamic().bootstrap();
        return switch (bootstrap.bootstrapMethod().reference().owner().asInternalName()) {
            case "java/lang/runtime/SwitchBootstraps" ->
                bootstrap.arguments().stream().allMatch(ClassEntry.class::isInstance);
            case "java/lang/runtime/ObjectMethods" -> !call.name().equalsString("toString");
            default -> false;
        };
    }
}
