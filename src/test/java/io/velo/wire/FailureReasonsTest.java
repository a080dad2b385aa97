package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.velo.backend.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.channel.AbortedException;

/** Exceptions that a socket on loopback can't bring about, and those that resemble one another. */
class FailureReasonsTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new NoRouteToHostException("no route"), Reason.DESTINATION_IP_UNROUTABLE),
                Arguments.of(new ConnectException("Network is unreachable"), Reason.DESTINATION_IP_UNROUTABLE),
                Arguments.of(
                        new ConnectException("finishConnect(..) failed: Connection refused"),
                        Reason.CONNECTION_REFUSED),
                Arguments.of(new ConnectTimeoutException("late"), Reason.CONNECTION_TIMEOUT),
                Arguments.of(new UnknownHostException("who"), Reason.DNS_ERROR),
                Arguments.of(new TimeoutException("late"), Reason.HTTP_RESPONSE_TIMEOUT),
                Arguments.of(ReadTimeoutException.INSTANCE, Reason.HTTP_RESPONSE_TIMEOUT),
                Arguments.of(new SSLHandshakeException("no"), Reason.TLS_PROTOCOL_ERROR),
                Arguments.of(
                        new SSLHandshakeException("no").initCause(new CertificateException("who?")),
                        Reason.TLS_CERTIFICATE_ERROR),
                Arguments.of(new AbortedException("closed"), Reason.CONNECTION_TERMINATED),
                Arguments.of(new IOException("Connection reset by peer"), Reason.CONNECTION_TERMINATED),
                Arguments.of(new IllegalStateException("a bug"), Reason.PROXY_INTERNAL_ERROR));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsTheReason(Throwable failure, Reason reason) {
        assertThat(FailureReasons.of(failure)).isEqualTo(reason);
    }
}
