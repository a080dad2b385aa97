package io.velo.discovery;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a service is (RFC 2782).
 *
 * @param priority the lowest is asked first
 * @param weight share among those of one priority, 0 to 65535
 * @param target a host's name
 */
record ServiceRecord(int priority, int weight, int port, String target) {

    private static final int MOST_WEIGHT = 256;
    private static final int FIXED_PART = 6;

    /** Reads one; empty if it is broken, or says that there is no such service. */
    static Optional<ServiceRecord> of(ByteBuf data) {
        if (data.readableBytes() <= FIXED_PART) {
            return Optional.empty();
        }
        int priority = data.readUnsignedShort();
        int weight = data.readUnsignedShort();
        int port = data.readUnsignedShort();
        try {
            String target = DefaultDnsRecordDecoder.decodeName(data);
            boolean none = target.equals(".") || port == 0;
            return none ? Optional.empty() : Optional.of(new ServiceRecord(priority, weight, port, target));
        } catch (DecoderException broken) {
            return Optional.empty();
        }
    }

    /**
     * The weight as Velo has it: at least 1, scaled down if the largest of them is beyond its range.
     *
     * @param most the largest of all
     */
    OptionalInt share(int most) {
        long scaled = most > MOST_WEIGHT ? (long) weight * MOST_WEIGHT / most : weight;
        return OptionalInt.of((int) Math.max(1, scaled));
    }
}
