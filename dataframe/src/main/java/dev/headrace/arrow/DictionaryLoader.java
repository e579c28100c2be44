package dev.headrace.arrow;

import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.util.VectorBatchAppender;

/// Loads the values of dictionaries, and checks them once, before anything copies from them: what the library's own
/// loading does not.
final class DictionaryLoader {
    private DictionaryLoader() {}

    /// @param batch the values of a dictionary, or more of them; is closed
    /// @param dictionaries by their numbers
    /// @throws IllegalArgumentException if a value lies outside of the batch
    static void load(ArrowDictionaryBatch batch, Map<Long, Dictionary> dictionaries, BufferAllocator allocator) {
        try (batch) {
            Dictionary dictionary = dictionaries.get(batch.getDictionaryId());
            if (dictionary == null) {
                throw new IllegalArgumentException("no column has the dictionary " + batch.getDictionaryId());
            }
            FieldVector values = dictionary.getVector();
            if (!batch.isDelta()) {
                load(batch.getDictionary(), values);
                return;
            }
            try (FieldVector more = values.getField().createVector(allocator)) {
                load(batch.getDictionary(), more);
                VectorBatchAppender.batchAppend(values, more);
            }
        }
    }

    private static void load(ArrowRecordBatch batch, FieldVector into) {
        VectorSchemaRoot root = new VectorSchemaRoot(List.of(into.getField()), List.of(into), 0);
        new VectorLoader(root, ArrowCodecs.FACTORY).load(batch);
        BufferCheck.check(into, into.getValueCount());
    }
}
