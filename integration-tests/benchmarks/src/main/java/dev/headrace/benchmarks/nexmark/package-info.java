/// Nexmark: queries over a stream of persons, auctions and bids.
@NullMarked
package dev.headrace.benchmarks.nexmark;

import org.jspecify.annotations.NullMarked;
