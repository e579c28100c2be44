package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A script, `BEGIN … END`: statements, and which of them run when.
public sealed interface Script {
    /// A statement, expression or query of the text. It is read each time that it is reached: what its names mean
    /// depends on what has run before.
    interface Part<T> {
        /// @throws dev.headrace.errors.QueryException as [SqlParser#statement]
        SqlParser.Parsed<T> read();
    }

    /// `BEGIN … END`: variables that are declared in it are gone behind it.
    ///
    /// @param steps with the declarations first
    /// @param handlers of what fails in the steps
    record Block(Optional<String> label, List<Script> steps, List<Handler> handlers) implements Script {
        public Block {
            steps = List.copyOf(steps);
            handlers = List.copyOf(handlers);
        }
    }

    record Run(Part<Statement> statement) implements Script {}

    /// `IF`, and `CASE` without a value: the first branch whose condition is true is taken.
    record If(List<Branch> branches, List<Script> otherwise) implements Script {
        public If {
            branches = List.copyOf(branches);
            otherwise = List.copyOf(otherwise);
        }
    }

    /// `CASE value WHEN …`: the first branch whose value is the same is taken.
    record Case(Part<NamedExpr> value, List<Branch> branches, List<Script> otherwise) implements Script {
        public Case {
            branches = List.copyOf(branches);
            otherwise = List.copyOf(otherwise);
        }
    }

    /// @param when a condition, or a value of [Case]
    record Branch(Part<NamedExpr> when, List<Script> steps) {
        public Branch {
            steps = List.copyOf(steps);
        }
    }

    /// `WHILE`, `REPEAT` and `LOOP`.
    ///
    /// @param before what must be true before each round
    /// @param until what is true after the last round
    record Loop(
            Optional<String> label,
            Optional<Part<NamedExpr>> before,
            List<Script> steps,
            Optional<Part<NamedExpr>> until)
            implements Script {
        public Loop {
            steps = List.copyOf(steps);
        }
    }

    /// `FOR`: once for each row of a query.
    ///
    /// @param variable whose fields are the row's columns, which are also variables themselves
    record For(Optional<String> label, Optional<String> variable, Part<NamedPlan> query, List<Script> steps)
            implements Script {
        public For {
            steps = List.copyOf(steps);
        }
    }

    /// Goes behind the block or loop of this label.
    record Leave(String label) implements Script {}

    /// Goes on with the next round of the loop of this label.
    record Iterate(String label) implements Script {}

    /// What is done, instead of the rest of the block, if a statement in it fails.
    ///
    /// @param conditions the codes of errors, in upper case; none: all
    record Handler(Set<String> conditions, Script action) {
        public Handler {
            conditions = Set.copyOf(conditions);
        }

        /// How exactly an error is meant: 3 by its code, 2 by the code of its kind, 1 with all others, 0 not at all.
        public int precision(String code) {
            if (conditions.isEmpty()) {
                return 1;
            }
            String upper = code.toUpperCase(Locale.ROOT);
            int dot = upper.indexOf('.');
            return conditions.contains(upper) ? 3 : dot > 0 && conditions.contains(upper.substring(0, dot)) ? 2 : 0;
        }
    }
}
