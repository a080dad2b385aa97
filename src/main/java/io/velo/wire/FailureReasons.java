package io.velo.wire;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.velo.backend.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** Tells from an exception of a connection or an HTTP client what went wrong with the backend. */
public final class FailureReasons {

    /** In order: a subclass stands before its superclass. */
    private static final List<Map.Entry<Class<? extends Throwable>, Reason>> BY_TYPE = List.of(
            Map.entry(PoolAcquireTimeoutException.class, Reason.CONNECTION_LIMIT_REACHED),
            Map.entry(PoolAcquirePendingLimitException.class, Reason.CONNECTION_LIMIT_REACHED),
            Map.entry(ConnectTimeoutException.class, Reason.CONNECTION_TIMEOUT),
            Map.entry(UnknownHostException.class, Reason.DNS_ERROR),
            Map.entry(NoRouteToHostException.class, Reason.DESTINATION_IP_UNROUTABLE),
            Map.entry(ConnectException.class, Reason.CONNECTION_REFUSED),
            Map.entry(CertificateException.class, Reason.TLS_CERTIFICATE_ERROR),
            Map.entry(CertPathValidatorException.class, Reason.TLS_CERTIFICATE_ERROR),
            Map.entry(SslHandshakeTimeoutException.class, Reason.TLS_PROTOCOL_ERROR),
            Map.entry(SSLException.class, Reason.TLS_PROTOCOL_ERROR),
            Map.entry(ReadTimeoutException.class, Reason.HTTP_RESPONSE_TIMEOUT),
            Map.entry(TimeoutException.class, Reason.HTTP_RESPONSE_TIMEOUT),
            Map.entry(PrematureChannelClosureException.class, Reason.CONNECTION_TERMINATED),
            Map.entry(DecoderException.class, Reason.HTTP_PROTOCOL_ERROR),
            Map.entry(IllegalArgumentException.class, Reason.HTTP_PROTOCOL_ERROR),
            Map.entry(AbortedException.class, Reason.CONNECTION_TERMINATED),
            Map.entry(IOException.class, Reason.CONNECTION_TERMINATED));

    /** What the JDK and BoringSSL call the alerts that end a handshake. */
    private static final Pattern HANDSHAKE_ALERT =
            Pattern.compile("certificate|handshake_failure|unknown_ca|access_denied", Pattern.CASE_INSENSITIVE);

    private FailureReasons() {}

    /** The reason for a failure before the head of the answer had arrived. */
    public static Reason of(Throwable failure) {
        if (isCertificateError(failure)) {
            return Reason.TLS_CERTIFICATE_ERROR;
        }
        return byType(unwrapped(failure)).orElse(Reason.PROXY_INTERNAL_ERROR);
    }

    /** TLS decodes, too, and its failures come as those of a decoder. */
    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof DecoderException && cause instanceof SSLException ? cause : failure;
    }

    /** Whether the connection failed, by TLS or below. */
    static boolean isInputOrOutput(Throwable failure) {
        return unwrapped(failure) instanceof IOException;
    }

    /** Whether the other side has refused a handshake, be it after its end on this side. */
    static boolean isRefusedHandshake(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof SSLHandshakeException
                || (cause instanceof SSLException
                        && HANDSHAKE_ALERT
                                .matcher(String.valueOf(cause.getMessage()))
                                .find());
    }

    /** The reason for a failure on a route that doesn't lead to a pool: the gateway's own client, or a filter by accident. */
    public static Reason ofOtherFilter(Throwable failure) {
        return failure instanceof IOException ? of(failure) : Reason.PROXY_INTERNAL_ERROR;
    }

    /** The reason for a head that couldn't be decoded: it is no HTTP, or the connection was closed inside it. */
    public static Reason ofHead(Throwable failure) {
        Reason reason = of(failure);
        return reason.blamesBackend() ? reason : Reason.HTTP_PROTOCOL_ERROR;
    }

    private static Optional<Reason> byType(Throwable failure) {
        if (failure instanceof ConnectException
                && String.valueOf(failure.getMessage()).contains("nreachable")) {
            return Optional.of(Reason.DESTINATION_IP_UNROUTABLE);
        }
        return BY_TYPE.stream()
                .filter(entry -> entry.getKey().isInstance(failure))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isCertificateError(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
                return true;
            }
        }
        return false;
    }
}
