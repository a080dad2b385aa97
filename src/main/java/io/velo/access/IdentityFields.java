package io.velo.access;

import io.velo.http.FieldNames;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The header fields by which backends are told who sent a request. Nobody else can set them. */
public final class IdentityFields {

    /** None at all. */
    public static final IdentityFields NONE = new IdentityFields("", "", Map.of());

    private final String user;
    private final String roles;
    private final Map<String, String> claims;
    private final String[] reserved;
    private final OwnCookies cookies;

    /**
     * @param user name of the field for the name; empty for none
     * @param roles name of the field for the roles, with commas between; empty for none
     * @param claims names of claims by the field for them
     */
    public IdentityFields(String user, String roles, Map<String, String> claims) {
        this(user, roles, claims, OwnCookies.NONE);
    }

    /**
     * The same where clients keep cookies for Velo.
     *
     * @param cookies those that backends don't get
     */
    public IdentityFields(String user, String roles, Map<String, String> claims, OwnCookies cookies) {
        this.cookies = cookies;
        this.user = user;
        this.roles = roles;
        this.claims = new LinkedHashMap<>(claims);
        Set<String> names = new LinkedHashSet<>(List.of(user, roles));
        names.addAll(claims.keySet());
        names.remove("");
        this.reserved = names.toArray(String[]::new);
    }

    /** The cookies that backends don't get. */
    public OwnCookies cookies() {
        return cookies;
    }

    /** Whether a client's field of this name is taken out. Dash and underscore are the same to many a backend. */
    public boolean reserves(CharSequence name) {
        for (String each : reserved) {
            if (FieldNames.alike(each, name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Tells who it is.
     *
     * @param set takes name and value of each field
     */
    public void tell(Identity identity, BiConsumer<String, String> set) {
        if (!user.isEmpty()) {
            set.accept(user, identity.shownName());
        }
        if (!roles.isEmpty() && !identity.shownRoles().isEmpty()) {
            set.accept(roles, identity.shownRoles());
        }
        claims.forEach((field, claim) -> {
            List<String> values = identity.claim(claim);
            if (!values.isEmpty()) {
                set.accept(field, FieldText.of(values));
            }
        });
    }
}
