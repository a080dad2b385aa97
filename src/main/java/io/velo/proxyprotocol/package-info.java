/**
 * The PROXY protocol, by which a proxy that doesn't look into connections tells the next one whose they are: read from trusted
 * proxies before Velo, and written to backends.
 */
@NullMarked
package io.velo.proxyprotocol;

import org.jspecify.annotations.NullMarked;
