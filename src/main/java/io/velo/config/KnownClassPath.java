package io.velo.config;

import java.net.URL;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which files are not on the class path, which stays as it is while a JVM runs: what isn't there is looked for in
 * every jar, and Boot asks for the same dozen files at each reading. Thread-safe.
 */
final class KnownClassPath extends ClassLoader {

    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    KnownClassPath(ClassLoader parent) {
        super(parent);
    }

    @Override
    public @Nullable URL getResource(String name) {
        if (missing.contains(name)) {
            return null;
        }
        URL found = super.getResource(name);
        if (found == null) {
            missing.add(name);
        }
        return found;
    }
}
