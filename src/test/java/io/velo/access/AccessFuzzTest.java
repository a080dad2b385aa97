package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.http.RequestTarget;
import io.velo.testing.Fuzz;
import io.velo.testing.TestRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Paths and hosts, as bad as can be: whatever a backend makes of them, nobody gets behind a rule. */
class AccessFuzzTest {

    private static final int INPUTS = 2000;
    private static final List<String> WORDS = List.of(
            "/",
            "//",
            "/.",
            "/..",
            ".",
            "..",
            ";",
            ";a=b",
            "%2f",
            "%2F",
            "%5c",
            "\\",
            "%2e",
            "%252e",
            "%25",
            "%u002f",
            "%c0%af",
            "%00",
            "%3b",
            "secret",
            "SECRET",
            "%73",
            "%53",
            "a",
            "?",
            "%",
            "+",
            "*",
            "%e2%80%a5",
            "%ef%bc%8f",
            ":",
            "@");
    private static final AccessRule ASKS = rule(List.of("/secret/**", "/a/*/c"), List.of(), Mechanism.API_KEY);
    private static final Authenticator NOBODY = new Authenticator() {
        @Override
        public Evidence examine(AccessRequest request) {
            return Evidence.NOTHING;
        }

        @Override
        public String challenge(boolean wrong) {
            return "Key";
        }
    };

    private final Guard guard = new Guard();

    private static AccessRule rule(List<String> paths, List<String> hosts, Mechanism... anyOf) {
        List<PathRule> parsed =
                paths.stream().map(path -> PathRule.parse(path).orElseThrow()).toList();
        return new AccessRule(
                new AccessRule.Scope(parsed, hosts, Set.of()), address -> true, Set.of(anyOf), Set.of(), Map.of());
    }

    private void rules(AccessRule... rules) {
        guard.swap(new AccessPlan(
                new AccessRules(List.of(rules)), Map.of(Mechanism.API_KEY, NOBODY), IdentityFields.NONE));
    }

    @Test
    void noPathLeadsAroundARule() {
        rules(ASKS);
        List<String> corpus = List.of(
                "/secret/x",
                "/x/../secret",
                "//secret",
                "/;/secret",
                "/%73ecret",
                "/x/%2e%2e/secret",
                "/a/b/c",
                "/open?a=/secret");

        Fuzz.of("access-path", corpus, WORDS, INPUTS).texts(text -> {
            boolean forwarded = text.startsWith("/") && RequestTarget.acceptable(text);
            TestRequest request = TestRequest.get(forwarded ? RequestTarget.readable(text) : "/");
            if (guard.judge(request, "route") instanceof Verdict.Allow) {
                assertThat(readings(request.path())).as(request.path()).noneMatch(AccessFuzzTest::isBehindTheRule);
            }
        });
    }

    private static boolean isBehindTheRule(String path) {
        return path.matches("/secret/?|/secret/.*|/a/[^/]+/c/?");
    }

    /** What backends of all kinds may make of it. */
    private static Set<String> readings(String path) {
        Set<String> all = new LinkedHashSet<>(List.of(path));
        List<UnaryOperator<String>> habits = List.of(
                AccessFuzzTest::decoded,
                text -> text.replace('\\', '/'),
                AccessFuzzTest::withoutParameters,
                text -> text.replaceAll("/{2,}", "/"),
                AccessFuzzTest::withoutDots,
                text -> text.toLowerCase(Locale.ROOT),
                text -> text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0')));
        for (int round = 0; round < 3; round++) {
            for (UnaryOperator<String> habit : habits) {
                all.addAll(all.stream().map(habit).collect(Collectors.toSet()));
            }
        }
        return all;
    }

    private static String withoutParameters(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(segment -> segment.replaceFirst(";.*", ""))
                .collect(Collectors.joining("/"));
    }

    private static String withoutDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.equals(".")) {
                kept.addLast(segment);
            }
        }
        String joined = String.join("/", kept);
        return joined.startsWith("/") ? joined : "/" + joined;
    }

    /** What is no escape stays. */
    private static String decoded(String text) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*")) {
                bytes.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else if (text.substring(i).matches("(?s)%[uU]00[0-7][0-9a-fA-F].*")) {
                bytes.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                bytes.append(text.charAt(i));
            }
        }
        String overlong = bytes.toString().replace("\u00c0\u00af", "/").replace("\u00c0\u00ae", ".");
        boolean latin = overlong.chars().allMatch(c -> c < 256);
        return latin ? new String(overlong.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : overlong;
    }

    @Test
    void patternsAreReadOrNot() {
        Fuzz.of("access-rule", List.of("/a/*/c", "/a/**", "/", "/**"), WORDS, INPUTS)
                .texts(text -> PathRule.parse(text).ifPresent(rule -> assertThat(rule.takes("/secret/x", false))
                        .as(text)
                        .isEqualTo(rule.takes("/secret/x", true) && rule.takes("/secret/x", false))));
    }

    @Test
    void ownCookiesNeverStay() {
        OwnCookies own = new OwnCookies("velo");
        List<String> corpus = List.of("velo=a; b=c", "velo_login_1=x", "a=\"b; velo=c\"", "velo");

        Fuzz.of("own-cookies", corpus, List.of("velo", "=", ";", "; ", "\"", ",", " ", "\t", "_", "velo=x"), INPUTS)
                .texts(text -> {
                    String rest = String.join("; ", own.without(List.of(text)));
                    assertThat(rest.split(";", -1)).as(text).noneMatch(pair -> pair.strip()
                            .matches("velo(_[^=]*)?\\s*(=.*)?"));
                    assertThat(own.mayBeIn(List.of(text))).as(text).isEqualTo(text.contains("velo"));
                });
    }
}
