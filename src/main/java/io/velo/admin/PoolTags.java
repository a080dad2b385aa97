package io.velo.admin;

import java.util.Arrays;
import java.util.Optional;

/**
 * Entity tags of pools: the start of this process and the version of what is configured in the pool. What probes and requests
 * do to a backend's state is no new version, or else an operator's tag would be stale before it could be used.
 */
final class PoolTags {

    private final String process;

    PoolTags(long startMillis) {
        this.process = Long.toHexString(startMillis);
    }

    String of(long version) {
        return '"' + process + '-' + version + '"';
    }

    /** Whether {@code If-Match} lets a change of this version through; a weak tag matches nothing. */
    boolean match(String ifMatch, long version) {
        Optional<String> any = Arrays.stream(ifMatch.split(","))
                .map(String::strip)
                .filter(tag -> tag.equals("*") || tag.equals(of(version)))
                .findFirst();
        return any.isPresent();
    }
}
