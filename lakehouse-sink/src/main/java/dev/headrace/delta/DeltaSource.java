package dev.headrace.delta;

import dev.headrace.connector.Gap;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamingSource;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a table as a stream: first, unless a starting point is given, all files of one version, then those that each
/// later version adds. Used by the thread of the trigger loop.
final class DeltaSource implements StreamingSource {
    private final DeltaStreamTable stream;
    private final ScanRequest request;
    private final SourceFiles files;
    private final Gaps gaps = new Gaps();
    private @Nullable SourceOffset initial;
    private long awaited = -1;
    private @Nullable Walk newest;
    /// How far all goes that is there.
    private @Nullable Walk whole;

    /// How far the newest batch goes, and the bytes of its files.
    private record Walk(SourceOffset end, long bytes) {}

    DeltaSource(DeltaStreamTable stream, ScanRequest request) {
        this.stream = stream;
        this.request = request;
        this.files = new SourceFiles(stream);
    }

    private String tableId() {
        return stream.now().metadata().id();
    }

    @Override
    public String initialOffset() {
        if (initial == null) {
            initial = start();
        }
        return initial.json();
    }

    private SourceOffset start() {
        SourceOptions options = stream.options();
        if (options.fromLatest()) {
            return SourceOffset.before(tableId(), latest().version() + 1);
        }
        if (options.startingVersion().isPresent()) {
            return SourceOffset.before(tableId(), options.startingVersion().get());
        }
        if (options.startingTime().isPresent()) {
            return SourceOffset.before(
                    tableId(),
                    stream.log().firstCommitSince(options.startingTime().get()));
        }
        long version = Math.min(stream.now().version(), options.lastVersion(stream.log()));
        return version < 0
                ? SourceOffset.before(tableId(), 0)
                : new SourceOffset(tableId(), version, -1, true, stream.firstOrder());
    }

    private TableSnapshot latest() {
        return stream.log().latest().orElseThrow(() -> DeltaErrors.tableNotFound(stream.table()));
    }

    @Override
    public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
        SourceOffset from = parse(start);
        return switch (limit) {
            case ReadLimit.Configured(long most) ->
                walk(from, null, stream.options().maxFiles(), bytes(most));
            case ReadLimit.UpTo(String end, long most) ->
                walk(from, parse(end), stream.options().maxFiles(), bytes(most));
            case ReadLimit.Everything() -> {
                Walk all = walked(from, null, Long.MAX_VALUE, Long.MAX_VALUE);
                whole = all;
                yield all.end().json();
            }
        };
    }

    private long bytes(long most) {
        return Math.min(ReadLimit.bytesOf(most), stream.options().maxBytes());
    }

    private String walk(SourceOffset from, @Nullable SourceOffset until, long maxFiles, long maxBytes) {
        Walk walk = walked(from, until, maxFiles, maxBytes);
        newest = walk;
        return walk.end().json();
    }

    @Override
    public long size(String start, String end) {
        SourceOffset reached = parse(end);
        return Stream.of(Optional.ofNullable(newest), Optional.ofNullable(whole))
                .flatMap(Optional::stream)
                .filter(walk -> walk.end().equals(reached))
                .findFirst()
                .map(walk -> ReadLimit.sizeOf(walk.bytes()))
                .orElse(-1L);
    }

    private SourceOffset parse(String text) {
        SourceOffset offset = SourceOffset.parse(text);
        if (!offset.tableId().equals(tableId())) {
            throw new DataException(
                    "DELTA_SOURCE_REPLACED",
                    stream.table() + ": the stream has read a table with the id " + offset.tableId()
                            + ", but here is now one with the id " + tableId()
                            + ". Restore the table, or start again with a new checkpoint.");
        }
        if (offset.snapshot() && !offset.byEventTime().equals(stream.firstOrder())) {
            throw new QueryException(
                    "DELTA_SOURCE_ORDER_CHANGED",
                    stream.table()
                            + (!offset.byEventTime().isEmpty()
                                            && stream.options().eventTimeOrder()
                                    ? ": the watermark can't go by another column, '" + stream.eventTimeName() + "',"
                                    : ": option '" + SourceOptions.EVENT_TIME_ORDER + "' can't change to "
                                            + stream.options().eventTimeOrder())
                            + " before all rows that were there first have been read: it says in which order they come. Set it"
                            + " as it was, or start again with a new checkpoint.");
        }
        return offset;
    }

    /// Goes from an offset as far as there are files and the limits allow.
    private Walk walked(SourceOffset from, @Nullable SourceOffset until, long maxFiles, long maxBytes) {
        long filesLeft = maxFiles;
        long bytes = 0;
        long last = stream.options().lastVersion(stream.log());
        SourceOffset at = from;
        while (true) {
            if (at.version() > last) {
                return new Walk(at, bytes);
            }
            Optional<List<FeedFile>> ofVersion = filesOf(at);
            if (ofVersion.isEmpty()) {
                SourceOffset available = available(at);
                if (available.equals(at) || isBeyond(available, until)) {
                    return new Walk(at, bytes);
                }
                at = available;
                continue;
            }
            List<FeedFile> all = ofVersion.get();
            for (long index = at.index() + 1; index < all.size(); index++) {
                AddFile file = all.get((int) index).file();
                boolean first = at.equals(from);
                if (filesLeft < 1 || (maxBytes - bytes < file.size() && !first) || isBeyond(at.at(index), until)) {
                    return new Walk(at, bytes);
                }
                filesLeft--;
                bytes += file.size();
                at = at.at(index);
            }
            if (isBeyond(at.nextVersion(), until)) {
                return new Walk(at, bytes);
            }
            at = at.nextVersion();
        }
    }

    /// The next version that the log has if that of the offset was cleaned up. To find out means to list the log, so it
    /// is done once per version.
    private SourceOffset available(SourceOffset at) {
        if (awaited == at.version()) {
            return at;
        }
        awaited = at.version();
        return SourceOffset.before(at.tableId(), files.availableFrom(at.version()));
    }

    private static boolean isBeyond(SourceOffset offset, @Nullable SourceOffset until) {
        return until != null && offset.compareTo(until) > 0;
    }

    /// All files of the version of an offset, in their order; empty if there is no such version yet.
    private Optional<List<FeedFile>> filesOf(SourceOffset offset) {
        return offset.snapshot() ? Optional.of(files.ofSnapshot(offset.version())) : files.ofCommit(offset.version());
    }

    /// @param gone told which versions the log has no longer
    private List<FeedFile> between(SourceOffset from, SourceOffset to, Gaps gone) {
        List<FeedFile> between = new ArrayList<>();
        SourceOffset at = from;
        while (at.compareTo(to) < 0) {
            Optional<List<FeedFile>> ofVersion = filesOf(at);
            if (ofVersion.isPresent()) {
                List<FeedFile> all = ofVersion.get();
                long end = at.version() == to.version() ? Math.min(all.size(), to.index() + 1) : all.size();
                for (long index = at.index() + 1; index < end; index++) {
                    between.add(all.get((int) index));
                }
            }
            if (at.version() == to.version()) {
                break;
            }
            at = ofVersion.isPresent() ? at.nextVersion() : behindGap(at, to, gone);
        }
        return between;
    }

    /// @param to where the batch ends; what is gone behind it is for the batch that follows to tell
    private SourceOffset behindGap(SourceOffset at, SourceOffset to, Gaps gone) {
        long next = Math.max(files.availableFrom(at.version()), at.version() + 1);
        long last = Math.min(next, to.version()) - 1;
        gone.add(new Gap(stream.table().toString(), Gap.Unit.VERSIONS, at.version(), last));
        return SourceOffset.before(at.tableId(), next);
    }

    @Override
    public List<Gap> takeGaps() {
        return gaps.take();
    }

    @Override
    public List<Split> plan(String start, String end) {
        SourceOffset from = parse(start);
        SourceOffset to = parse(end);
        if (!stream.options().eventTimeOrder() || !from.snapshot()) {
            return plan(between(from, to, gaps));
        }
        List<AddFile> all =
                files.ofSnapshot(from.version()).stream().map(FeedFile::file).toList();
        int first = (int) from.index() + 1;
        int last = to.snapshot() ? (int) to.index() + 1 : all.size();
        List<Split> splits = new ArrayList<>();
        if (first < last) {
            splits.addAll(new EventTimeOrder(stream, version(all), all).splits(first, last, request));
        }
        if (!to.snapshot()) {
            splits.addAll(plan(between(from.nextVersion(), to, gaps)));
        }
        return splits;
    }

    private List<Split> plan(List<FeedFile> found) {
        if (stream.options().readChangeFeed()) {
            return found.stream()
                    .flatMap(file -> stream.feed().splits(file, request).stream())
                    .toList();
        }
        List<AddFile> all = found.stream().map(FeedFile::file).toList();
        TableVersion version = version(all);
        FileFilter filter = version.filter(request.filters());
        List<Split> splits = new ArrayList<>();
        for (int file = 0; file < all.size(); file++) {
            if (filter.mayMatch(all.get(file))) {
                splits.addAll(version.splitsOf(file, request));
            }
        }
        return splits;
    }

    private TableVersion version(List<AddFile> all) {
        BitSet every = new BitSet();
        every.set(0, all.size());
        return new TableVersion(
                stream.table(),
                stream.now().version(),
                stream.now().metadata(),
                all,
                every,
                stream.zone(),
                stream.footers());
    }

    @Override
    public long rowCount(String start, String end) {
        if (stream.options().eventTimeOrder() && parse(start).snapshot()) {
            return -1;
        }
        long rows = 0;
        for (FeedFile file : between(parse(start), parse(end), new Gaps())) {
            OptionalLong ofFile =
                    FileStatistics.read(file.file().stats(), new StructType()).rowCount();
            if (ofFile.isEmpty()) {
                return -1;
            }
            rows += ofFile.getAsLong();
        }
        return rows;
    }

    @Override
    public Map<String, String> metrics(String end) {
        long behind = stream.log().newestVersion() - parse(end).version();
        return Map.of("versionsBehind", Long.toString(Math.max(0, behind)));
    }

    @Override
    public void close() {}
}
