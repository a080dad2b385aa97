package io.velo.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.cookie.ClientCookieDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** The head of a backend's answer as filters know it, under the attribute that the gateway's own client would set. */
final class BackendAnswer implements HttpClientResponse {

    private final String id;
    private final HttpRequest request;
    private final HttpResponse head;
    private @Nullable HttpHeaders trailers;
    private Sinks.@Nullable One<HttpHeaders> awaited;

    /**
     * @param id of the connection it came in on
     */
    BackendAnswer(HttpRequest request, HttpResponse head, String id) {
        this.id = id;
        this.request = request;
        this.head = head;
    }

    /** The body has ended, with these trailers. */
    void ended(HttpHeaders with) {
        trailers = with;
        Sinks.One<HttpHeaders> waiting = awaited;
        if (waiting != null) {
            waiting.tryEmitValue(with);
        }
    }

    /** Whether the answer is known to have no trailers. */
    boolean endedWithoutTrailers() {
        return trailers != null && trailers.isEmpty();
    }

    @Override
    public Mono<HttpHeaders> trailerHeaders() {
        return Mono.defer(() -> {
            HttpHeaders known = trailers;
            if (known != null) {
                return Mono.just(known);
            }
            awaited = awaited == null ? Sinks.one() : awaited;
            return awaited.asMono();
        });
    }

    @Override
    public HttpHeaders responseHeaders() {
        return head.headers();
    }

    @Override
    public HttpResponseStatus status() {
        return head.status();
    }

    @Override
    public Map<CharSequence, Set<Cookie>> cookies() {
        Map<CharSequence, Set<Cookie>> cookies = new HashMap<>();
        for (String text : head.headers().getAll("Set-Cookie")) {
            Cookie cookie = ClientCookieDecoder.STRICT.decode(text);
            if (cookie != null) {
                cookies.computeIfAbsent(cookie.name(), first -> new HashSet<>()).add(cookie);
            }
        }
        return cookies;
    }

    @Override
    public boolean isKeepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    @Override
    public boolean isWebsocket() {
        return false;
    }

    @Override
    public HttpMethod method() {
        return request.method();
    }

    @Override
    public String uri() {
        return request.uri();
    }

    @Override
    public String fullPath() {
        String target = request.uri();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public HttpVersion version() {
        return head.protocolVersion();
    }

    @Override
    public HttpHeaders requestHeaders() {
        return request.headers();
    }

    @Override
    public String requestId() {
        return id;
    }

    @Override
    public String resourceUrl() {
        return request.headers().get("Host", "") + request.uri();
    }

    @Override
    public String[] redirectedFrom() {
        return new String[0];
    }

    @Override
    public int authenticationRetryCount() {
        return 0;
    }

    @Override
    @SuppressWarnings({"deprecation", "InlineMeSuggester"}) // still abstract
    public Context currentContext() {
        return Context.empty();
    }

    @Override
    public ContextView currentContextView() {
        return Context.empty();
    }
}
