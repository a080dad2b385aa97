package io.velo.http;

/**
 * How a request begins.
 *
 * @param method as it came
 * @param target as it came
 * @param scheme of the connection; a target that names another one isn't for this server
 * @param http10 whether it is of version 1.0, whose clients need not name a host
 */
public record RequestLine(String method, String target, String scheme, boolean http10) {}
