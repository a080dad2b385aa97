package io.velo.config;

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

/** What stands in the files and counts only at the start: where Velo listens, how many threads it has, whom it trusts. */
final class FixedKeys {

    private static final Pattern LIVE_ELSEWHERE =
            Pattern.compile("spring\\.cloud\\.gateway\\.server\\.webflux\\.(routes|defaultfilters)\\b.*");

    /** The file of the first Velo. */
    private static final Pattern LIVE_AT_TOP = Pattern.compile("(backends\\.urls|strategy|circuit|health)\\b.*");

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
        return BoundKeys.POOLS.isAncestorOf(name)
                || KnownKeys.OF_POOL.contain(name, 1)
                || KnownKeys.OF_POOL.haveGroup(name, 1);
    }

    /** Keys whose values are different. */
    static List<String> changed(Map<String, String> before, Map<String, String> after) {
        TreeSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return List.copyOf(keys);
    }
}
