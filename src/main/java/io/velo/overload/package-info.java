/** Looks at the process: how late its event loops are, and how full its memory is. */
@NullMarked
package io.velo.overload;

import org.jspecify.annotations.NullMarked;
