package dev.headrace.engine.stateful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTreeTest {
    private static OrderNode below(OrderNode parent, int level, int first) {
        OrderNode node = new OrderNode(0, first, level, parent, first, 1);
        parent.children.add(node);
        return node;
    }

    /// The node that was before it below its parent has gone, so it has been given what is before its own row.
    @Test
    void aNodeThatIsSplitBeginsWithItsFirstChild() {
        OrderNode root = OrderNode.root(0);
        below(below(root, 2, 0), 1, 0);
        OrderNode parent = below(root, 2, 500);
        OrderNode node = below(parent, 1, 1_000);
        for (int i = 0; i < 129; i++) {
            below(node, 0, 500 + i);
        }
        List<OrderNode> fresh = new ArrayList<>();
        OrderTree.split(node, fresh, () -> 2_000 + fresh.size());
        assertEquals(
                List.of(500, 564, 628),
                parent.children.stream().map(child -> child.first).toList());
        assertEquals(
                List.of(64, 64, 1),
                parent.children.stream().map(child -> child.children.size()).toList());
    }
}
