/**
 * TLS towards clients and towards backends, of Boot's SSL bundles: contexts that take another certificate while connections are
 * open, what is told of a client's certificate, and the way from clear text to TLS. Lies beside {@code io.velo.wire}, for both lanes.
 */
@NullMarked
package io.velo.tls;

import org.jspecify.annotations.NullMarked;
