package io.velo.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is needed to judge requests.
 *
 * @param authenticators those of all mechanisms that rules name
 * @param fields by which backends are told
 */
public record AccessPlan(AccessRules rules, Map<Mechanism, Authenticator> authenticators, IdentityFields fields) {

    /** Everybody may pass. */
    public static final AccessPlan OPEN = new AccessPlan(new AccessRules(List.of()), Map.of(), IdentityFields.NONE);

    public AccessPlan {
        authenticators = Map.copyOf(authenticators);
    }

    Verdict.Allow allow(Identity identity) {
        return new Verdict.Allow(Optional.of(identity), fields);
    }
}
