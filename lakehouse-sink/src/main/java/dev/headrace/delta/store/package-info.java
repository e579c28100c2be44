/// Where the commits of a table go, on the local disk and in stores: each lets one of several writers of a file be the
/// first in its own way. Entry type: [dev.headrace.delta.store.TablePaths].
@NullMarked
package dev.headrace.delta.store;

import org.jspecify.annotations.NullMarked;
