package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1          | a | 1",
                "a=1; b=2     | b | 2",
                "a=1;b=2;c=3  | c | 3",
                "ab=1; b=2    | b | 2",
                "b=1; b=2     | b | 1",
                "a=b=1; b=2   | b | 2",
                "a=b=1        | a | b=1",
                "a=\"x y\"; b | a | \"x y\"",
                "a= 1 ; b=2   | a | ' 1'",
                "a=; b=2      | a | ''",
                ";;; a=1;     | a | 1"
            })
    void findsTheFirstCookieOfAName(String field, String name, String value) {
        assertThat(text(field, Parts.cookie(field, name))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | a", "a | a", "ab=1 | a", "a=1 | b", "A=1 | a", "a =1 | a", "x=a=1 | a", "; | a", "=1 | a"})
    void findsNoOther(String field, String name) {
        assertThat(Parts.cookie(field, name)).isEqualTo(Parts.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/?a=1        | a | 1",
                "/x?b=2&a=1&a=3 | a | 1",
                "/?a=%201     | a | %201",
                "/?a=1?a=2    | a | 1?a=2",
                "/?&&a=       | a | ''"
            })
    void findsTheFirstParameterOfAName(String target, String name, String value) {
        assertThat(text(target, Parts.parameter(target, name))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/a=1 | a", "/? | a", "/?a | a", "/?b=a=1 | a"})
    void findsNoOtherParameter(String target, String name) {
        assertThat(Parts.parameter(target, name)).isEqualTo(Parts.NONE);
    }

    private static String text(String in, long place) {
        assertThat(place).as(in).isNotEqualTo(Parts.NONE);
        return in.substring(Parts.start(place), Parts.end(place));
    }
}
