package dev.headrace.engine.stateful;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of an [OrderTree]: a block of rows, or a node whose entries are blocks or other nodes.
final class OrderNode {
    /// The place of what is not in the state yet.
    static final int NEW = -1;

    private static final long ROOT_ID = 0;

    final int partition;
    final long id;

    /// The place among the entries that have been read, or [#NEW].
    final int entry;

    /// How many rows it has had before the batch.
    final long rowsBefore;

    /// The levels below it: none for a block.
    int level;

    /// None for a root.
    @Nullable OrderNode parent;

    /// In order, if its entries have been read.
    List<OrderNode> children = new ArrayList<>();

    /// Whether it has rows that come or go.
    boolean touched;

    /// Whether the results of its rows may change.
    boolean affected;

    /// Its place among those that are read with it, or written anew with it.
    int place;

    /// The stretch of blocks that it is read in.
    int segment;

    /// A row before which, in order, none of it is, but for the first one of each parent, which also has what is before
    /// that: the place among the entries that have been read, and behind these the rows that are there now.
    int first;

    /// Of that row, if frames go by values.
    RangeReach.@Nullable Limits measured;

    /// How many rows it has.
    long rows;

    /// Whether its entry is to be written.
    boolean written;

    /// What running functions have taken in before the block: rows, and rows that differ in order.
    long rowsAhead;

    long groupsAhead;

    /// Their partial results: the place among the entries that have been read, and behind these what has been captured,
    /// or [#NEW] if there is nothing ahead.
    int stateAhead = NEW;

    OrderNode(int partition, long id, int level, @Nullable OrderNode parent, int entry, long rowsBefore) {
        this.partition = partition;
        this.id = id;
        this.level = level;
        this.parent = parent;
        this.entry = entry;
        this.first = entry;
        this.rowsBefore = rowsBefore;
        this.rows = rowsBefore;
    }

    /// The root of a partition. Its level is known when it has been read.
    static OrderNode root(int partition) {
        return new OrderNode(partition, ROOT_ID, 1, null, NEW, 0);
    }

    /// Something new under the same parent.
    OrderNode sibling(long newId) {
        return new OrderNode(partition, newId, level, parent, NEW, 0);
    }

    boolean isBlock() {
        return level == 0;
    }

    /// Whether it is the first one below its parent, so that it also has what is before its row.
    boolean isFirstChild() {
        OrderNode above = parent;
        return above == null || above.children.getFirst() == this;
    }

    /// Of a row that nothing of it is before; null if nothing is known.
    RangeReach.@Nullable Limits limits() {
        OrderNode node = this;
        OrderNode above = node.parent;
        while (above != null && above.children.getFirst() == node) {
            node = above;
            above = node.parent;
        }
        return above == null ? null : node.measured;
    }

    /// Puts others of the same parent behind it.
    void insertBehind(List<OrderNode> others) {
        OrderNode above = parent;
        if (above == null) {
            throw new IllegalStateException("a root has no neighbours");
        }
        above.children.addAll(above.children.indexOf(this) + 1, others);
    }

    /// What is ahead of the block is as ahead of another, or was.
    void startsLike(OrderNode other) {
        rowsAhead = other.rowsAhead;
        groupsAhead = other.groupsAhead;
        stateAhead = other.stateAhead;
    }
}
