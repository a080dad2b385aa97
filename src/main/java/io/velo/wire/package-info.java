/**
 * What both lanes share of Netty: the guards and codecs on the connections of clients and backends, the rules by which heads
 * are passed on, and how connections to backends are made and what their failures mean.
 */
@NullMarked
package io.velo.wire;

import org.jspecify.annotations.NullMarked;
