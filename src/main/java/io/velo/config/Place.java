package io.velo.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where backends of a pool are looked for, written in the place of a backend's URL.
 *
 * @param pool name of the pool
 */
record Place(String pool, URI where) {

    /** What a place of each scheme looks like, and how to say so. */
    private static final Map<String, Rule> RULES = Map.of(
            "dns", new Rule("dns://[A-Za-z0-9._-]+:\\d{1,5}", "must be dns://name:port"),
            "dns+srv",
                    new Rule(
                            "dns\\+srv://[A-Za-z0-9._-]+",
                            "must be dns+srv:// and the name of SRV records, such as dns+srv://_http._tcp.shop"),
            "discovery",
                    new Rule(
                            "discovery://[A-Za-z0-9._-]+",
                            "must be discovery:// and the id of a service, such as discovery://shop"),
            "kubernetes",
                    new Rule(
                            "kubernetes:///([a-z0-9-]{1,63}/)?[a-z0-9-]{1,63}:[a-z0-9-]{1,63}",
                            "must be kubernetes:///namespace/service:port, the port by name or by the number that Pods have;"
                                    + " without a namespace it is Velo's own"));

    /** Whether a URL is a place, right or wrong. */
    static boolean is(String url) {
        return RULES.containsKey(scheme(url));
    }

    private static String scheme(String url) {
        int colon = url.indexOf("://");
        return colon < 0 ? "" : url.substring(0, colon);
    }

    /** What a place has to look like; empty if it does. */
    static String flaw(String url) {
        Rule rule = RULES.get(scheme(url));
        return rule == null || rule.pattern.matcher(url).matches() ? "" : rule.told;
    }

    /** Those of a pool. */
    static List<Place> of(String pool, PoolProperties properties) {
        return properties.backends().stream()
                .map(BackendProperties::url)
                .filter(Place::is)
                .distinct()
                .map(url -> new Place(pool, URI.create(url)))
                .toList();
    }

    private record Rule(Pattern pattern, String told) {
        Rule(String pattern, String told) {
            this(Pattern.compile(pattern), told);
        }
    }
}
