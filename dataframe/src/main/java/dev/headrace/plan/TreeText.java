package dev.headrace.plan;

import java.util.List;
import java.util.function.Function;

/// Draws trees as Spark does:
///
/// ```text
/// Filter (amount#1 > 10)
/// +- Join INNER, (id#0 = id#3)
///    :- Relation orders
///    +- Relation items
/// ```
public final class TreeText {
    private TreeText() {}

    /// @param describe one line for a node
    /// @return a line per node, each ended by a line break
    public static <N> String of(N root, Function<N, String> describe, Function<N, List<N>> children) {
        StringBuilder out = new StringBuilder();
        append(out, root, "", "", describe, children);
        return out.toString();
    }

    private static <N> void append(
            StringBuilder out,
            N node,
            String prefix,
            String childPrefix,
            Function<N, String> describe,
            Function<N, List<N>> children) {
        out.append(prefix).append(describe.apply(node)).append("\n");
        List<N> below = children.apply(node);
        for (int i = 0; i < below.size(); i++) {
            boolean last = i == below.size() - 1;
            append(
                    out,
                    below.get(i),
                    childPrefix + (last ? "+- " : ":- "),
                    childPrefix + (last ? "   " : ":  "),
                    describe,
                    children);
        }
    }
}
