package io.velo.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Set;

/** What the semantic conventions for HTTP, version 1.23 and later, call the attributes of spans, and which values they take. */
final class Conventions {

    static final AttributeKey<String> METHOD = stringKey("http.request.method");
    static final AttributeKey<String> METHOD_AS_SENT = stringKey("http.request.method_original");
    static final AttributeKey<Long> RESENDS = longKey("http.request.resend_count");
    static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    static final AttributeKey<String> ERROR = stringKey("error.type");
    static final AttributeKey<String> URL = stringKey("url.full");
    static final AttributeKey<String> SCHEME = stringKey("url.scheme");
    static final AttributeKey<String> PATH = stringKey("url.path");
    static final AttributeKey<String> QUERY = stringKey("url.query");
    static final AttributeKey<String> SERVER = stringKey("server.address");
    static final AttributeKey<Long> PORT = longKey("server.port");
    static final AttributeKey<String> CLIENT = stringKey("client.address");
    static final AttributeKey<String> PEER = stringKey("network.peer.address");
    static final AttributeKey<String> VERSION = stringKey("network.protocol.version");
    static final AttributeKey<String> USER_AGENT = stringKey("user_agent.original");

    static final AttributeKey<String> ROUTE = stringKey("velo.route");
    static final AttributeKey<String> POOL = stringKey("velo.pool");
    static final AttributeKey<String> BACKEND = stringKey("velo.backend");
    static final AttributeKey<String> LANE = stringKey("velo.lane");
    static final AttributeKey<Long> ATTEMPTS = longKey("velo.attempts");

    /** Those of RFC 9110, and PATCH; clients may not multiply the others. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final String OTHER = "_OTHER";

    private Conventions() {}

    /** What a span of that method is called as long as its route isn't known. */
    static String spanName(String method) {
        return METHODS.contains(method) ? method : "HTTP";
    }

    static void method(AttributesBuilder attributes, String method) {
        if (METHODS.contains(method)) {
            attributes.put(METHOD, method);
        } else {
            attributes.put(METHOD, OTHER);
            putIfAny(attributes, METHOD_AS_SENT, method);
        }
    }

    /** Leaves out what isn't known. */
    static void putIfAny(AttributesBuilder attributes, AttributeKey<String> key, String value) {
        if (!value.isEmpty()) {
            attributes.put(key, value);
        }
    }
}
