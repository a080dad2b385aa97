package io.velo.admin;

import io.velo.change.BackendDraft;
import io.velo.change.Edit.Flaw;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what an operator sends: each key by its type, and none that isn't known, so that a slip doesn't pass for a wish. */
final class DraftReader {

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode body;
    private final List<Flaw> flaws = new ArrayList<>();

    private DraftReader(byte[] body) {
        this.body = parsed(body);
    }

    private static JsonNode parsed(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "the body is no JSON: " + e.getOriginalMessage());
        }
        throw new Refusal(HttpStatus.BAD_REQUEST, "the body must be a JSON object");
    }

    /** A whole backend. */
    static BackendDraft backend(byte[] body) {
        DraftReader reader = new DraftReader(body);
        reader.refuseOthers(Set.of("id", "url", "weight", "maxInFlight", "zone", "priority"), "there is no such key");
        return reader.draft(reader.text("id"), reader.text("url"));
    }

    /** Changes of the backend of that id. */
    static BackendDraft patch(String id, byte[] body) {
        DraftReader reader = new DraftReader(body);
        reader.refuseOthers(
                Set.of("weight", "maxInFlight", "zone", "priority"),
                "cannot be changed; weight, maxInFlight, zone and priority can");
        return reader.draft(Optional.of(id), Optional.empty());
    }

    /** The time that a drain may take; empty for the pool's own. */
    static Optional<Duration> timeout(byte[] body) {
        if (body.length == 0) {
            return Optional.empty();
        }
        DraftReader reader = new DraftReader(body);
        reader.refuseOthers(Set.of("timeout"), "there is no such key");
        Optional<Duration> timeout = reader.text("timeout").flatMap(reader::duration);
        reader.refuseFlaws();
        return timeout;
    }

    /** The share of a canary. */
    static double percent(byte[] body) {
        DraftReader reader = new DraftReader(body);
        reader.refuseOthers(Set.of("percent"), "there is no such key");
        JsonNode percent = reader.body.get("percent");
        boolean number = percent != null && percent.isNumber();
        if (!number) {
            reader.flaws.add(new Flaw("percent", percent == null ? "" : told(percent), "must be a number, 0 to 100"));
        }
        reader.refuseFlaws();
        return percent == null ? 0 : percent.doubleValue();
    }

    private Optional<Duration> duration(String text) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (!duration.isNegative() && duration.toDays() <= 24) {
                return Optional.of(duration);
            }
        } catch (IllegalArgumentException e) {
            // the same as one that is too long
        }
        flaws.add(new Flaw("timeout", text, "must be a duration such as 30s, at least 0s and at most 24d"));
        return Optional.empty();
    }

    private BackendDraft draft(Optional<String> id, Optional<String> url) {
        BackendDraft draft =
                new BackendDraft(id, url, number("weight"), number("maxInFlight"), text("zone"), number("priority"));
        refuseFlaws();
        return draft;
    }

    private void refuseOthers(Set<String> known, String rule) {
        for (Map.Entry<String, JsonNode> each : body.properties()) {
            if (!known.contains(each.getKey())) {
                flaws.add(new Flaw(each.getKey(), told(each.getValue()), rule));
            }
        }
    }

    private void refuseFlaws() {
        if (!flaws.isEmpty()) {
            throw new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, "the body breaks rules", flaws);
        }
    }

    private Optional<String> text(String key) {
        JsonNode node = body.get(key);
        if (node == null || node.isString()) {
            return Optional.ofNullable(node).map(JsonNode::stringValue);
        }
        flaws.add(new Flaw(key, told(node), "must be a text"));
        return Optional.empty();
    }

    private Optional<Integer> number(String key) {
        JsonNode node = body.get(key);
        if (node == null || (node.isIntegralNumber() && node.canConvertToInt())) {
            return Optional.ofNullable(node).map(JsonNode::intValue);
        }
        flaws.add(new Flaw(key, told(node), "must be a whole number"));
        return Optional.empty();
    }

    private static String told(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }
}
