package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.Operator;

/// Counts the rows that an operator takes in.
record Taken(OperatorState state) implements Operator {
    @Override
    public void process(Chunk input, Output out) {
        state.countTaken(input.rowCount());
        out.accept(input.slice(0, input.rowCount()));
    }
}
