package io.velo.admin;

import java.util.function.Consumer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers by the same mapper as Actuator's endpoints, so that a backend looks the same wherever it is shown. */
final class AdminAnswers {

    private final JsonMapper mapper;

    AdminAnswers(JsonMapper mapper) {
        this.mapper = mapper;
    }

    Mono<ServerResponse> json(HttpStatus status, Object body, Consumer<HttpHeaders> headers) {
        return answer(status, MediaType.APPLICATION_JSON, body, headers);
    }

    Mono<ServerResponse> problem(Refusal refusal, Consumer<HttpHeaders> headers) {
        return answer(refusal.status(), MediaType.APPLICATION_PROBLEM_JSON, refusal.body(), headers);
    }

    private Mono<ServerResponse> answer(HttpStatus status, MediaType type, Object body, Consumer<HttpHeaders> headers) {
        return ServerResponse.status(status)
                .contentType(type)
                .headers(headers)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .bodyValue(mapper.writeValueAsBytes(body));
    }
}
