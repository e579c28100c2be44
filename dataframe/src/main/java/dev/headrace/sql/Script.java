package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.List;
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
    /// @param handled at least one
    record Handler(Set<Handled> handled, Script action) {
        public Handler {
            handled = Set.copyOf(handled);
        }

        /// How exactly an error is meant; 0: not at all.
        public int precision(String code, String sqlState) {
            return handled.stream()
                    .mapToInt(each -> each.precision(code, sqlState))
                    .max()
                    .orElse(0);
        }
    }

    /// Errors that a handler is for.
    sealed interface Handled {
        /// How exactly an error is meant: 5 by its code, 4 by the code of its kind, 3 by its SQLSTATE, less with others
        /// of a class, 0 not at all.
        int precision(String code, String sqlState);

        /// @param name the code of an error, or a condition that is declared
        record Condition(String name) implements Handled {
            @Override
            public int precision(String code, String sqlState) {
                int dot = code.indexOf('.');
                return name.equalsIgnoreCase(code)
                        ? 5
                        : dot > 0 && name.equalsIgnoreCase(code.substring(0, dot)) ? 4 : 0;
            }

            @Override
            public String toString() {
                return name;
            }
        }

        record State(String sqlState) implements Handled {
            @Override
            public int precision(String code, String state) {
                return sqlState.equals(state) ? 3 : 0;
            }

            @Override
            public String toString() {
                return "SQLSTATE '" + sqlState + "'";
            }
        }

        /// `NOT FOUND`: there is no row. No error of a query is that.
        record NotFound() implements Handled {
            @Override
            public int precision(String code, String sqlState) {
                return sqlState.startsWith("02") ? 2 : 0;
            }

            @Override
            public String toString() {
                return "NOT FOUND";
            }
        }

        /// `SQLEXCEPTION`: all but what the other classes mean.
        record SqlException() implements Handled {
            @Override
            public int precision(String code, String sqlState) {
                return sqlState.startsWith("02") || sqlState.startsWith("XX") ? 0 : 1;
            }

            @Override
            public String toString() {
                return "SQLEXCEPTION";
            }
        }
    }
}
