package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 10.x and fd00: are trusted. */
class ForwardedForTest {

    @Nested
    class FromAPeerThatIsNotTrusted {

        @Test
        void isDroppedAndThePeerIsTheClient() {
            ForwardedFor forwarded = of("203.0.113.9", "198.51.100.1, 10.0.0.1");

            assertThat(forwarded).isEqualTo(new ForwardedFor(false, "203.0.113.9", "203.0.113.9"));
        }
    }

    @Nested
    class FromATrustedPeer {

        @Test
        void namesTheClientAndThePeerIsAdded() {
            assertThat(of("10.0.0.1", "203.0.113.7"))
                    .isEqualTo(new ForwardedFor(true, "203.0.113.7", "203.0.113.7, 10.0.0.1"));
        }

        @Test
        void isThePeerAloneWithoutAField() {
            assertThat(of("10.0.0.1")).isEqualTo(new ForwardedFor(true, "10.0.0.1", "10.0.0.1"));
        }

        @Test
        void isBelievedFromTheRightUpToTheFirstThatIsNotTrusted() {
            ForwardedFor forwarded = of("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2, 10.0.0.3");

            assertThat(forwarded.client())
                    .as("what stands left of it anyone may have written")
                    .isEqualTo("203.0.113.7");
            assertThat(forwarded.value()).isEqualTo("198.51.100.1, 203.0.113.7, 10.0.0.2, 10.0.0.3, 10.0.0.1");
        }

        @Test
        void isTheLeftmostWhenAllAreTrusted() {
            assertThat(of("10.0.0.1", "10.0.0.9, 10.0.0.8").client()).isEqualTo("10.0.0.9");
        }

        @Test
        void isReadOverSeveralFieldsInOrder() {
            ForwardedFor forwarded = of("10.0.0.1", "198.51.100.1", "203.0.113.7, 10.0.0.2");

            assertThat(forwarded)
                    .isEqualTo(new ForwardedFor(true, "203.0.113.7", "198.51.100.1, 203.0.113.7, 10.0.0.2, 10.0.0.1"));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "203.0.113.7:4711 | 203.0.113.7",
                    "[2001:db8::1]:4711 | 2001:db8::1",
                    "[2001:db8::1] | 2001:db8::1",
                    "2001:db8::1 | 2001:db8::1",
                    "203.0.113.7, 10.0.0.2:80 | 203.0.113.7",
                    "203.0.113.7, [fd00::2]:80 | 203.0.113.7",
                    "203.0.113.7, fd00::2 | 203.0.113.7"
                })
        void namesAddressesWithoutPortsAndBrackets(String field, String client) {
            assertThat(of("10.0.0.1", field).client()).isEqualTo(client);
        }

        @Test
        void isSentOnAsItWasWritten() {
            assertThat(of("10.0.0.1", "[2001:db8::1]:4711,203.0.113.7:80").value())
                    .isEqualTo("[2001:db8::1]:4711, 203.0.113.7:80, 10.0.0.1");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"203.0.113.7, , | 203.0.113.7, 10.0.0.1", "' , ' | 10.0.0.1", "'' | 10.0.0.1"})
        void leavesOutEmptyElements(String field, String value) {
            assertThat(of("10.0.0.1", field).value()).isEqualTo(value);
        }

        @ParameterizedTest
        @CsvSource({"unknown", "_hidden", "[", "[2001:db8::1", "10", "a:b", "::"})
        void endsAtWhatIsNoAddress(String garbage) {
            ForwardedFor forwarded = of("10.0.0.1", "203.0.113.7, " + garbage + ", 10.0.0.2");

            assertThat(forwarded.client()).as("not the one behind it").isNotEqualTo("203.0.113.7");
            assertThat(forwarded.value()).isEqualTo("203.0.113.7, " + garbage + ", 10.0.0.2, 10.0.0.1");
        }
    }

    @Property
    void takesAnyTextWithoutFailing(
            @ForAll @Size(max = 4) List<@CharRange(from = ' ', to = '~') String> fields, @ForAll boolean trusted) {
        String peer = trusted ? "10.0.0.1" : "203.0.113.9";

        ForwardedFor forwarded = ForwardedFor.of(peer, fields, ForwardedForTest::trusted);

        assertThat(forwarded.trustedPeer()).isEqualTo(trusted);
        assertThat(forwarded.value()).endsWith(peer);
    }

    private static ForwardedFor of(String peer, String... fields) {
        return ForwardedFor.of(peer, List.of(fields), ForwardedForTest::trusted);
    }

    private static boolean trusted(String address) {
        return address.startsWith("10.") || address.startsWith("fd00:");
    }
}
