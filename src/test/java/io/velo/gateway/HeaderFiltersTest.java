package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.filter.headers.GRPCRequestHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.GRPCResponseHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveHopByHopHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.RemoveXForwardedHeadersFilter;
import org.springframework.cloud.gateway.filter.headers.TransferEncodingNormalizationHeadersFilter;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

class HeaderFiltersTest {

    private final List<HttpHeadersFilter> filters = new ArrayList<>(List.of(
            new RemoveForwardedHeadersFilter(),
            new RemoveXForwardedHeadersFilter(),
            new TransferEncodingNormalizationHeadersFilter(),
            new GRPCRequestHeadersFilter(),
            new GRPCResponseHeadersFilter(),
            new RemoveHopByHopHeadersFilter()));

    private static ServerWebExchange exchange(String fields) {
        MockServerHttpRequest.BaseBuilder<?> request =
                MockServerHttpRequest.get("http://a.example:8080/p").header("Host", "a.example:8080");
        for (String field : fields.split("\\|")) {
            String[] parts = field.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        return MockServerWebExchange.from(request);
    }

    private HeaderFilters ours() {
        AnnotationAwareOrderComparator.sort(filters);
        return new HeaderFilters(() -> filters, true);
    }

    /** The same by calling each filter, as the gateway does. */
    private HttpHeaders called(HttpHeaders input, ServerWebExchange exchange, HttpHeadersFilter.Type type) {
        AnnotationAwareOrderComparator.sort(filters);
        return HttpHeadersFilter.filter(filters, input, exchange, type);
    }

    private static Map<String, List<String>> plain(HttpHeaders fields) {
        Map<String, List<String>> plain = new TreeMap<>();
        fields.forEach((name, values) -> plain.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        return plain;
    }

    private static Map<String, List<String>> plain(io.netty.handler.codec.http.HttpHeaders fields) {
        Map<String, List<String>> plain = new TreeMap<>();
        fields.names().forEach(name -> plain.put(name.toLowerCase(Locale.ROOT), fields.getAll(name)));
        return plain;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: */*",
                "Connection: keep-alive, X-Own|X-Own: a|x-own: b|X-Other: c",
                "Connection: close|Keep-Alive: 5|Proxy-Connection: x|TE: trailers|Trailer: x|Upgrade: h2c",
                "Proxy-Authorization: a|Proxy-Authenticate: b|Authorization: c",
                "X-Forwarded-For: 1.2.3.4|x-forwarded-proto: https|X-Forwarded-Prefix: /a|Forwarded: for=1.2.3.4",
                "Transfer-Encoding: chunked|Content-Length: 5",
                "Transfer-Encoding: gzip, chunked",
                "Content-Type: application/grpc+proto|TE: trailers",
                "Cookie: a=1|Cookie: b=2|Via: 1.0 other|Expect: 100-continue"
            })
    void doesToRequestsWhatTheGatewaysFiltersDo(String fields) {
        ServerWebExchange exchange = exchange(fields);

        assertThat(plain(ours().request(exchange)))
                .isEqualTo(plain(called(exchange.getRequest().getHeaders(), exchange, HttpHeadersFilter.Type.REQUEST)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/plain|Content-Length: 3|Set-Cookie: a=1|Set-Cookie: b=2",
                "Connection: X-Own|X-Own: a|Keep-Alive: 5|Transfer-Encoding: chunked|Trailer: x",
                "X-Forwarded-For: 1.2.3.4|Forwarded: for=1.2.3.4|Via: 1.1 origin"
            })
    void doesToAnswersWhatTheGatewaysFiltersDo(String fields) {
        ServerWebExchange exchange = exchange("Accept: */*");
        HttpHeaders answer = exchange(fields).getRequest().getHeaders();
        DefaultHttpHeaders ofNetty = new DefaultHttpHeaders();
        answer.forEach(ofNetty::add);

        assertThat(plain(ours().response(exchange, ofNetty)))
                .isEqualTo(plain(called(answer, exchange, HttpHeadersFilter.Type.RESPONSE)));
    }

    @Test
    void callsOthersInTheirOrderWithWhatIsLeft() {
        filters.add((input, exchange) -> {
            HttpHeaders changed = new HttpHeaders();
            changed.addAll(input);
            changed.set("X-Seen", String.join(",", plain(input).keySet()));
            return changed;
        });

        ServerWebExchange exchange = exchange("Connection: close|X-Forwarded-For: 1.2.3.4");

        assertThat(plain(ours().request(exchange)))
                .isEqualTo(plain(called(exchange.getRequest().getHeaders(), exchange, HttpHeadersFilter.Type.REQUEST)))
                .containsKey("x-seen");
    }

    @Test
    void leavesTheClientsAndTheBackendsOwnFieldsAlone() {
        ServerWebExchange exchange = exchange("Connection: close");
        DefaultHttpHeaders answer = new DefaultHttpHeaders();
        answer.add("Connection", "close");

        ours().request(exchange);
        ours().response(exchange, answer);

        assertThat(exchange.getRequest().getHeaders().getFirst("Connection")).isEqualTo("close");
        assertThat(answer.get("Connection")).isEqualTo("close");
    }
}
