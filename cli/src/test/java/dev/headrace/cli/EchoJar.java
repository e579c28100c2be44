package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/// A jar as users add them: with a JDBC driver of `jdbc:echo:`, and a file system of `echo://here` that is the local
/// one.
final class EchoJar {
    private EchoJar() {}

    static Path in(Path folder) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("jar/echo"));
        Path driver = Files.writeString(sources.resolve("Echo.java"), """
                package echo;

                import java.sql.*;
                import java.util.*;

                public class Echo implements Driver {
                    public static final String NAME = "echo";

                    static {
                        try {
                            DriverManager.registerDriver(new Echo());
                        } catch (SQLException e) {
                            throw new ExceptionInInitializerError(e);
                        }
                    }

                    public Connection connect(String url, Properties info) throws SQLException {
                        if (acceptsURL(url)) {
                            throw new SQLException("the driver was asked for it");
                        }
                        return null;
                    }

                    public boolean acceptsURL(String url) {
                        return url.startsWith("jdbc:echo:");
                    }

                    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
                        return new DriverPropertyInfo[0];
                    }

                    public int getMajorVersion() {
                        return 1;
                    }

                    public int getMinorVersion() {
                        return 0;
                    }

                    public boolean jdbcCompliant() {
                        return false;
                    }

                    public java.util.logging.Logger getParentLogger() {
                        return null;
                    }

                    public String toString() {
                        return "Echo";
                    }
                }
                """);
        Path files = Files.writeString(sources.resolve("EchoFiles.java"), """
                package echo;

                import java.net.URI;
                import org.apache.hadoop.fs.RawLocalFileSystem;

                public class EchoFiles extends RawLocalFileSystem {
                    public String getScheme() {
                        return "echo";
                    }

                    public URI getUri() {
                        return URI.create("echo://here");
                    }
                }
                """);
        String[] options = {"-proc:none", "-classpath", ChildJvm.classPath(), driver.toString(), files.toString()};
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, options));
        Path jar = folder.resolve("echo.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "echo/Echo.class", Files.readAllBytes(sources.resolve("Echo.class")));
            add(zip, "echo/EchoFiles.class", Files.readAllBytes(sources.resolve("EchoFiles.class")));
            add(zip, "META-INF/services/java.sql.Driver", "echo.Echo".getBytes(StandardCharsets.UTF_8));
            add(
                    zip,
                    "META-INF/services/org.apache.hadoop.fs.FileSystem",
                    "echo.EchoFiles".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
