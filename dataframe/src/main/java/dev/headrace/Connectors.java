package dev.headrace;

import dev.headrace.connector.Connector;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The connectors on the class path, by format. Thread-safe.
final class Connectors {
    private static final String ENGINE = "dev.headrace:headrace-microbatch-engine";
    private static final Map<String, String> OTHER_MODULES = Map.of(
            "kafka", ENGINE,
            "rate", ENGINE,
            "rate-micro-batch", ENGINE,
            "socket", ENGINE,
            "memory", ENGINE,
            "console", ENGINE,
            "delta", "dev.headrace:headrace-lakehouse-sink");

    private @Nullable Map<String, Connector> byFormat;

    /// Looks for them when one is asked for: that opens each jar of the class path.
    private synchronized Map<String, Connector> byFormat() {
        Map<String, Connector> found = byFormat;
        if (found == null) {
            found = new TreeMap<>();
            for (Connector connector : ServiceLoader.load(Connector.class, Connectors.class.getClassLoader())) {
                found.put(connector.format(), connector);
            }
            byFormat = found;
        }
        return found;
    }

    /// Whether a name is a format's, also of a module that is not on the class path.
    boolean isKnown(String format) {
        String lower = format.toLowerCase(Locale.ROOT);
        return byFormat().containsKey(lower) || OTHER_MODULES.containsKey(lower);
    }

    Connector.BatchReadable readable(String format) {
        return find(format, Connector.BatchReadable.class, "read as a batch, with read()");
    }

    Connector.StreamReadable streamReadable(String format) {
        return find(format, Connector.StreamReadable.class, "read as a stream, with readStream()");
    }

    Connector.BatchWritable writable(String format) {
        return find(format, Connector.BatchWritable.class, "written as a batch, with write()");
    }

    Connector.StreamWritable streamWritable(String format) {
        return find(format, Connector.StreamWritable.class, "written as a stream, with writeStream()");
    }

    Connector.ChangeWritable changeWritable(String format) {
        return find(format, Connector.ChangeWritable.class, "written with applyChanges(…)");
    }

    private <C extends Connector> C find(String format, Class<C> ability, String what) {
        Connector connector = byFormat().get(format.toLowerCase(Locale.ROOT));
        if (connector == null) {
            throw unknown(format);
        }
        if (!ability.isInstance(connector)) {
            throw new QueryException(
                    "UNSUPPORTED_OPERATION",
                    "format(\"" + format + "\") can't be " + what + ". It can be " + abilities(connector) + ".");
        }
        return ability.cast(connector);
    }

    private static String abilities(Connector connector) {
        Set<String> abilities = new TreeSet<>();
        if (connector instanceof Connector.BatchReadable) {
            abilities.add("read as a batch");
        }
        if (connector instanceof Connector.StreamReadable) {
            abilities.add("read as a stream");
        }
        if (connector instanceof Connector.BatchWritable) {
            abilities.add("written as a batch");
        }
        if (connector instanceof Connector.StreamWritable) {
            abilities.add("written as a stream");
        }
        return String.join(", ", abilities);
    }

    private QueryException unknown(String format) {
        String module = OTHER_MODULES.get(format.toLowerCase(Locale.ROOT));
        if (module != null) {
            return new QueryException(
                            "UNKNOWN_FORMAT",
                            "format(\"" + format + "\") is in the module " + module
                                    + ", which is not on the class path. Add it to the program's dependencies.")
                    .within(format);
        }
        Set<String> known = new TreeSet<>(byFormat().keySet());
        known.addAll(OTHER_MODULES.keySet());
        return new QueryException(
                        "UNKNOWN_FORMAT",
                        "There is no format(\"" + format + "\"). " + Suggestion.didYouMean(format, known) + " Formats: "
                                + String.join(", ", known) + ".")
                .within(format);
    }
}
