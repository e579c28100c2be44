package dev.headrace.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.ipc.message.MessageResult;
import org.jspecify.annotations.Nullable;

/// The messages of a stream in a file, none of which is longer than the rest of the file: the library makes room for as
/// many bytes as a message says it has.
final class StreamMessages extends MessageChannelReader {
    private static final int CONTINUATION = 0xffffffff;

    private final FileChannel channel;

    StreamMessages(FileChannel channel, BufferAllocator allocator) {
        super(new ReadChannel(channel), allocator);
        this.channel = channel;
    }

    /// @return null at the end
    /// @throws IllegalArgumentException if a message reaches beyond the end of the file
    @Override
    public @Nullable MessageResult readNext() throws IOException {
        checkNext();
        return super.readNext();
    }

    private void checkNext() throws IOException {
        long at = channel.position();
        if (channel.size() - at < 2 * Integer.BYTES) {
            return; // The end, which the library judges.
        }
        ByteBuffer start = ArrowSource.read(channel, at, 2 * Integer.BYTES);
        boolean marked = start.getInt(0) == CONTINUATION;
        int length = marked ? start.getInt(4) : start.getInt(0);
        if (length == 0) {
            return;
        }
        long from = at + (marked ? 2 : 1) * (long) Integer.BYTES;
        requireInFile(from, length);
        Message message = Message.getRootAsMessage(ArrowSource.read(channel, from, length));
        requireInFile(from + length, message.bodyLength());
    }

    private void requireInFile(long from, long length) throws IOException {
        long left = channel.size() - from;
        if (length < 0 || length > left) {
            throw new IllegalArgumentException("a message of " + length + " bytes, where the file has " + left);
        }
    }
}
