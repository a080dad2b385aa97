package io.velo.config;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One backend, written as its URL alone or as an object.
 *
 * @param url http://, https:// or h2c:// with host and port
 * @param id name of the backend in logs, meters and the admin API; host:port if left out
 * @param weight share of the traffic relative to the other backends, 0 to 256; 0 gets no new requests
 * @param zone where the backend stands
 * @param maxInFlight most requests at once, 0 for no limit
 * @param priority 0 for the best; backends of the next one serve when too few of this one are eligible
 * @param backup short for priority 1: serves when no other backend is eligible
 */
public record BackendProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String id,
        @DefaultValue("1") int weight,
        @DefaultValue("") String zone,
        @DefaultValue("0") int maxInFlight,
        @DefaultValue("0") int priority,
        @DefaultValue("false") boolean backup) {

    /** The short form. Spring's conversion service finds it by its name. */
    public static BackendProperties of(String url) {
        return new BackendProperties(url.strip(), "", 1, "", 0, 0, false);
    }
}
