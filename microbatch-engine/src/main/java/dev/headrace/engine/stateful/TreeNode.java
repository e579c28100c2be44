package dev.headrace.engine.stateful;

/// A node of a group's tree of partial results ([AggregateTree]).
///
/// @param group the group's number within a batch
/// @param id 1 for the root; each step down appends four bits of the values' hash
record TreeNode(int group, long id) {
    static final long ROOT = 1;
    static final int CHILDREN = 16;
    /// As many steps as a hash has bits for, less those that the first bit of an id takes.
    static final int MOST_DEPTH = 15;

    private static final int BITS = 4;

    static TreeNode root(int group) {
        return new TreeNode(group, ROOT);
    }

    int depth() {
        return (Long.SIZE - 1 - Long.numberOfLeadingZeros(id)) / BITS;
    }

    /// The child that has the values of a hash.
    TreeNode towards(long hash) {
        return child((int) (hash >>> Long.SIZE - BITS * (depth() + 1)) & CHILDREN - 1);
    }

    TreeNode child(int number) {
        return new TreeNode(group, id << BITS | number);
    }

    TreeNode parent() {
        return new TreeNode(group, id >>> BITS);
    }
}
