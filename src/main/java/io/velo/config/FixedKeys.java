package io.velo.config;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.DigestUtils;

/** What stands in the files and counts only at the start: where Velo listens, how many threads it has, whom it trusts. */
final class FixedKeys {

    private static final Pattern LIVE_ELSEWHERE =
            Pattern.compile("spring\\.cloud\\.gateway\\.server\\.webflux\\.(routes|defaultfilters)\\b.*"
                    + "|lb\\.ratelimit\\.(rules|onoutage)\\b.*|lb\\.(routeterms\\b.*|client\\.maxbody)");

    /** The file of the first Velo. */
    private static final Pattern LIVE_AT_TOP = Pattern.compile("(backends\\.urls|strategy|circuit|health)\\b.*");

    private static final ConfigurationPropertyName AUTH = BoundKeys.LB.append("auth");

    private static final Pattern SECRET =
            Pattern.compile("token|secret|password|credential|key", Pattern.CASE_INSENSITIVE);

    /** What stands before them among the keys of a configuration in force. */
    static final String RESTART = "restart.";

    private FixedKeys() {}

    /** The keys and their values as they are written. */
    static Map<String, String> of(ConfigurableEnvironment environment) {
        Map<String, String> fixed = new LinkedHashMap<>();
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof OriginTrackedMapPropertySource file) {
                for (String key : file.getPropertyNames()) {
                    if (!isLive(key)) {
                        fixed.putIfAbsent(key, String.valueOf(file.getProperty(key)));
                    }
                }
            }
        }
        return fixed;
    }

    private static boolean isLive(String key) {
        String uniform = key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        if (LIVE_ELSEWHERE.matcher(uniform).matches()
                || LIVE_AT_TOP.matcher(uniform).matches()) {
            return true;
        }
        if (!uniform.startsWith("lb.")) {
            return false;
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        return AUTH.isAncestorOf(name)
                || BoundKeys.POOLS.isAncestorOf(name)
                || KnownKeys.OF_POOL.contain(name, 1)
                || KnownKeys.OF_POOL.haveGroup(name, 1);
    }

    /** The same for others to compare with, as digests; what may be a secret is left out. */
    static Map<String, String> digests(Map<String, String> fixed) {
        Map<String, String> digests = new LinkedHashMap<>();
        fixed.forEach((key, value) -> {
            if (!SECRET.matcher(key).find()) {
                digests.put(RESTART + key, DigestUtils.md5DigestAsHex(value.getBytes(StandardCharsets.UTF_8)));
            }
        });
        return digests;
    }

    /** Keys whose values are different. */
    static List<String> changed(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return List.copyOf(keys);
    }
}
