package io.velo.lanes;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a client, and what has to become of them. A line's end is written {@code ⏎}.
 *
 * @param name section of RFC 9110 or 9112, and what the case is about
 * @param sent all bytes of the client
 * @param statuses of the answers, in order, interim ones included
 * @param kept whether the connection stays open after them
 * @param arrivals requests that reach the backend whole, in order
 */
record RequestCase(String name, String sent, List<Integer> statuses, boolean kept, List<Arrival> arrivals) {

    /** Refused with 400, connection closed, nothing arrives. */
    static RequestCase refused(String name, String sent) {
        return refused(400, name, sent);
    }

    /** Refused with this status, connection closed, nothing arrives. */
    static RequestCase refused(int status, String name, String sent) {
        return new RequestCase(name, bytes(sent), List.of(status), false, List.of());
    }

    /** Answered by Velo itself, nothing arrives. */
    static RequestCase answered(int status, String name, String sent) {
        return refused(status, name, sent);
    }

    /**
     * Passed on, answered with 200, and the connection kept.
     *
     * @param head how the request arrives: its line and its fields, without those that Velo adds to each
     */
    static RequestCase passed(String name, String sent, String... head) {
        return new RequestCase(name, bytes(sent), List.of(200), true, List.of(Arrival.of(bytes(sent), head)));
    }

    /** The same, but the connection is closed after the answer. */
    RequestCase closing() {
        return new RequestCase(name, sent, statuses, false, arrivals);
    }

    /** The same, with this content. */
    RequestCase content(String content) {
        return withLast(last().content(content));
    }

    /** The same, but the backend is told of another host than {@code Host} names, or of none if it is empty. */
    RequestCase host(String host) {
        return withLast(last().host(host));
    }

    /** The same, but it came by another version of HTTP than 1.1. */
    RequestCase via(String via) {
        return withLast(last().via(via));
    }

    /** The same, with other answers. */
    RequestCase answers(Integer... expected) {
        return new RequestCase(name, sent, List.of(expected), kept, arrivals);
    }

    /** What follows on the same connection: sent at once, answered in turn. */
    RequestCase then(RequestCase next) {
        List<Integer> allStatuses = new ArrayList<>(statuses);
        allStatuses.addAll(next.statuses);
        List<Arrival> allArrivals = new ArrayList<>(arrivals);
        allArrivals.addAll(next.arrivals);
        return new RequestCase(name, sent + next.sent, allStatuses, next.kept, allArrivals);
    }

    private Arrival last() {
        return arrivals.get(arrivals.size() - 1);
    }

    private RequestCase withLast(Arrival last) {
        List<Arrival> changed = new ArrayList<>(arrivals.subList(0, arrivals.size() - 1));
        changed.add(last);
        return new RequestCase(name, sent, statuses, kept, changed);
    }

    boolean toHead() {
        return sent.startsWith("HEAD");
    }

    static String bytes(String text) {
        return text.replace("⏎", "\r\n");
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * A request as it reaches the backend.
     *
     * @param line the request line
     * @param fields all but those that Velo adds to each, as {@code Name: value}
     * @param host what {@code X-Forwarded-Host} has to say, empty if there must be none
     * @param via the last {@code Via}
     * @param content what its framing carries
     */
    record Arrival(String line, List<String> fields, String host, String via, String content) {

        static Arrival of(String sent, String... head) {
            return new Arrival(head[0], List.of(head).subList(1, head.length), hostIn(sent), "1.1 velo", "");
        }

        private static String hostIn(String sent) {
            return sent.lines()
                    .filter(line -> line.regionMatches(true, 0, "host:", 0, 5))
                    .map(line -> line.substring(5).strip())
                    .findFirst()
                    .orElse("");
        }

        Arrival content(String other) {
            return new Arrival(line, fields, host, via, other);
        }

        Arrival host(String other) {
            return new Arrival(line, fields, other, via, content);
        }

        Arrival via(String other) {
            return new Arrival(line, fields, host, other, content);
        }
    }
}
