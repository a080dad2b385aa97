package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.testing.TestRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {

    private static final Predicate<String> EVERYWHERE = address -> true;

    private final CompletableFuture<Evidence> asked = new CompletableFuture<>();
    private final Guard guard = new Guard();

    /** Says who it is by the field of its mechanism's name; {@code later} is answered by the test. */
    private Authenticator byField(Mechanism mechanism) {
        return new Authenticator() {
            @Override
            public Evidence examine(AccessRequest request) {
                return request.header(mechanism.word())
                        .map(value -> switch (value) {
                            case "wrong" -> Evidence.WRONG;
                            case "twice" -> Evidence.MALFORMED;
                            case "down" -> Evidence.UNAVAILABLE;
                            case "later" -> new Evidence.Later(asked);
                            default -> proven(value);
                        })
                        .orElse(Evidence.NOTHING);
            }

            private Evidence proven(String roles) {
                return new Evidence.Proven(new Identity(
                        "me", mechanism, Arrays.asList(roles.split(",")), Map.of("scope", List.of("read", "write"))));
            }

            @Override
            public String challenge(boolean wrong) {
                return mechanism == Mechanism.CLIENT_CERTIFICATE ? "" : mechanism.word() + (wrong ? " wrong" : "");
            }
        };
    }

    private void rules(AccessRule... rules) {
        Map<Mechanism, Authenticator> all = Arrays.stream(Mechanism.values())
                .collect(java.util.stream.Collectors.toMap(each -> each, this::byField));
        guard.swap(new AccessPlan(
                new AccessRules(List.of(rules)), all, new IdentityFields("X-User", "X-Roles", Map.of())));
    }

    private static AccessRule rule(String path, Mechanism... anyOf) {
        return rule(path, Set.of(), anyOf);
    }

    private static AccessRule rule(String path, Set<String> roles, Mechanism... anyOf) {
        List<PathRule> paths = List.of(PathRule.parse(path).orElseThrow());
        return new AccessRule(
                new AccessRule.Scope(paths, List.of(), Set.of()), EVERYWHERE, Set.of(anyOf), roles, Map.of());
    }

    private String judged(TestRequest request) {
        return judged(request, "route");
    }

    private String judged(TestRequest request, String route) {
        return told(guard.judge(request, route));
    }

    private static String told(Verdict verdict) {
        if (verdict instanceof Verdict.Allow allowed) {
            return "allow" + allowed.identity().map(who -> " " + who).orElse("");
        }
        if (verdict instanceof Verdict.Refuse refused) {
            String challenges = String.join(
                    ", ",
                    refused.refusal().fields().stream()
                            .map(Refusal.Field::value)
                            .toList());
            return (refused.refusal().reason().word() + " " + challenges).strip();
        }
        return "pending";
    }

    @Test
    void isOffWithoutRules() {
        assertThat(guard.off()).isTrue();

        rules(rule("/a"));
        assertThat(guard.off()).isFalse();

        guard.swap(AccessPlan.OPEN);
        assertThat(guard.off()).isTrue();
    }

    @Test
    void theFirstRuleThatIsForARequestCounts() {
        rules(rule("/admin/public"), rule("/admin/**", Mechanism.JWT), rule("/other", Mechanism.BASIC));

        assertThat(judged(TestRequest.get("/admin/public"))).isEqualTo("allow");
        assertThat(judged(TestRequest.get("/admin/x"))).isEqualTo("unauthenticated jwt");
        assertThat(judged(TestRequest.get("/other?a=/admin"))).isEqualTo("unauthenticated basic");
        assertThat(judged(TestRequest.get("/else"))).isEqualTo("allow");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//admin",
                "/admin;x",
                "/ADMIN",
                "/aDmin/x",
                "/x/../admin",
                "/x/%2e%2e/admin",
                "/;/admin",
                "/x%2f..%2fadmin",
                "/./admin",
                "/%2561dmin",
                "//ADMIN;a=b//x",
                "/%2fadmin",
                "/admin%00"
            })
    void refusesAPathThatMayOrMayNotBeTheProtectedOne(String path) {
        rules(rule("/admin/**", Mechanism.JWT));

        assertThat(judged(TestRequest.get(path))).isEqualTo("http_request_error");
        assertThat(judged(TestRequest.get(path).with("jwt", "me"))).isEqualTo("http_request_error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/", "/%61dmin", "/adm%69n/x", "/admin/a;b", "/admin//x", "/admin/A"})
    void protectsAPathHoweverItIsWritten(String path) {
        rules(rule("/admin/**", Mechanism.JWT));

        assertThat(judged(TestRequest.get(path))).isEqualTo("unauthenticated jwt");
        assertThat(judged(TestRequest.get(path).with("jwt", "x"))).isEqualTo("allow jwt:me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/A//b;c", "/x/Y", "/%c3%a4", "/.well-known/a"})
    void letsPassWhatIsTheSameHoweverItIsRead(String path) {
        rules(rule("/admin/**", Mechanism.JWT));

        assertThat(judged(TestRequest.get(path))).isEqualTo("allow");
    }

    @Test
    void doesNotLookAtPathsIfNoRuleDoes() {
        AccessRule.Scope hosts = new AccessRule.Scope(List.of(), List.of("a.test", "*.b.test"), Set.of());
        rules(new AccessRule(hosts, EVERYWHERE, Set.of(Mechanism.JWT), Set.of(), Map.of()));

        assertThat(judged(TestRequest.get("/x/../y"))).isEqualTo("allow");
        for (String host : List.of("a.test", "A.Test:8080", "a.test.", "x.b.test", "x.y.b.test")) {
            assertThat(judged(TestRequest.get("/x/../y").with("Host", host)))
                    .as(host)
                    .isEqualTo("unauthenticated jwt");
        }
        for (String host : List.of("a%2etest", "%61.test", "a.test..", "a..test", "a.test..:80")) {
            assertThat(judged(TestRequest.get("/").with("Host", host))).as(host).isEqualTo("http_request_error");
        }
        for (String host : List.of("b.test", "xa.test", "[::1]:80")) {
            assertThat(judged(TestRequest.get("/").with("Host", host))).as(host).isEqualTo("allow");
        }
    }

    @Test
    void goesByRoute() {
        AccessRule.Scope routes = new AccessRule.Scope(List.of(), List.of(), Set.of("api"));
        rules(new AccessRule(routes, EVERYWHERE, Set.of(Mechanism.JWT), Set.of(), Map.of()));

        assertThat(judged(TestRequest.get("/"), "api")).isEqualTo("unauthenticated jwt");
        assertThat(judged(TestRequest.get("/"), "shop")).isEqualTo("allow");
    }

    @Test
    void addressesComeFirst() {
        rules(new AccessRule(AccessRule.Scope.ALL, "10.0.0.1"::equals, Set.of(Mechanism.JWT), Set.of(), Map.of()));

        assertThat(judged(TestRequest.get("/").from("10.0.0.2").with("jwt", "me")))
                .isEqualTo("forbidden");
        assertThat(judged(TestRequest.get("/").from("10.0.0.1").with("jwt", "me")))
                .isEqualTo("allow jwt:me");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x     |       | allow jwt:me",
                "      | x     | allow basic:me",
                "wrong | x     | allow basic:me",
                "x     | wrong | allow jwt:me",
                "wrong |       | unauthenticated jwt wrong, basic wrong",
                "      |       | unauthenticated jwt, basic",
                "twice | x     | http_request_error",
                "down  | wrong | authentication_unavailable",
                "down  | x     | allow basic:me",
            })
    void oneMechanismIsEnough(String jwt, String basic, String expected) {
        rules(rule("/**", Mechanism.BASIC, Mechanism.JWT));
        TestRequest request = TestRequest.get("/");
        request = jwt == null ? request : request.with("jwt", jwt);

        assertThat(judged(basic == null ? request : request.with("basic", basic)))
                .isEqualTo(expected);
    }

    @Test
    void asksForRolesAndClaims() {
        List<PathRule> all = List.of(PathRule.parse("/**").orElseThrow());
        rules(new AccessRule(
                new AccessRule.Scope(all, List.of(), Set.of()),
                EVERYWHERE,
                Set.of(Mechanism.JWT, Mechanism.BASIC),
                Set.of("admin", "root"),
                Map.of("scope", Set.of("write", "all"))));

        assertThat(judged(TestRequest.get("/").with("jwt", "user,root"))).isEqualTo("allow jwt:me");
        assertThat(judged(TestRequest.get("/").with("jwt", "user"))).isEqualTo("forbidden");
        assertThat(judged(TestRequest.get("/").with("jwt", "user").with("basic", "admin")))
                .isEqualTo("allow basic:me");
    }

    @Test
    void aRuleWithoutAnyChallengeForbids() {
        rules(rule("/**", Mechanism.CLIENT_CERTIFICATE));

        assertThat(judged(TestRequest.get("/"))).isEqualTo("forbidden");
    }

    @Test
    void waitsForWhoeverIsAsked() {
        rules(rule("/**", Mechanism.JWT, Mechanism.BASIC));

        Verdict verdict = guard.judge(TestRequest.get("/").with("jwt", "later").with("basic", "x"), "route");
        var decision = ((Verdict.Pending) verdict).decision().toCompletableFuture();
        assertThat(decision).isNotDone();
        asked.complete(Evidence.WRONG);

        assertThat(decision).isCompletedWithValueMatching(known -> told(known).equals("allow basic:me"));
    }

    @Test
    void letsWhoIsAskedAnswer() {
        rules(rule("/**", Mechanism.FORWARD_AUTH));
        Refusal page =
                new Refusal(Reason.FORBIDDEN, List.of(), Optional.of(new Refusal.Page(302, "text/plain", new byte[0])));

        Verdict verdict = guard.judge(TestRequest.get("/").with("forward-auth", "later"), "route");
        asked.complete(new Evidence.Answered(page));

        assertThat(((Verdict.Pending) verdict).decision().toCompletableFuture())
                .isCompletedWithValue(new Verdict.Refuse(page));
    }

    @Test
    void mechanismsAnswerAtTheirOwnPathsWhateverTheRulesSay() {
        Authenticator desk = new Authenticator() {
            @Override
            public Set<String> ownPaths() {
                return Set.of("/desk");
            }

            @Override
            public Evidence examine(AccessRequest request) {
                return request.path().equals("/desk")
                        ? new Evidence.Answered(Refusal.of(Reason.HTTP_REQUEST_DENIED))
                        : Evidence.NOTHING;
            }
        };
        guard.swap(new AccessPlan(
                new AccessRules(List.of(rule("/private/**", Mechanism.OIDC), rule("/desk"))),
                Map.of(Mechanism.OIDC, desk),
                IdentityFields.NONE));

        assertThat(judged(TestRequest.get("/desk?a=b"))).isEqualTo("http_request_denied");
        assertThat(judged(TestRequest.get("/desk/"))).isEqualTo("allow");
        assertThat(judged(TestRequest.get("/private"))).isEqualTo("forbidden");
    }
}
