package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.HybridDecoder;
import dev.headrace.parquet.encoding.MalformedPageException;

/// The dictionary ids of a page, each checked to be in the dictionary.
final class DictionaryIds {
    private final HybridDecoder runs = new HybridDecoder();
    private int dictionarySize;

    /// The ids that [#read] gave.
    int[] ids = new int[0];

    void start(ColumnPages page) {
        dictionarySize = page.dictionarySize;
        if (page.values == page.valuesEnd) {
            runs.start(page.values, page.valuesEnd, 0);
        } else {
            runs.start(page.values + 1, page.valuesEnd, Memory.getByte(page.values) & 0xff);
        }
    }

    /// Reads ids; one more, 0, follows them, so that a loop may look one ahead.
    void read(int count) {
        if (ids.length < count + 1) {
            ids = new int[count + 1];
        }
        runs.read(ids, 0, count);
        ids[count] = 0;
        int largest = 0;
        int smallest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, ids[i]);
            smallest = Math.min(smallest, ids[i]);
        }
        if (count > 0 && (largest >= dictionarySize || smallest < 0)) {
            throw new MalformedPageException("the dictionary has " + dictionarySize
                    + " entries, a page refers to entry " + Math.max(largest, 0));
        }
    }

    void skip(int count) {
        runs.skip(count);
    }
}
