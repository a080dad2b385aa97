/**
 * What gRPC puts on top of HTTP/2: which request is a call, how it ends, how long it may take, and how a backend is asked for its
 * health. By the gRPC protocol over HTTP/2 and {@code grpc.health.v1}.
 */
@NullMarked
package io.velo.grpc;

import org.jspecify.annotations.NullMarked;
