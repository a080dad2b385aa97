package io.velo.access;

import io.velo.access.Verdict.Allow;
import io.velo.access.Verdict.Decision;
import io.velo.access.Verdict.Refuse;
import io.velo.backend.Reason;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges each request that a route has taken, on both lanes, by the plan in force. Readers see one immutable plan. */
public final class Guard {

    private static final Decision AMBIGUOUS = new Refuse(Refusal.of(Reason.HTTP_REQUEST_ERROR));

    private volatile Post post = new Post(AccessPlan.OPEN);

    /** Puts another plan in force. */
    public void swap(AccessPlan next) {
        post = new Post(next);
    }

    /** Whether there are no rules, so that no request has to be looked at. */
    public boolean off() {
        return post.off;
    }

    /**
     * Whether a request may pass. Never blocks.
     *
     * @param route id of the route that took it
     */
    public Verdict judge(AccessRequest request, String route) {
        Post now = post;
        if (now.own != null) {
            AccessRules.Entry own = now.own.get(request.path());
            if (own != null) {
                return new Hearing(now.plan, own, request).verdict();
            }
        }
        Optional<AccessRules.Entry> rule = now.plan.rules().find(request, route);
        if (rule.isEmpty()) {
            return AMBIGUOUS;
        }
        AccessRules.Entry entry = rule.get();
        if (!entry.rule.addresses().test(request.clientAddress())) {
            return Hearing.FORBIDDEN;
        }
        return entry.mechanisms.length == 0 ? now.open : new Hearing(now.plan, entry, request).verdict();
    }

    private static final class Post {

        private final AccessPlan plan;
        private final boolean off;
        private final Decision open;
        private final @Nullable Map<String, AccessRules.Entry> own;

        Post(AccessPlan plan) {
            this.plan = plan;
            this.off = plan.rules().isEmpty();
            this.open = new Allow(Optional.empty(), plan.fields());
            this.own = plan.own().isEmpty() ? null : plan.own();
        }
    }
}
