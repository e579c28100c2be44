package dev.headrace.cli;

import dev.headrace.errors.QueryException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Jars that a user adds behind ours: a database's driver, the file system of a store, functions.
///
/// A class path can't be made longer once the JVM runs, and what looks for services of others, such as JDBC's
/// `DriverManager`, sees only what is on it. So the launcher puts the jars there, and what is left to do here is to
/// say which are missing; `run` and `shell` give them to the JVM that they start.
///
/// @param origin what has named them
record AddedJars(String origin, List<Path> files) {
    /// The option that names them.
    static final String OPTION = "--jars";

    /// The variable of the environment that names them.
    static final String VARIABLE = "HEADRACE_JARS";

    static final String DESCRIPTION =
            "Jars to be added, such as a JDBC driver, separated by commas; a folder stands for the jars in it.";

    /// @param lists jars and folders, separated by commas
    /// @throws QueryException `JAR_NOT_FOUND`
    static AddedJars of(String origin, List<String> lists) {
        List<Path> files = new ArrayList<>();
        for (String list : lists) {
            for (String name : list.split(",")) {
                if (!name.isEmpty()) {
                    files.addAll(files(origin, name));
                }
            }
        }
        return new AddedJars(origin, List.copyOf(files));
    }

    private static List<Path> files(String origin, String name) {
        Path path = Path.of(name.endsWith("/*") ? name.substring(0, name.length() - 1) : name);
        if (!Files.isDirectory(path)) {
            if (!Files.isReadable(path)) {
                throw new QueryException(
                        "JAR_NOT_FOUND",
                        origin + " names '" + name + "', which isn't there or can't be read. Expected are jars, and"
                                + " folders with jars, separated by commas.");
            }
            return List.of(path);
        }
        try (Stream<Path> inside = Files.list(path)) {
            List<Path> jars = inside.filter(file -> file.toString().matches(".*\\.(jar|JAR)"))
                    .sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw new QueryException("JAR_NOT_FOUND", origin + " names '" + name + "', a folder without jars.");
            }
            return jars;
        } catch (IOException unreadable) {
            throw new QueryException(
                    "JAR_NOT_FOUND",
                    origin + " names '" + name + "', a folder that can't be read: " + unreadable + ".",
                    unreadable);
        }
    }

    /// A class path with the jars at its end.
    String behind(String classPath) {
        return Stream.concat(Stream.of(classPath), files.stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /// @throws QueryException `JAR_NOT_ADDED`, if the program was not started by the launcher
    void requireOn(String classPath) {
        if (files.isEmpty()) {
            return;
        }
        Set<Path> there = Arrays.stream(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .collect(Collectors.toSet());
        for (Path file : files) {
            if (!there.contains(file.toAbsolutePath().normalize())) {
                throw new QueryException(
                        "JAR_NOT_ADDED",
                        "'" + file + "' of " + origin + " is not on the class path. The launcher puts it there: run"
                                + " ./headrace.");
            }
        }
    }
}
