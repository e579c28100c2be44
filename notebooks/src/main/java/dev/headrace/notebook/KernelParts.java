package dev.headrace.notebook;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import jdk.jshell.EvalException;
import org.jspecify.annotations.Nullable;
import org.rapaio.jupyter.kernel.channels.AbstractChannel;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.ControlChannel;
import org.rapaio.jupyter.kernel.channels.IOPubChannel;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.channels.MessageHandler;
import org.rapaio.jupyter.kernel.channels.StdinChannel;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
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
import org.rapaio.jupyter.kernel.message.messages.ControlInterruptReply;
import org.rapaio.jupyter.kernel.message.messages.IOPubDisplayData;
import org.rapaio.jupyter.kernel.message.messages.IOPubUpdateDisplayData;
import org.rapaio.jupyter.kernel.message.messages.ShellExecuteRequest;
import org.rapaio.jupyter.kernel.message.messages.ShellInspectReply;
import org.rapaio.jupyter.kernel.message.messages.ShellInspectRequest;
import org.rapaio.org.zeromq.ZMQ;

/// The kernel's parts that have no public way in. All reflection on the kernel is here; see decision 91.
final class KernelParts {
    /// A client waits for each answer, so messages are looked for more often than the kernel does by itself.
    private static final long PAUSE_MILLIS = 5;

    private final RapaioKernel kernel;
    private final Channels channels;
    private final IOPubChannel output;

    KernelParts(RapaioKernel kernel, Channels channels) {
        this.kernel = kernel;
        this.channels = channels;
        this.output = (IOPubChannel) require(get(Channels.class, "iopub", channels), "iopub");
    }

    /// Listens, with something around the running of cells.
    ///
    /// The kernel's own way opens its sockets before it knows what handles their messages, and starts its loops so that
    /// one may end at once. Here the handlers are there first, and each loop is replaced by one that is sure to run.
    ///
    /// The loop of the control channel is one of our own: the kernel's would let an interrupt take the place of the
    /// cell that it interrupts, whose answer then goes astray.
    ///
    /// @param around is given the request and what runs it
    /// @param interrupt what an interrupt does; it returns at once
    void connect(BiConsumer<Message<ShellExecuteRequest>, Runnable> around, Runnable interrupt)
            throws InterruptedException {
        Set<AbstractChannel> all = channelSet();
        set(Channels.class, "channels", channels, Set.of());
        channels.connect(kernel);
        set(Channels.class, "channels", channels, all);
        onExecute(around);
        onInspect();
        ConnectionProperties properties =
                (ConnectionProperties) require(get(Channels.class, "connProps", channels), "connProps");
        all.forEach(channel -> channel.bind(properties));
        List<AbstractChannel> loops = all.stream()
                .filter(channel -> !(channel instanceof IOPubChannel || channel instanceof StdinChannel))
                .toList();
        loops.forEach(channel -> loop(channel).shutdown());
        for (AbstractChannel channel : loops) {
            LoopThread first = loop(channel);
            first.join();
            Runnable body = channel instanceof ControlChannel
                    ? () -> control(channel, interrupt)
                    : (Runnable) require(get(LoopThread.class, "loopBody", first), "loopBody");
            LoopThread second = new LoopThread(first.getName(), PAUSE_MILLIS, body);
            set(LoopThread.class, "running", second, true);
            set(channel.getClass(), "loopThread", channel, second);
            second.start();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void control(AbstractChannel channel, Runnable interrupt) {
        ZMQ.Socket socket = (ZMQ.Socket) require(get(AbstractChannel.class, "socket", channel), "socket");
        if ((socket.getEvents() & ZMQ.Poller.POLLIN) == 0) {
            return;
        }
        Message message = channel.readMessage();
        if (message.header().type().equals(MessageType.CONTROL_INTERRUPT_REQUEST)) {
            interrupt.run();
            ControlInterruptReply reply = new ControlInterruptReply();
            channel.sendMessage(new Message<>(message.getId(), reply.type(), reply));
            return;
        }
        MessageHandler handler = channels.getHandler(message.header().type());
        if (handler != null) {
            channels.setMsgId(message.getId());
            try {
                handler.handle(message);
            } finally {
                channels.runAfterActions();
            }
        }
        if (channels.isMarkedForShutdown()) {
            channels.close();
        }
    }

    /// Waits until Jupyter has asked the kernel to end and has its answer, whatever a cell does.
    void awaitShutdown() {
        ((AbstractChannel) require(get(Channels.class, "control", channels), "control")).joinUntilClose();
    }

    @SuppressWarnings("unchecked")
    private Set<AbstractChannel> channelSet() {
        return (Set<AbstractChannel>) require(get(Channels.class, "channels", channels), "channels");
    }

    private static LoopThread loop(AbstractChannel channel) {
        return (LoopThread) require(get(channel.getClass(), "loopThread", channel), "loopThread");
    }

    @SuppressWarnings("unchecked")
    private Map<MessageType<?>, MessageHandler<?>> handlers() {
        return (Map<MessageType<?>, MessageHandler<?>>) require(get(Channels.class, "handlers", channels), "handlers");
    }

    @SuppressWarnings("unchecked")
    private void onExecute(BiConsumer<Message<ShellExecuteRequest>, Runnable> around) {
        MessageHandler<ShellExecuteRequest> inner = (MessageHandler<ShellExecuteRequest>)
                require(handlers().get(MessageType.SHELL_EXECUTE_REQUEST), "handler of cells");
        MessageHandler<ShellExecuteRequest> outer = message -> around.accept(message, () -> inner.handle(message));
        handlers().put(MessageType.SHELL_EXECUTE_REQUEST, outer);
    }

    /// The kernel's own inspection finds nothing on this JDK.
    private void onInspect() {
        MessageHandler<ShellInspectRequest> ours = message -> {
            channels.busyThenIdle();
            ShellInspectRequest request = message.content();
            Optional<DisplayData> found =
                    Inspection.of(kernel.javaEngine().getShell()).at(request.code(), request.cursorPos());
            channels.reply(new ShellInspectReply(found.isPresent(), found.orElseGet(() -> DisplayData.fromText(""))));
        };
        handlers().put(MessageType.SHELL_INSPECT_REQUEST, ours);
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
                (RapaioExecutionControlProvider) require(get(JavaEngine.class, "controlProvider", engine), "provider");
        provider.getRegisteredControl((String) require(get(JavaEngine.class, "executionId", engine), "executionId"))
                .interrupt();
    }

    @SuppressWarnings("unchecked")
    static void formatExceptions(ErrorFormatter<EvalException> formatter) {
        ((Map<Class<?>, ErrorFormatter<?>>) require(get(ErrorFormatters.class, "map", null), "formatters"))
                .put(EvalException.class, formatter);
    }

    @SuppressWarnings("unchecked")
    static void addMagic(MagicHandler handler) {
        ((List<MagicHandler>) require(get(MagicEngine.class, "magicHandlers", null), "magicHandlers"))
                .addFirst(handler);
    }

    private static @Nullable Object get(Class<?> type, String name, @Nullable Object holder) {
        try {
            return field(type, name).get(holder);
        } catch (IllegalAccessException e) {
            throw missing(type.getName() + "." + name, e);
        }
    }

    private static void set(Class<?> type, String name, Object holder, Object value) {
        try {
            field(type, name).set(holder, value);
        } catch (IllegalAccessException e) {
            throw missing(type.getName() + "." + name, e);
        }
    }

    private static Field field(Class<?> type, String name) {
        try {
            Field found = type.getDeclaredField(name);
            found.setAccessible(true);
            return found;
        } catch (NoSuchFieldException e) {
            throw missing(type.getName() + "." + name, e);
        }
    }

    private static <T> T require(@Nullable T part, String name) {
        if (part == null) {
            throw missing(name, null);
        }
        return part;
    }

    private static IllegalStateException missing(String name, @Nullable Exception cause) {
        return new IllegalStateException("This version of the kernel has no " + name, cause);
    }
}
