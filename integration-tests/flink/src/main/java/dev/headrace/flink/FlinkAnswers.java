package dev.headrace.flink;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/// Prints Flink's answers to Nexmark's queries over a file of events. Arguments: the file, the queries.
///
/// All queries are one job in this process, in streaming mode; their changes are added up, so what is printed is what
/// each answer is in the end: for each row that is there a line `query`, how often, and the row's cells, with tabs
/// between. For a query that Flink refuses there is a line `query`, `refused` and why. The last line is `end`.
public final class FlinkAnswers {
    private static final Map<String, Map<String, Integer>> ANSWERS = new ConcurrentHashMap<>();

    private FlinkAnswers() {}

    public static void main(String[] args) throws Exception {
        Configuration conf = new Configuration();
        conf.setString("parallelism.default", "1");
        conf.setString("taskmanager.numberOfTaskSlots", "1");
        conf.setString("taskmanager.memory.network.max", "256mb");
        conf.setString("taskmanager.memory.managed.size", "64mb");
        // Without them Flink 2.2 takes the first row by several columns for one that is never replaced (q9, q18).
        conf.setString("table.exec.mini-batch.enabled", "true");
        conf.setString("table.exec.mini-batch.allow-latency", "1s");
        conf.setString("table.exec.mini-batch.size", "5000");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(conf);
        StreamTableEnvironment tables = NexmarkTables.of(env, "'connector' = 'filesystem', 'path' = '" + args[0] + "'");
        StringBuilder text = new StringBuilder();
        for (String query : List.of(args).subList(1, args.length)) {
            try {
                tables.toChangelogStream(tables.sqlQuery(NexmarkTables.sql(query)))
                        .map(new Add(query))
                        .sinkTo(new DiscardingSink<>());
                ANSWERS.put(query, new HashMap<>());
            } catch (TableException refused) {
                text.append(query)
                        .append("\trefused\t")
                        .append(refused.getMessage().replaceAll("\\s+", " "))
                        .append('\n');
            }
        }
        env.execute();
        ANSWERS.forEach((query, rows) -> rows.forEach((row, count) -> {
            if (count != 0) {
                text.append(query)
                        .append('\t')
                        .append(count)
                        .append('\t')
                        .append(row)
                        .append('\n');
            }
        }));
        System.out.print(text.append("end\n"));
        System.out.flush();
        // Nothing is worth waiting for.
        Runtime.getRuntime().halt(0);
    }

    /// Adds changes up.
    private static final class Add implements MapFunction<Row, Boolean> {
        private static final long serialVersionUID = 1;

        private final String query;

        Add(String query) {
            this.query = query;
        }

        @Override
        public Boolean map(Row row) {
            boolean comes = row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER;
            // One thread per query: the parallelism is 1.
            ANSWERS.get(query).merge(text(row), comes ? 1 : -1, Integer::sum);
            return comes;
        }
    }

    private static String text(Row row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.getArity(); i++) {
            cells.add(cell(row.getField(i)));
        }
        return String.join("|", cells);
    }

    private static String cell(Object value) {
        if (value instanceof Double) {
            return String.format(Locale.ROOT, "%.6f", value);
        }
        if (value instanceof BigDecimal) {
            return ((BigDecimal) value).stripTrailingZeros().toPlainString();
        }
        // The bounds of windows are times of the session's zone.
        return String.valueOf(
                value instanceof LocalDateTime ? ((LocalDateTime) value).toInstant(ZoneOffset.UTC) : value);
    }
}
