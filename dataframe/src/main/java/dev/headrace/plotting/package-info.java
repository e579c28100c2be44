/// Charts of DataFrames. What draws them comes with another module (that of the notebooks), as a [Plotting] service.
/// Entry type: [Plot].
@NullMarked
package dev.headrace.plotting;

import org.jspecify.annotations.NullMarked;
