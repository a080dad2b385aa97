package io.velo.auth;

import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keys in a header field or in the query. Only their hashes are known here, and they are found by their hash. */
final class ApiKeyAuthenticator implements Authenticator {

    private static final int LONGEST = 512;

    private final String header;
    private final String query;
    private final Map<Digest, Proven> known = new HashMap<>();

    ApiKeyAuthenticator(AuthSettings.ApiKeys settings) {
        this.header = settings.header();
        this.query = settings.query();
        settings.keys()
                .forEach((hash, key) -> known.put(
                        Digest.ofHex(hash),
                        new Proven(new Identity(key.id(), Mechanism.API_KEY, key.roles(), Map.of()))));
    }

    @Override
    public Evidence examine(AccessRequest request) {
        List<String> shown = header.isEmpty() ? List.of() : request.headers(header);
        if (!query.isEmpty() && mayHaveIt(request.query())) {
            shown = new ArrayList<>(shown);
            shown.addAll(inQuery(request.query()));
        }
        if (shown.isEmpty()) {
            return Evidence.NOTHING;
        }
        return shown.size() > 1 ? Evidence.MALFORMED : lookUp(shown.get(0));
    }

    private boolean mayHaveIt(String text) {
        return text.contains(query) || text.indexOf('%') >= 0;
    }

    private Evidence lookUp(String key) {
        if (key.isEmpty() || key.length() > LONGEST) {
            return Evidence.WRONG;
        }
        Proven found = known.get(Digest.of(key));
        return found == null ? Evidence.WRONG : found;
    }

    private List<String> inQuery(String text) {
        List<String> values = new ArrayList<>();
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals >= 0 && decoded(parameter.substring(0, equals)).equals(query)) {
                values.add(decoded(parameter.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    @Override
    public String challenge(boolean wrong) {
        return "ApiKey realm=\"velo\"";
    }
}
