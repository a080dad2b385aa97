/**
 * HTTP/2 on the connections of clients and backends: what is checked on the level of frames, before any codec looks at them,
 * and how the messages of one stream become those that both lanes know from HTTP/1.1, and back.
 */
@NullMarked
package io.velo.wire.h2;

import org.jspecify.annotations.NullMarked;
