package io.velo.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Asks name servers for records. That a name or its records aren't there is an answer, an empty list; the rest is a failure. */
final class DnsLookups {

    private final DnsNameResolver resolver;

    DnsLookups(DnsNameResolver resolver) {
        this.resolver = resolver;
    }

    /**
     * The records of one type.
     *
     * @param read makes something of a record's data, which lasts as long as the call; empty if it makes no sense
     */
    <T> Mono<List<Answered<T>>> records(String name, DnsRecordType type, Function<ByteBuf, Optional<T>> read) {
        return Mono.<List<Answered<T>>>create(sink -> {
                    Future<List<DnsRecord>> asked = resolver.resolveAll(new DefaultDnsQuestion(name, type));
                    asked.addListener(done -> {
                        if (done.isSuccess()) {
                            sink.success(readAll(asked.getNow(), type, read));
                        } else {
                            sink.error(done.cause());
                        }
                    });
                    sink.onCancel(() -> asked.cancel(false));
                })
                .onErrorResume(DnsLookups::isAbsence, absent -> Mono.just(List.of()))
                .onErrorMap(failure -> new DnsFailureException(name, type, failure));
    }

    private static <T> List<Answered<T>> readAll(
            List<DnsRecord> records, DnsRecordType type, Function<ByteBuf, Optional<T>> read) {
        try {
            return records.stream()
                    .filter(record -> record.type().equals(type))
                    .flatMap(record -> answered(record, read))
                    .toList();
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
    }

    private static <T> Stream<Answered<T>> answered(DnsRecord record, Function<ByteBuf, Optional<T>> read) {
        return record instanceof DnsRawRecord raw
                ? read.apply(raw.content()).map(value -> new Answered<>(value, record.timeToLive())).stream()
                : Stream.empty();
    }

    /** A server said that there is no such name, or none of this type. */
    private static boolean isAbsence(Throwable failure) {
        if (!(failure instanceof UnknownHostException)) {
            return false;
        }
        Throwable cause = failure;
        for (Throwable next = cause; next != null; next = next.getCause()) {
            if (next instanceof DnsNameResolverTimeoutException) {
                return false;
            }
            if (next instanceof DnsErrorCauseException error) {
                return error.getCode().equals(DnsResponseCode.NXDOMAIN)
                        || error.getCode().equals(DnsResponseCode.NOERROR);
            }
            cause = next;
        }
        return cause instanceof UnknownHostException;
    }

    /** The bytes of an address. */
    static Optional<byte[]> address(ByteBuf data) {
        return Optional.of(ByteBufUtil.getBytes(data));
    }

    /**
     * A record's data.
     *
     * @param ttlSeconds how long it holds
     */
    record Answered<T>(T value, long ttlSeconds) {}

    /** What went wrong, in words. */
    static final class DnsFailureException extends RuntimeException {

        private static final long serialVersionUID = 1;

        DnsFailureException(String name, DnsRecordType type, Throwable cause) {
            super("DNS query for " + type.name() + " of " + name + " failed: " + told(cause), cause, false, false);
        }

        private static String told(Throwable cause) {
            for (Throwable next = cause; next != null; next = next.getCause()) {
                if (next instanceof DnsErrorCauseException error) {
                    return error.getCode().toString();
                }
                if (next instanceof DnsNameResolverTimeoutException) {
                    return "no answer";
                }
            }
            return String.valueOf(cause.getMessage());
        }
    }
}
