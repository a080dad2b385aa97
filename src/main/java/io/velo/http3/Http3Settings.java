package io.velo.http3;

import java.time.Duration;

/**
 * The server for HTTP/3.
 *
 * @param enabled whether there is one
 * @param port its UDP port; 0 for the number of the TCP port
 * @param idle the longest time without a packet on a connection
 */
public record Http3Settings(boolean enabled, int port, Duration idle) {}
