package io.velo.auth;

import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Later;
import io.velo.access.Mechanism;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mechanism whose faults are told in the log and count as its being unavailable, so that no request waits for it forever. */
final class FaultTolerant implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(FaultTolerant.class);

    private final Mechanism mechanism;
    private final Authenticator actual;

    FaultTolerant(Mechanism mechanism, Authenticator actual) {
        this.mechanism = mechanism;
        this.actual = actual;
    }

    @Override
    public Set<String> ownPaths() {
        return actual.ownPaths();
    }

    @Override
    public Evidence examine(AccessRequest request) {
        try {
            Evidence found = actual.examine(request);
            return found instanceof Later later ? new Later(later.found().exceptionally(this::faulty)) : found;
        } catch (RuntimeException e) {
            return faulty(e);
        }
    }

    private Evidence faulty(Throwable fault) {
        log.atError().addKeyValue("mechanism", mechanism).setCause(fault).log("who sent a request can't be found out");
        return Evidence.UNAVAILABLE;
    }

    @Override
    public String challenge(boolean wrong) {
        return actual.challenge(wrong);
    }
}
