package io.velo.admin;

import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Lets operators in who show the token, turns refusals into answers, and writes a line for each attempt to change something. */
final class AdminGate {

    private static final Logger audit = LoggerFactory.getLogger("io.velo.audit");

    private final AdminToken token;
    private final AdminAnswers answers;

    AdminGate(AdminToken token, AdminAnswers answers) {
        this.token = token;
        this.answers = answers;
    }

    /** For anyone. */
    HandlerFunction<ServerResponse> open(HandlerFunction<ServerResponse> handler) {
        return request -> answered(handler, request, headers -> {});
    }

    /** For who shows the token. */
    HandlerFunction<ServerResponse> guarded(HandlerFunction<ServerResponse> handler) {
        return request -> answered(
                        each -> admit(each).then(Mono.defer(() -> handler.handle(each))), request, headers -> {
                            if (token.configured()) {
                                challenge(request, headers);
                            }
                        })
                .doOnNext(response -> note(request, response));
    }

    private Mono<Void> admit(ServerRequest request) {
        if (!token.configured()) {
            return Mono.error(new Refusal(HttpStatus.FORBIDDEN, "changes are off: lb.admin.token is not set"));
        }
        return token.shownBy(authorization(request))
                ? Mono.empty()
                : Mono.error(new Refusal(HttpStatus.UNAUTHORIZED, "the bearer token is missing or wrong"));
    }

    private static String authorization(ServerRequest request) {
        return Objects.requireNonNullElse(request.headers().firstHeader(HttpHeaders.AUTHORIZATION), "");
    }

    private void challenge(ServerRequest request, HttpHeaders headers) {
        String shown = authorization(request);
        if (!token.shownBy(shown)) {
            String error = shown.isEmpty() ? "" : ", error=\"invalid_token\"";
            headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"velo\"" + error);
        }
    }

    private Mono<ServerResponse> answered(
            HandlerFunction<ServerResponse> handler, ServerRequest request, Consumer<HttpHeaders> ifRefused) {
        return Mono.defer(() -> handler.handle(request))
                .onErrorResume(Refusal.class, refusal -> answers.problem(refusal, ifRefused));
    }

    private static void note(ServerRequest request, ServerResponse response) {
        audit.atLevel(response.statusCode().isError() ? Level.WARN : Level.INFO)
                .addKeyValue(
                        "client", request.remoteAddress().map(String::valueOf).orElse("?"))
                .addKeyValue("method", request.method())
                .addKeyValue("path", request.path())
                .addKeyValue("status", response.statusCode().value())
                .log(response.statusCode().isError() ? "change refused" : "change made");
    }
}
