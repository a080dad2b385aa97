package io.velo.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** What one filter does with the header fields of a request or an answer. */
@FunctionalInterface
interface HeaderStep {

    /**
     * Applies it.
     *
     * @param fields may be changed
     * @return the same object or another
     */
    HttpHeaders apply(HttpHeaders fields, ServerWebExchange exchange);
}
