package io.velo.discovery;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How backends are looked for.
 *
 * @param nameservers who is asked for names; empty for those of the system
 * @param timeout bounds one look
 * @param minRefresh the shortest time from one look to the next, whatever the records' time to live
 * @param maxRefresh the longest
 */
public record DiscoverySettings(
        List<InetSocketAddress> nameservers, Duration timeout, Duration minRefresh, Duration maxRefresh) {
    public DiscoverySettings {
        nameservers = List.copyOf(nameservers);
    }
}
