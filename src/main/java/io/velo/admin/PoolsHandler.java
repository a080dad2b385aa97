package io.velo.admin;

import io.velo.backend.Backend;
import io.velo.change.Edit;
import io.velo.change.Operations;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Answers for pools: shows one with its entity tag, and takes operators' changes. */
final class PoolsHandler {

    private static final int MOST_BYTES = 16 * 1024;
    private static final MediaType MERGE_PATCH = new MediaType("application", "merge-patch+json");

    private final Pools pools;
    private final PoolViews views;
    private final Operations operations;
    private final PoolTags tags;
    private final AdminAnswers answers;
    private final Scheduler workers;

    /**
     * @param workers where changes are made, which may have to wait for one another
     */
    PoolsHandler(
            Pools pools,
            PoolViews views,
            Operations operations,
            PoolTags tags,
            AdminAnswers answers,
            Scheduler workers) {
        this.pools = pools;
        this.views = views;
        this.operations = operations;
        this.tags = tags;
        this.answers = answers;
        this.workers = workers;
    }

    Mono<ServerResponse> pool(ServerRequest request) {
        Pool pool = find(request);
        return shown(pool, views.story(pool));
    }

    Mono<ServerResponse> backends(ServerRequest request) {
        Pool pool = find(request);
        return shown(pool, views.view(pool).backends());
    }

    Mono<ServerResponse> backend(ServerRequest request) {
        Pool pool = find(request);
        Backend backend = pool.backend(id(request)).orElseThrow(() -> unknown("backend " + id(request)));
        return shown(pool, PoolView.BackendView.of(backend));
    }

    private Pool find(ServerRequest request) {
        String name = request.pathVariable("pool");
        return pools.find(name).orElseThrow(() -> unknown("pool " + name));
    }

    private static String id(ServerRequest request) {
        return request.pathVariable("id");
    }

    private static Refusal unknown(String what) {
        return new Refusal(HttpStatus.NOT_FOUND, "there is no " + what);
    }

    private Mono<ServerResponse> shown(Pool pool, Object view) {
        long version = operations.version(pool.name()).orElse(0);
        return answers.json(HttpStatus.OK, view, headers -> headers.setETag(tags.of(version)));
    }

    Mono<ServerResponse> add(ServerRequest request) {
        return edit(
                request,
                (body, version) -> operations.add(request.pathVariable("pool"), DraftReader.backend(body), version),
                HttpStatus.CREATED);
    }

    Mono<ServerResponse> change(ServerRequest request) {
        return edit(
                request,
                (body, version) ->
                        operations.change(request.pathVariable("pool"), DraftReader.patch(id(request), body), version),
                HttpStatus.OK);
    }

    Mono<ServerResponse> remove(ServerRequest request) {
        return edit(
                request,
                (body, version) -> operations.remove(request.pathVariable("pool"), id(request), version),
                HttpStatus.ACCEPTED);
    }

    Mono<ServerResponse> drain(ServerRequest request) {
        return edit(
                request,
                (body, version) ->
                        operations.drain(request.pathVariable("pool"), id(request), DraftReader.timeout(body), version),
                HttpStatus.OK);
    }

    Mono<ServerResponse> resume(ServerRequest request) {
        return edit(
                request,
                (body, version) -> operations.resume(request.pathVariable("pool"), id(request), version),
                HttpStatus.OK);
    }

    Mono<ServerResponse> canary(ServerRequest request) {
        return edit(
                request,
                (body, version) -> operations.canary(request.pathVariable("pool"), DraftReader.percent(body), version),
                HttpStatus.NO_CONTENT);
    }

    private Mono<ServerResponse> edit(
            ServerRequest request, BiFunction<byte[], OptionalLong, Edit> action, HttpStatus changed) {
        return body(request)
                .publishOn(workers)
                .map(body -> action.apply(body, expected(request)))
                .flatMap(edit -> answer(request, edit, changed));
    }

    /** The version that the operator has seen; what it is now if any of the tags is its. */
    private OptionalLong expected(ServerRequest request) {
        String ifMatch = request.headers().firstHeader(HttpHeaders.IF_MATCH);
        OptionalLong now = operations.version(request.pathVariable("pool"));
        if (ifMatch == null || now.isEmpty()) {
            return OptionalLong.empty();
        }
        return tags.match(ifMatch, now.getAsLong()) ? now : OptionalLong.of(-1);
    }

    private Mono<byte[]> body(ServerRequest request) {
        if (request.headers().contentLength().orElse(0) > MOST_BYTES) {
            throw tooLarge();
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), MOST_BYTES)
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge())
                .map(buffer -> {
                    byte[] bytes = new byte[buffer.readableByteCount()];
                    buffer.read(bytes);
                    DataBufferUtils.release(buffer);
                    return bytes;
                })
                .doOnNext(bytes -> requireJson(request))
                .defaultIfEmpty(new byte[0]);
    }

    private static Refusal tooLarge() {
        return new Refusal(HttpStatus.CONTENT_TOO_LARGE, "the body must be at most " + MOST_BYTES + " bytes");
    }

    /** Browsers send other types across sites without asking; these they don't. */
    private static void requireJson(ServerRequest request) {
        Optional<MediaType> type = request.headers().contentType();
        boolean json = type.filter(
                        each -> each.isCompatibleWith(MediaType.APPLICATION_JSON) || each.isCompatibleWith(MERGE_PATCH))
                .isPresent();
        if (!json) {
            throw new Refusal(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the body must be application/json, or application/merge-patch+json for a change");
        }
    }

    private Mono<ServerResponse> answer(ServerRequest request, Edit edit, HttpStatus changed) {
        if (edit instanceof Edit.Done done) {
            return done(request, done, changed);
        }
        if (edit instanceof Edit.Stale) {
            throw new Refusal(HttpStatus.PRECONDITION_FAILED, "the pool has changed since; look at it again");
        }
        if (edit instanceof Edit.Invalid invalid) {
            throw new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, "the body breaks rules", invalid.flaws());
        }
        if (edit instanceof Edit.Conflict conflict) {
            throw new Refusal(HttpStatus.CONFLICT, conflict.why());
        }
        throw unknown(((Edit.Unknown) edit).what());
    }

    private Mono<ServerResponse> done(ServerRequest request, Edit.Done done, HttpStatus changed) {
        if (done.backend().isEmpty()) {
            return ServerResponse.noContent().eTag(tags.of(done.version())).build();
        }
        Backend backend = done.backend().get();
        HttpStatus status = done.changed() || changed == HttpStatus.ACCEPTED ? changed : HttpStatus.OK;
        return answers.json(status, PoolView.BackendView.of(backend), headers -> {
            headers.setETag(tags.of(done.version()));
            if (status == HttpStatus.CREATED) {
                headers.set(HttpHeaders.LOCATION, request.path() + "/" + backend.id());
            }
        });
    }
}
