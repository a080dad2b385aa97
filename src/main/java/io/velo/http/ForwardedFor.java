package io.velo.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What {@code X-Forwarded-For} says, as far as it can be believed. A peer that isn't trusted may have written anything, so
 * what it sent is dropped; a trusted one's list is kept and read from the right, and the first address that isn't trusted
 * is the client.
 *
 * @param trustedPeer whether the peer may speak for others
 * @param client address of the client, without port
 * @param value the field to send on: the believed list and the peer at its end
 */
public record ForwardedFor(boolean trustedPeer, String client, String value) {

    /**
     * Reads the fields of one request.
     *
     * @param peer address of the other end of the connection
     * @param fields the values of all {@code X-Forwarded-For} fields, in order
     * @param trusted whether an address belongs to a trusted proxy; is asked about text that need not be an address
     */
    public static ForwardedFor of(String peer, List<String> fields, Predicate<String> trusted) {
        if (!trusted.test(peer)) {
            return new ForwardedFor(false, peer, peer);
        }
        List<String> hops = hops(fields);
        String client = peer;
        for (int i = hops.size() - 1; i >= 0 && trusted.test(client); i--) {
            client = withoutPort(hops.get(i));
        }
        hops.add(peer);
        return new ForwardedFor(true, client, String.join(", ", hops));
    }

    /**
     * Whether the client came by TLS, as far as can be known.
     *
     * @param connection whether the peer did
     * @param proto what {@code X-Forwarded-Proto} says; empty if there is none
     */
    public boolean byTls(boolean connection, String proto) {
        boolean told = trustedPeer && !proto.isEmpty();
        return told ? proto.equalsIgnoreCase("https") : connection;
    }

    private static List<String> hops(List<String> fields) {
        List<String> hops = new ArrayList<>();
        for (String field : fields) {
            for (String hop : field.split(",", -1)) {
                if (!hop.isBlank()) {
                    hops.add(hop.strip());
                }
            }
        }
        return hops;
    }

    /** {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711} without their ports and brackets. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
