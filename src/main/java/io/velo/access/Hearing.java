package io.velo.access;

import io.velo.access.Evidence.Answered;
import io.velo.access.Evidence.Later;
import io.velo.access.Evidence.Proven;
import io.velo.access.Verdict.Decision;
import io.velo.access.Verdict.Pending;
import io.velo.access.Verdict.Refuse;
import io.velo.backend.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Hears the mechanisms of a rule on one request, one after another, until one knows who sent it. Used by one thread at a time. */
final class Hearing {

    static final Decision FORBIDDEN = new Refuse(Refusal.of(Reason.FORBIDDEN));
    private static final Decision MALFORMED = new Refuse(Refusal.of(Reason.HTTP_REQUEST_ERROR));
    private static final Decision UNAVAILABLE = new Refuse(Refusal.of(Reason.AUTHENTICATION_UNAVAILABLE));

    private final AccessPlan plan;
    private final AccessRules.Entry entry;
    private final AccessRequest request;
    private int next;
    private boolean wrong;
    private boolean unavailable;
    private boolean notPermitted;

    Hearing(AccessPlan plan, AccessRules.Entry entry, AccessRequest request) {
        this.plan = plan;
        this.entry = entry;
        this.request = request;
    }

    Verdict verdict() {
        while (next < entry.mechanisms.length) {
            Evidence found = authenticator(entry.mechanisms[next++]).examine(request);
            if (found instanceof Later later) {
                return new Pending(later.found().thenCompose(this::goOn));
            }
            Decision decided = weigh(found);
            if (decided != null) {
                return decided;
            }
        }
        return withoutProof();
    }

    private Authenticator authenticator(Mechanism mechanism) {
        return Objects.requireNonNull(plan.authenticators().get(mechanism), "a rule names it");
    }

    private CompletionStage<Decision> goOn(Evidence found) {
        Decision decided = weigh(found);
        Verdict verdict = decided == null ? verdict() : decided;
        return verdict instanceof Pending pending
                ? pending.decision()
                : CompletableFuture.completedFuture((Decision) verdict);
    }

    /** Null if it decides nothing. */
    private @Nullable Decision weigh(Evidence found) {
        if (found instanceof Proven proven) {
            if (entry.rule.permits(proven.identity())) {
                return plan.allow(proven.identity());
            }
            notPermitted = true;
        } else if (found instanceof Answered answered) {
            return new Refuse(answered.refusal());
        } else if (found == Evidence.MALFORMED) {
            return MALFORMED;
        }
        wrong |= found == Evidence.WRONG;
        unavailable |= found == Evidence.UNAVAILABLE;
        return null;
    }

    private Decision withoutProof() {
        if (notPermitted) {
            return FORBIDDEN;
        }
        if (unavailable) {
            return UNAVAILABLE;
        }
        List<Refusal.Field> challenges = new ArrayList<>();
        for (Mechanism mechanism : entry.mechanisms) {
            String challenge = authenticator(mechanism).challenge(wrong);
            if (!challenge.isEmpty()) {
                challenges.add(new Refusal.Field("WWW-Authenticate", challenge));
            }
        }
        return challenges.isEmpty()
                ? FORBIDDEN // an answer of 401 must have a challenge
                : new Refuse(new Refusal(Reason.UNAUTHENTICATED, challenges, Optional.empty()));
    }
}
