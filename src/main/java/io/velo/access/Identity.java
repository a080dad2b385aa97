package io.velo.access;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who a request comes from, and how that was proven. Immutable; kept for as long as the proof is, so made seldom. */
public final class Identity {

    /** Name of the attribute of an exchange on the gateway lane that holds it. */
    public static final String ATTRIBUTE = Identity.class.getName();

    private final String name;
    private final Mechanism by;
    private final Set<String> roles;
    private final Map<String, List<String>> claims;
    private final String shownName;
    private final String shownRoles;

    /**
     * @param name of the user, key or subject; unique among those proven by the same mechanism
     * @param claims what else was proven, by name
     */
    public Identity(String name, Mechanism by, Collection<String> roles, Map<String, List<String>> claims) {
        this.name = name;
        this.by = by;
        this.roles = Set.copyOf(roles);
        this.claims = new LinkedHashMap<>();
        claims.forEach((claim, values) -> this.claims.put(claim, List.copyOf(values)));
        this.shownName = FieldText.of(name);
        this.shownRoles = FieldText.of(roles);
    }

    /** The user, key or subject. */
    public String name() {
        return name;
    }

    /** How it was proven. */
    public Mechanism by() {
        return by;
    }

    /** What it may do, in the words of who vouches for it. */
    public Set<String> roles() {
        return roles;
    }

    /** What else was proven under this name; empty if nothing was. */
    public List<String> claim(String claim) {
        return claims.getOrDefault(claim, List.of());
    }

    /** The name as it can stand in a header field. */
    String shownName() {
        return shownName;
    }

    /** The roles as they can stand in a header field. */
    String shownRoles() {
        return shownRoles;
    }

    @Override
    public String toString() {
        return by.word() + ":" + shownName;
    }
}
