package io.velo.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Active probing.
 *
 * @param enabled whether backends are probed
 * @param type what probes speak: http, or grpc for grpc.health.v1
 * @param service name of the gRPC service that probes ask for, the whole server if empty
 * @param path path, and query if need be, that probes ask for
 * @param method method of the probes
 * @param host Host field of the probes, the backend's own if empty
 * @param port port that probes go to, 0 for the backend's own
 * @param interval time from the start of one probe of a backend to the start of the next
 * @param timeout bounds a probe, connect included; at most the interval
 * @param fastInterval interval while results contradict the finding in force
 * @param rise passes in a row that make an unhealthy backend healthy
 * @param fall misses in a row that make a healthy backend unhealthy
 * @param expect statuses that pass, such as 2xx or 200-299,404; a redirect is not followed
 * @param jitter part of the interval by which probes are spread at random, 0 to 0.5
 */
public record HealthProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("http") Probe type,
        @DefaultValue("") String service,
        @DefaultValue("/health") String path,
        @DefaultValue("GET") String method,
        @DefaultValue("") String host,
        @DefaultValue("0") int port,
        @DefaultValue("5s") Duration interval,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("1s") Duration fastInterval,
        @DefaultValue("2") int rise,
        @DefaultValue("3") int fall,
        @DefaultValue("2xx") String expect,
        @DefaultValue("0.1") double jitter) {

    /** What probes speak. */
    public enum Probe {
        HTTP,
        GRPC
    }
}
