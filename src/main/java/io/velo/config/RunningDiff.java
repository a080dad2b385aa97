package io.velo.config;

import io.velo.backend.BackendSpec.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares a configuration with the one that a running Velo has in force, and tells what would become of its requests. */
final class RunningDiff {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final JsonMapper json = new JsonMapper();
    private final String management;

    /**
     * @param management where the management of that Velo is: {@code http://host:port}
     */
    RunningDiff(String management) {
        this.management = management;
    }

    /**
     * What would change, a sentence each.
     *
     * @throws UncheckedIOException if nobody answers
     */
    List<String> sentences(Map<String, String> wanted) {
        Map<String, String> inForce = new LinkedHashMap<>();
        get("/actuator/refresh").path("inForce").forEachEntry((key, value) -> inForce.put(key, value.asString()));
        List<String> sentences = new ArrayList<>();
        sentences.addAll(ConfigDiff.between(live(inForce), live(wanted)));
        for (JsonNode pool : get("/actuator/pools").path("pools")) {
            for (JsonNode backend : pool.path("backends")) {
                tellOf(pool.path("name").asString(), backend, inForce, wanted, sentences);
            }
        }
        FixedKeys.changed(fixed(inForce), fixed(wanted))
                .forEach(key -> sentences.add(key.substring(FixedKeys.RESTART.length()) + " changed: needs a restart"));
        return sentences.isEmpty() ? List.of("nothing would change at " + management) : sentences;
    }

    private static Map<String, String> live(Map<String, String> all) {
        Map<String, String> live = new LinkedHashMap<>(all);
        live.keySet().removeIf(key -> key.startsWith(FixedKeys.RESTART));
        return live;
    }

    private static Map<String, String> fixed(Map<String, String> all) {
        Map<String, String> fixed = new LinkedHashMap<>(all);
        fixed.keySet().removeIf(key -> !key.startsWith(FixedKeys.RESTART));
        return fixed;
    }

    private static void tellOf(
            String pool,
            JsonNode backend,
            Map<String, String> inForce,
            Map<String, String> wanted,
            List<String> sentences) {
        String id = backend.path("id").asString();
        String key = "pools." + pool + ".backends." + id;
        String was = inForce.getOrDefault(key, "");
        String will = wanted.getOrDefault(key, "");
        boolean sameOrigin = origin(was).equals(origin(will));
        int inFlight = backend.path("inFlight").asInt();
        if (!was.equals(will)
                && Source.ADMIN.word().equals(backend.path("source").asString())) {
            sentences.add("pool " + pool + ": an operator's change of backend " + id + " would give way");
        }
        if (!was.isEmpty() && !sameOrigin && inFlight > 0) {
            sentences.add("pool " + pool + ": " + inFlight + " requests on backend " + id
                    + " would be cut if they take longer than the drain timeout, "
                    + inForce.getOrDefault("pools." + pool + ".drain-timeout", "?"));
        }
    }

    private static String origin(String backend) {
        return backend.replaceFirst(",.*", "");
    }

    private JsonNode get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(management + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .build();
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(management + path + " answers with status " + answer.statusCode()
                        + "; is the management of Velo there?");
            }
            return json.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (IOException e) {
            String why = e.getMessage() == null ? "connection refused" : e.getMessage();
            throw new UncheckedIOException(new IOException(management + path + " cannot be read: " + why));
        }
    }
}
