package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.velo.access.Refusal;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.wire.FailureReasons;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Answers for requests that failed, before Boot's own error page would. Once the head has been sent there is nothing left
 * but to cut the connection, so that a truncated answer never looks whole.
 */
final class ProblemHandler implements WebExceptionHandler, Ordered {

    private final Endings endings;

    ProblemHandler(Endings endings) {
        this.endings = endings;
    }

    @Override
    public int getOrder() {
        return -2; // Boot's is -1
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        if (failure instanceof RefusedRequestException refused) {
            return write(exchange, refused.refusal());
        }
        Optional<Problem> problem = problemOf(exchange, failure);
        return problem.map(told -> write(exchange, told)).orElseGet(() -> Mono.error(failure));
    }

    private Optional<Problem> problemOf(ServerWebExchange exchange, Throwable failure) {
        if (failure instanceof FailedRequestException told) {
            return Optional.of(Problem.of(told.why()));
        }
        HttpStatusCode status = failure instanceof ErrorResponse answer ? answer.getStatusCode() : null;
        if (exchange.getAttribute(GATEWAY_ROUTE_ATTR) != null) {
            return Optional.of(problemOfFilter(failure, status));
        }
        if (HttpStatus.NOT_FOUND.equals(status)) {
            endings.unrouted(exchange);
            return Optional.of(Problem.of(Reason.DESTINATION_NOT_FOUND));
        }
        return Optional.empty();
    }

    /** Some filter of the route gave up with a status of its own, or by accident. */
    private static Problem problemOfFilter(Throwable failure, @Nullable HttpStatusCode status) {
        if (status == null) {
            return Problem.of(FailureReasons.ofOtherFilter(failure));
        }
        if (status.value() == Reason.HTTP_RESPONSE_TIMEOUT.status()) {
            return Problem.of(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        Reason reason = status.value() == Reason.HTTP_REQUEST_DENIED.status()
                ? Reason.HTTP_REQUEST_DENIED
                : status.is4xxClientError() ? Reason.HTTP_REQUEST_ERROR : Reason.PROXY_INTERNAL_ERROR;
        return new Problem(status.value(), reason);
    }

    private static Mono<Void> write(ServerWebExchange exchange, Refusal refusal) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.clear();
        refusal.fields().forEach(field -> headers.add(field.name(), field.value()));
        return refusal.page()
                .filter(page -> !GrpcCalls.isAny(exchange))
                .map(page -> write(exchange.getResponse(), page))
                .orElseGet(() -> writeBeside(exchange, Problem.of(refusal.reason())));
    }

    private static Mono<Void> write(ServerHttpResponse response, Refusal.Page page) {
        HttpHeaders headers = response.getHeaders();
        if (!page.contentType().isEmpty()) {
            headers.set(HttpHeaders.CONTENT_TYPE, page.contentType());
        }
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.setContentLength(page.body().length);
        response.setRawStatusCode(page.status());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(page.body())));
    }

    private static Mono<Void> write(ServerWebExchange exchange, Problem problem) {
        exchange.getResponse().getHeaders().clear();
        return writeBeside(exchange, problem);
    }

    private static Mono<Void> writeBeside(ServerWebExchange exchange, Problem problem) {
        ServerHttpResponse response = exchange.getResponse();
        response.getHeaders().set(Problem.PROXY_STATUS, problem.proxyStatus());
        response.getHeaders().set(HttpHeaders.CACHE_CONTROL, "no-store");
        return GrpcCalls.isAny(exchange) ? GrpcCalls.fail(exchange, problem) : write(response, problem);
    }

    private static Mono<Void> write(ServerHttpResponse response, Problem problem) {
        byte[] body = problem.body();
        HttpHeaders headers = response.getHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, Problem.CONTENT_TYPE);
        if (problem.reason().retryLater()) {
            headers.set(HttpHeaders.RETRY_AFTER, Problem.RETRY_AFTER_SECONDS);
        }
        headers.setContentLength(body.length);
        response.setRawStatusCode(problem.status());
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
    }
}
