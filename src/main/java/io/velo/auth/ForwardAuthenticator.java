package io.velo.auth;

import io.netty.handler.codec.http.HttpHeaders;
import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Answered;
import io.velo.access.Evidence.Later;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import io.velo.access.OwnCookies;
import io.velo.access.Refusal;
import io.velo.backend.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Asks somebody else with a GET that has the fields of the request, and method, target, host and client in {@code
 * X-Forwarded-*}. A status of 2xx lets the request pass; what else it answers below 500 is the client's answer.
 */
final class ForwardAuthenticator implements Authenticator {

    private static final Logger log = LoggerFactory.getLogger(ForwardAuthenticator.class);

    private static final String COOKIE = "Cookie";
    private static final List<String> PASSED_ON = List.of("Location", "WWW-Authenticate", "Set-Cookie");
    private static final int MOST_PAGE_BYTES = 64 * 1024;
    private static final int UNAUTHORIZED = 401;

    private final AuthSettings.Forward settings;
    private final OwnCookies hidden;
    private final Outbound outbound;

    /** @param hidden cookies that are for Velo alone */
    ForwardAuthenticator(AuthSettings.Forward settings, OwnCookies hidden, Outbound outbound) {
        this.settings = settings;
        this.hidden = hidden;
        this.outbound = outbound;
    }

    @Override
    public Evidence examine(AccessRequest request) {
        Map<String, List<String>> fields = fieldsOf(request);
        return new Later(outbound.ask(settings.url(), settings.timeout(), to -> fields.forEach(to::set))
                .map(this::evidence)
                .onErrorResume(Exception.class, failure -> Mono.just(failed(failure.toString())))
                .toFuture());
    }

    private Map<String, List<String>> fieldsOf(AccessRequest request) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String name : settings.requestHeaders()) {
            List<String> all = request.headers(name);
            List<String> values = name.equalsIgnoreCase(COOKIE) && hidden.mayBeIn(all) ? hidden.without(all) : all;
            if (!values.isEmpty()) {
                fields.put(name, values);
            }
        }
        fields.put("X-Forwarded-Method", List.of(request.method()));
        fields.put("X-Forwarded-Proto", List.of(request.byTls() ? "https" : "http"));
        fields.put("X-Forwarded-Host", List.of(request.header("Host").orElse("")));
        fields.put("X-Forwarded-Uri", List.of(request.target()));
        fields.put("X-Forwarded-For", List.of(request.clientAddress()));
        return fields;
    }

    private Evidence evidence(Outbound.Reply reply) {
        int status = reply.status();
        if (status >= 200 && status < 300) {
            return new Proven(identityOf(reply.fields()));
        }
        return status >= 300 && status < 500 ? new Answered(refusal(reply)) : failed("status " + status);
    }

    private Evidence failed(String why) {
        log.atDebug().addKeyValue("reason", why).log("nobody says whether a request may pass");
        return settings.allowOnFailure()
                ? new Proven(new Identity("", Mechanism.FORWARD_AUTH, List.of(), Map.of()))
                : Evidence.UNAVAILABLE;
    }

    private Identity identityOf(HttpHeaders fields) {
        Map<String, List<String>> claims = new LinkedHashMap<>();
        for (String name : settings.responseHeaders()) {
            List<String> values = fields.getAll(name);
            if (!values.isEmpty()) {
                claims.put(name.toLowerCase(Locale.ROOT), values);
            }
        }
        List<String> roles = settings.rolesHeader().isEmpty()
                ? List.of()
                : Arrays.stream(fields.get(settings.rolesHeader(), "").split(",", -1))
                        .map(String::strip)
                        .filter(role -> !role.isEmpty())
                        .toList();
        String user = settings.userHeader().isEmpty() ? "" : fields.get(settings.userHeader(), "");
        return new Identity(user, Mechanism.FORWARD_AUTH, roles, claims);
    }

    private static Refusal refusal(Outbound.Reply reply) {
        List<Refusal.Field> fields = new ArrayList<>();
        for (String name : PASSED_ON) {
            reply.fields().getAll(name).forEach(value -> fields.add(new Refusal.Field(name, value)));
        }
        byte[] body = reply.body().length > MOST_PAGE_BYTES ? new byte[0] : reply.body();
        Reason reason = reply.status() == UNAUTHORIZED ? Reason.UNAUTHENTICATED : Reason.FORBIDDEN;
        return new Refusal(
                reason,
                fields,
                Optional.of(new Refusal.Page(reply.status(), reply.fields().get("Content-Type", ""), body)));
    }
}
