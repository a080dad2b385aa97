package io.velo.express;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.access.AccessRequest;
import io.velo.access.Identity;
import io.velo.access.Verdict;
import io.velo.http.ForwardedFor;
import io.velo.route.Explanation;
import io.velo.route.HeadEdits;
import io.velo.wire.Identification;
import io.velo.wire.RawTargetHeaders;
import io.velo.wire.UpstreamHead;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The head of a client's request: first as the routes and strategies see it, then as the backend gets it. */
final class ExpressRequest implements AccessRequest {

    private static final Set<HttpMethod> USUALLY_BODYLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);

    private static final HttpHeaders NO_TRAILERS = EmptyHttpHeaders.INSTANCE;

    private final HttpRequest head;
    private final Peer peer;
    private final String readable;
    private final int queryMark;
    private final String path;
    private final boolean keepAlive;
    private final boolean http10;
    private final boolean expectsContinue;
    private final boolean bodyless;
    private final boolean webSocket;
    private String target;
    private @Nullable ForwardedFor forwardedFor;
    private @Nullable HttpRequest upstream;
    private @Nullable Identity identity;

    ExpressRequest(HttpRequest head, Peer peer) {
        this.head = head;
        this.peer = peer;
        this.readable = head.uri();
        this.queryMark = readable.indexOf('?');
        this.path = queryMark < 0 ? readable : readable.substring(0, queryMark);
        this.target = readable;
        this.keepAlive = HttpUtil.isKeepAlive(head);
        this.http10 = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        this.expectsContinue = HttpUtil.is100ContinueExpected(head);
        this.bodyless = isBodyless(head);
        this.webSocket = bodyless && asksForWebSocket(head);
    }

    private static boolean isBodyless(HttpRequest head) {
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? !HttpUtil.isTransferEncodingChunked(head) : length.equals("0");
    }

    private static boolean asksForWebSocket(HttpRequest head) {
        return head.headers().contains(HttpHeaderNames.UPGRADE)
                && HttpMethod.GET.equals(head.method())
                && HttpVersion.HTTP_1_1.equals(head.protocolVersion())
                && head.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                && head.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    @Override
    public String method() {
        return head.method().name();
    }

    @Override
    public String target() {
        return readable;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return queryMark < 0 ? "" : readable.substring(queryMark + 1);
    }

    @Override
    public String clientAddress() {
        return client().client();
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.headers().get(name));
    }

    @Override
    public List<String> headers(String name) {
        return head.headers().getAll(name);
    }

    @Override
    public boolean byTls() {
        return client().byTls(peer.secure(), head.headers().get("X-Forwarded-Proto", ""));
    }

    @Override
    public Optional<X509Certificate> certificate() {
        return peer.certificate();
    }

    /** It may pass: backends are told whose it is. */
    void admit(Verdict.Allow allowed) {
        identity = allowed.identity().orElse(null);
        Identification.apply(allowed, head.headers());
    }

    @Override
    public Optional<String> principal() {
        return Optional.ofNullable(identity).map(Identity::toString);
    }

    /** Whether the peer may speak for others. */
    boolean fromTrusted() {
        return client().trustedPeer();
    }

    /** Takes the token for an explanation out, which is none of the backend's business; empty if there is none. */
    String takeExplainToken() {
        String token = head.headers().get(Explanation.FIELD, "");
        head.headers().remove(Explanation.FIELD);
        return token;
    }

    /** Whether the client keeps its connection for another request. */
    boolean keepAlive() {
        return keepAlive;
    }

    boolean http10() {
        return http10;
    }

    boolean isHead() {
        return HttpMethod.HEAD.equals(head.method());
    }

    /** Whether the client waits for a word before it sends the body. */
    boolean expectsContinue() {
        return expectsContinue && !http10 && !bodyless;
    }

    boolean bodyless() {
        return bodyless;
    }

    /** How long its body says to be; 0 if it doesn't. */
    long length() {
        return HttpUtil.getContentLength(head, 0L);
    }

    boolean webSocket() {
        return webSocket;
    }

    /** Makes of the client's head the backend's, apart from {@code Host}, which differs from backend to backend. */
    private HttpRequest prepared(HeadEdits edits) {
        HttpHeaders fields = head.headers();
        String host = fields.get(HttpHeaderNames.HOST, "");
        UpstreamHead.prepare(fields, client(), peer.secure(), http10, peer.via());
        peer.identity().tell(fields);
        tellLength(fields);
        if (webSocket) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        if (HttpUtil.isTransferEncodingChunked(head)) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED); // in whatever case it came
        }
        FieldEdits.apply(edits.request(), fields);
        if (edits.preserveHost()) {
            fields.set(HttpHeaderNames.HOST, host);
        }
        if (bodyless) {
            return new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, head.method(), target, Unpooled.EMPTY_BUFFER, fields, NO_TRAILERS);
        }
        return head.setProtocolVersion(HttpVersion.HTTP_1_1).setUri(target);
    }

    /** Where a body may be expected, its absence is told (RFC 9110 section 8.6). */
    private void tellLength(HttpHeaders fields) {
        if (bodyless && !fields.contains(HttpHeaderNames.CONTENT_LENGTH) && !USUALLY_BODYLESS.contains(head.method())) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    /** Works out the target that the backend gets; false if the route's edits make no legal path of this one. */
    boolean aim(HeadEdits edits) {
        try {
            String edited = edits.path().apply(path);
            target = edited.equals(path) ? asSent() : queryMark < 0 ? edited : edited + readable.substring(queryMark);
            return true;
        } catch (IllegalArgumentException illegal) {
            return false;
        }
    }

    /** The target that the backend gets. */
    String upstreamTarget() {
        return target;
    }

    private String asSent() {
        return head.headers() instanceof RawTargetHeaders raw ? raw.target() : readable;
    }

    /** The request as the backend of that authority gets it: whole if it has no body, its head otherwise. */
    HttpRequest headFor(CharSequence authority, HeadEdits edits) {
        HttpRequest prepared = upstream;
        if (prepared == null) {
            prepared = prepared(edits);
            upstream = prepared;
        }
        if (!edits.preserveHost()) {
            prepared.headers().set(HttpHeaderNames.HOST, authority);
        }
        return prepared;
    }

    private ForwardedFor client() {
        ForwardedFor known = forwardedFor;
        if (known == null) {
            known = peer.forwardedFor(head.headers());
            forwardedFor = known;
        }
        return known;
    }
}
