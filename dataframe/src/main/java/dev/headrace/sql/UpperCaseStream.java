package dev.headrace.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CodePointCharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/// Characters as the grammar wants them: keywords in upper case. The text that tokens give back is as it was written.
final class UpperCaseStream implements CharStream {
    private final CodePointCharStream written;

    UpperCaseStream(CodePointCharStream written) {
        this.written = written;
    }

    @Override
    public int LA(int offset) {
        int character = written.LA(offset);
        return character <= 0 ? character : Character.toUpperCase(character);
    }

    @Override
    public String getText(Interval interval) {
        return size() == 0 || interval.b < interval.a ? "" : written.getText(interval);
    }

    @Override
    public void consume() {
        written.consume();
    }

    @Override
    public int mark() {
        return written.mark();
    }

    @Override
    public void release(int marker) {
        written.release(marker);
    }

    @Override
    public int index() {
        return written.index();
    }

    @Override
    public void seek(int index) {
        written.seek(index);
    }

    @Override
    public int size() {
        return written.size();
    }

    @Override
    public String getSourceName() {
        return IntStream.UNKNOWN_SOURCE_NAME;
    }
}
