package io.velo.access;

import java.util.HashMap;
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

    /** What is asked at the paths at which mechanisms answer themselves. */
    Map<String, AccessRules.Entry> own() {
        Map<String, AccessRules.Entry> own = new HashMap<>();
        authenticators.forEach((mechanism, authenticator) -> {
            AccessRules.Entry asked = AccessRules.Entry.of(AccessRule.asking(mechanism));
            authenticator.ownPaths().forEach(path -> own.put(path, asked));
        });
        return own;
    }

    Verdict.Allow allow(Identity identity) {
        return new Verdict.Allow(Optional.of(identity), fields);
    }
}
