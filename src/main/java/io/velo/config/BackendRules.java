package io.velo.config;

import io.velo.backend.BackendSpec;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold of the backends of one pool. */
final class BackendRules {

    private static final Set<String> SCHEMES = Set.of("http", "https", "h2c");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*");
    private static final int MOST_PRIORITY = 100;

    private final String prefix;
    private final Violations violations;

    /**
     * @param prefix what stands before the pool's keys, with a dot at its end
     */
    BackendRules(String prefix, Violations violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    void check(List<BackendProperties> backends) {
        Map<String, Integer> ids = new HashMap<>();
        for (int i = 0; i < backends.size(); i++) {
            BackendProperties backend = backends.get(i);
            String at = prefix + "backends[" + i + "]";
            if (Place.is(backend.url())) {
                checkPlace(at, backend);
            } else {
                checkUrl(at + ".url", backend.url());
            }
            violations.between(at + ".weight", backend.weight(), 0, BackendSpec.MAX_WEIGHT);
            violations.atLeast(at + ".max-in-flight", backend.maxInFlight(), 0);
            violations.between(at + ".priority", backend.priority(), 0, MOST_PRIORITY);
            String id = Settings.idOf(backend);
            violations.unless(
                    backend.id().isEmpty()
                            || Place.is(backend.url())
                            || ID.matcher(id).matches(),
                    at + ".id",
                    id,
                    "must be letters, digits, dots, colons, dashes and underscores");
            Integer first = ids.putIfAbsent(id, i);
            violations.unless(first == null, at + ".id", id, "backend " + first + " of the pool has the same id");
        }
    }

    private void checkPlace(String at, BackendProperties place) {
        String flaw = Place.flaw(place.url());
        violations.unless(flaw.isEmpty(), at + ".url", place.url(), flaw);
        violations.unless(
                place.id().isEmpty(),
                at + ".id",
                place.id(),
                "is for one backend; those that are found have their own");
    }

    private void checkUrl(String key, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            violations.unless(false, key, url, "is no URL: " + e.getReason());
            return;
        }
        boolean address = uri.getScheme() != null && SCHEMES.contains(uri.getScheme()) && uri.getHost() != null;
        violations.unless(address, key, url, "must be http://host:port, or the same with https or h2c");
        boolean bare = (uri.getRawPath() == null
                        || uri.getRawPath().isEmpty()
                        || uri.getRawPath().equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && uri.getRawUserInfo() == null;
        violations.unless(!address || bare, key, url, "must end after the port; a route's filters can add a path");
        violations.unless(
                !address || uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= 65535),
                key,
                url,
                "has a port that is not 1 to 65535");
    }
}
