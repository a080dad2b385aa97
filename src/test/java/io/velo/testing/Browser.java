package io.velo.testing;

import io.velo.testing.RawClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks for pages, keeps cookies as a browser does, and follows no redirection by itself. Knows one host. */
public final class Browser {

    private final int port;
    private final Map<String, Cookie> cookies = new LinkedHashMap<>();

    /** @param port where the host of all its requests is to be found */
    public Browser(int port) {
        this.port = port;
    }

    /** Asks for a page. */
    public Answer page(String target, String... fields) throws IOException {
        return ask(target, "Accept: text/html,*/*;q=0.8", fields);
    }

    /** Asks as a script of a page does. */
    public Answer script(String target, String... fields) throws IOException {
        return ask(target, "Accept: application/json", fields);
    }

    private Answer ask(String target, String accept, String... fields) throws IOException {
        String shown = cookies.entrySet().stream()
                .filter(each -> target.startsWith(each.getValue().path))
                .map(each -> each.getKey() + "=" + each.getValue().value)
                .collect(Collectors.joining("; "));
        StringBuilder request =
                new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n" + accept + "\r\n");
        if (!shown.isEmpty()) {
            request.append("Cookie: ").append(shown).append("\r\n");
        }
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        Answer answer = RawClient.ask(port, request.append("\r\n").toString());
        setCookies(answer).forEach(this::keep);
        return answer;
    }

    /** The cookies that an answer sets, with their attributes. */
    public static List<String> setCookies(Answer answer) {
        return answer.head()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "Set-Cookie:", 0, 11))
                .map(line -> line.substring(11).strip())
                .toList();
    }

    private void keep(String field) {
        String[] parts = field.split("; ", -1);
        int equals = parts[0].indexOf('=');
        String name = parts[0].substring(0, equals);
        if (List.of(parts).contains("Max-Age=0")) {
            cookies.remove(name);
            return;
        }
        String path = List.of(parts).stream()
                .filter(part -> part.startsWith("Path="))
                .map(part -> part.substring(5))
                .findFirst()
                .orElse("/");
        cookies.put(name, new Cookie(parts[0].substring(equals + 1), path));
    }

    /** Names of the cookies that it has. */
    public List<String> cookies() {
        return List.copyOf(cookies.keySet());
    }

    public String cookie(String name) {
        return cookies.get(name).value;
    }

    /** Has a cookie from elsewhere. */
    public Browser with(String name, String value) {
        cookies.put(name, new Cookie(value, "/"));
        return this;
    }

    /** Path and query of a place. */
    public static String target(String url) {
        URI uri = URI.create(url);
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private record Cookie(String value, String path) {}
}
