/**
 * WebSocket sessions of both lanes: a client's and a backend's connection that don't speak HTTP any more. Bytes go through as
 * they are; where frames begin and end is followed all the same, so that Velo can end a session as the protocol has it.
 */
@NullMarked
package io.velo.websocket;

import org.jspecify.annotations.NullMarked;
