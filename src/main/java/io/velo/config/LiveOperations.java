package io.velo.config;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.change.BackendDraft;
import io.velo.change.Edit;
import io.velo.change.Operations;
import io.velo.pool.Canaries;
import io.velo.pool.Canary;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Checks what operators ask for by the rules of the configuration, and has it done. */
final class LiveOperations implements Operations {

    private static final String PREFIX = "lb.";

    private final AllowedBackends allowed;
    private final LiveConfiguration live;
    private final Pools pools;
    private final Canaries canaries;

    LiveOperations(LiveConfiguration live, Pools pools, Canaries canaries, AllowedBackends allowed) {
        this.allowed = allowed;
        this.live = live;
        this.pools = pools;
        this.canaries = canaries;
    }

    @Override
    public OptionalLong version(String pool) {
        return pools.find(pool).isEmpty() ? OptionalLong.empty() : OptionalLong.of(live.version(pool));
    }

    @Override
    public Edit add(String pool, BackendDraft draft, OptionalLong expected) {
        return inPool(pool, expected, found -> {
            BackendProperties wanted = properties(draft);
            List<Edit.Flaw> flaws = flawsOfNew(wanted);
            return flaws.isEmpty() ? added(found, Settings.backend(wanted)) : new Edit.Invalid(flaws);
        });
    }

    private Edit added(Pool pool, BackendSpec wanted) {
        Optional<Backend> present = pool.backend(wanted.id());
        if (present.isEmpty()) {
            live.change(pool, wanted.id(), Optional.of(wanted));
            return done(pool, wanted.id(), true);
        }
        boolean same = present.get().spec().from(wanted.source()).readsLike(wanted);
        return same
                ? done(pool, wanted.id(), false)
                : new Edit.Conflict("pool " + pool.name() + " has a backend " + wanted.id() + " that is another one");
    }

    @Override
    public Edit change(String pool, BackendDraft draft, OptionalLong expected) {
        return inBackend(pool, draft.id().orElse(""), expected, (found, backend) -> {
            BackendSpec before = backend.spec();
            BackendProperties wanted = new BackendProperties(
                    before.uri().toString(),
                    before.id(),
                    draft.weight().orElse(before.weight()),
                    draft.zone().orElse(before.zone()),
                    draft.maxInFlight().orElse(before.maxInFlight()),
                    draft.priority().orElse(before.priority()),
                    false);
            List<Edit.Flaw> flaws = flaws(wanted);
            return flaws.isEmpty() ? changed(found, before, Settings.backend(wanted)) : new Edit.Invalid(flaws);
        });
    }

    private Edit changed(Pool pool, BackendSpec before, BackendSpec wanted) {
        boolean same = before.from(wanted.source()).readsLike(wanted);
        if (!same) {
            live.change(pool, wanted.id(), Optional.of(wanted));
        }
        return done(pool, wanted.id(), !same);
    }

    @Override
    public Edit remove(String pool, String id, OptionalLong expected) {
        return inPool(pool, expected, found -> {
            if (found.backend(id).isPresent()) {
                live.change(found, id, Optional.empty());
                return done(found, id, true);
            }
            return leaving(found, id).isPresent() ? done(found, id, false) : new Edit.Unknown("backend " + id);
        });
    }

    private static Optional<Backend> leaving(Pool pool, String id) {
        return pool.leaving().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst();
    }

    @Override
    public Edit drain(String pool, String id, Optional<Duration> most, OptionalLong expected) {
        return inBackend(pool, id, expected, (found, backend) -> {
            boolean drains = backend.state() == BackendState.DRAINING;
            if (!drains || most.isPresent()) {
                found.drain(backend, most.orElse(found.spec().drainTimeout()));
                live.changed(found);
            }
            return done(found, id, !drains);
        });
    }

    @Override
    public Edit resume(String pool, String id, OptionalLong expected) {
        return inBackend(pool, id, expected, (found, backend) -> {
            boolean drains = backend.state() == BackendState.DRAINING;
            if (drains) {
                found.resume(backend);
                live.changed(found);
            }
            return done(found, id, drains);
        });
    }

    @Override
    public Edit canary(String pool, double percent, OptionalLong expected) {
        return inPool(pool, expected, found -> {
            Optional<Canary> canary = canaries.of(pool);
            if (canary.isEmpty()) {
                return new Edit.Unknown("canary of pool " + pool);
            }
            if (!(percent >= 0 && percent <= 100)) {
                return new Edit.Invalid(List.of(new Edit.Flaw("percent", String.valueOf(percent), "must be 0 to 100")));
            }
            boolean news = canary.get().percent() != percent;
            if (news) {
                canary.get().become(percent);
                live.changed(found);
            }
            return new Edit.Done(Optional.empty(), news, live.version(pool));
        });
    }

    private Edit done(Pool pool, String id, boolean changed) {
        Optional<Backend> backend = pool.backend(id).or(() -> leaving(pool, id));
        return new Edit.Done(backend, changed, live.version(pool.name()));
    }

    private Edit inPool(String pool, OptionalLong expected, Function<Pool, Edit> action) {
        return live.alone(() -> {
            Optional<Pool> found = pools.find(pool);
            if (found.isEmpty()) {
                return new Edit.Unknown("pool " + pool);
            }
            long version = live.version(pool);
            boolean stale = expected.isPresent() && expected.getAsLong() != version;
            return stale ? new Edit.Stale(version) : action.apply(found.get());
        });
    }

    private Edit inBackend(String pool, String id, OptionalLong expected, InBackend action) {
        return live.alone(() -> {
            Optional<Backend> backend = pools.find(pool).flatMap(found -> found.backend(id));
            boolean unknown = pools.find(pool).isPresent() && backend.isEmpty();
            return unknown
                    ? new Edit.Unknown("backend " + id)
                    : inPool(pool, expected, found -> action.apply(found, backend.orElseThrow()));
        });
    }

    private static BackendProperties properties(BackendDraft draft) {
        return new BackendProperties(
                draft.url().orElse(""),
                draft.id().orElse(""),
                draft.weight().orElse(1),
                draft.zone().orElse(""),
                draft.maxInFlight().orElse(0),
                draft.priority().orElse(0),
                false);
    }

    private List<Edit.Flaw> flawsOfNew(BackendProperties wanted) {
        List<Edit.Flaw> flaws = flaws(wanted);
        if (flaws.isEmpty() && !allowed.test(URI.create(wanted.url()))) {
            return List.of(new Edit.Flaw("url", wanted.url(), "must be one that lb.admin.backends allows"));
        }
        return flaws;
    }

    private static List<Edit.Flaw> flaws(BackendProperties wanted) {
        if (Place.is(wanted.url())) {
            String rule = "must be http://host:port, or the same with https or h2c; only a file can say where to look";
            return List.of(new Edit.Flaw("url", wanted.url(), rule));
        }
        Violations violations = new Violations(List.of());
        new BackendRules(PREFIX, violations).check(List.of(wanted));
        return violations.found().stream()
                .map(problem -> new Edit.Flaw(keyOf(problem), problem.value(), problem.rule()))
                .toList();
    }

    /** As operators write it. */
    private static String keyOf(ConfigProblem problem) {
        return problem.key().replace(PREFIX + "backends[0].", "").replace("max-in-flight", "maxInFlight");
    }

    private interface InBackend {
        Edit apply(Pool pool, Backend backend);
    }
}
