package io.velo.testing;

import io.velo.access.AccessRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as routes and guards look at it, without TLS.
 *
 * @param target path and query
 * @param fields values by name, in any case
 * @param clientAddress address of the client
 */
public record TestRequest(String method, String target, Map<String, List<String>> fields, String clientAddress)
        implements AccessRequest {

    public TestRequest {
        Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(fields);
        fields = anyCase;
    }

    /** From this machine. */
    public TestRequest(String method, String target, Map<String, List<String>> fields) {
        this(method, target, fields, "127.0.0.1");
    }

    /** The same from another client. */
    public TestRequest from(String address) {
        return new TestRequest(method, target, fields, address);
    }

    /** A GET without fields. */
    public static TestRequest get(String target) {
        return new TestRequest("GET", target, Map.of());
    }

    /** The same with another method. */
    public TestRequest by(String other) {
        return new TestRequest(other, target, fields, clientAddress);
    }

    /** The same with a field more. */
    public TestRequest with(String name, String... values) {
        Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(fields);
        more.put(name, List.of(values));
        return new TestRequest(method, target, more, clientAddress);
    }

    @Override
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    @Override
    public String query() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    @Override
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
        return fields.getOrDefault(name, List.of());
    }

    @Override
    public Optional<X509Certificate> certificate() {
        return Optional.empty();
    }

    @Override
    public boolean byTls() {
        return false;
    }
}
