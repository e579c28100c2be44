package dev.headrace.notebook;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import jdk.jshell.EvalException;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.IOPubChannel;
import org.rapaio.jupyter.kernel.channels.MessageHandler;
import org.rapaio.jupyter.kernel.core.RapaioKernel;
import org.rapaio.jupyter.kernel.core.format.ErrorFormatter;
import org.rapaio.jupyter.kernel.core.format.ErrorFormatters;
import org.rapaio.jupyter.kernel.core.java.JavaEngine;
import org.rapaio.jupyter.kernel.core.java.RapaioExecutionControlProvider;
import org.rapaio.jupyter.kernel.core.magic.MagicEngine;
import org.rapaio.jupyter.kernel.core.magic.MagicHandler;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.message.ContentType;
import org.rapaio.jupyter.kernel.message.Message;
import org.rapaio.jupyter.kernel.message.MessageId;
import org.rapaio.jupyter.kernel.message.MessageType;
import org.rapaio.jupyter.kernel.message.messages.IOPubDisplayData;
import org.rapaio.jupyter.kernel.message.messages.IOPubUpdateDisplayData;
import org.rapaio.jupyter.kernel.message.messages.ShellExecuteRequest;

/// The kernel's parts that have no public way in. All reflection on the kernel is here; see decision 91.
final class KernelParts {
    private final RapaioKernel kernel;
    private final Channels channels;
    private final IOPubChannel output;

    KernelParts(RapaioKernel kernel, Channels channels) {
        this.kernel = kernel;
        this.channels = channels;
        this.output = (IOPubChannel) get(Channels.class, "iopub", channels);
    }

    /// Puts something around the running of cells. The channels must be connected.
    ///
    /// @param around is given the request and what runs it
    @SuppressWarnings("unchecked")
    void onExecute(BiConsumer<Message<ShellExecuteRequest>, Runnable> around) {
        Map<MessageType<?>, MessageHandler<?>> handlers =
                (Map<MessageType<?>, MessageHandler<?>>) get(Channels.class, "handlers", channels);
        MessageHandler<ShellExecuteRequest> inner =
                (MessageHandler<ShellExecuteRequest>) handlers.get(MessageType.SHELL_EXECUTE_REQUEST);
        MessageHandler<ShellExecuteRequest> outer =
                message -> around.accept(message, () -> inner.handle(message));
        handlers.put(MessageType.SHELL_EXECUTE_REQUEST, outer);
    }

    /// Shows something below a cell; anything else that is shown later with the same id takes its place.
    void display(MessageId<?> cell, DisplayData data, String id) {
        data.setDisplayId(id);
        send(cell, new IOPubDisplayData(data));
    }

    /// Replaces what is shown with this id, from any thread and also when the cell has ended.
    void update(MessageId<?> cell, DisplayData data, String id) {
        data.setDisplayId(id);
        send(cell, new IOPubUpdateDisplayData(data));
    }

    private <T extends ContentType<T>> void send(MessageId<?> cell, T content) {
        output.sendMessage(new Message<>(cell, content.type(), content));
    }

    /// Cancels what the cell does. The kernel's own way would also end the threads that run cells, for good.
    void cancelCell() {
        JavaEngine engine = kernel.javaEngine();
        RapaioExecutionControlProvider provider =
                (RapaioExecutionControlProvider) get(JavaEngine.class, "controlProvider", engine);
        provider.getRegisteredControl((String) get(JavaEngine.class, "executionId", engine))
                .interrupt();
    }

    @SuppressWarnings("unchecked")
    static void formatExceptions(ErrorFormatter<EvalException> formatter) {
        ((Map<Class<?>, ErrorFormatter<?>>) get(ErrorFormatters.class, "map", null))
                .put(EvalException.class, formatter);
    }

    @SuppressWarnings("unchecked")
    static void addMagic(MagicHandler handler) {
        ((List<MagicHandler>) get(MagicEngine.class, "magicHandlers", null)).addFirst(handler);
    }

    private static Object get(Class<?> type, String field, @Nullable Object holder) {
        try {
            Field found = type.getDeclaredField(field);
            found.setAccessible(true);
            return found.get(holder);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of the kernel has no " + type.getName() + "." + field, e);
        }
    }
}
