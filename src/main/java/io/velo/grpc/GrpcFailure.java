package io.velo.grpc;

import io.velo.http.Problem;
import java.nio.charset.StandardCharsets;

/**
 * What a gRPC client gets when Velo answers in place of a backend: a head that is also the end, with the HTTP status 200 and
 * the failure in {@link GrpcStatus#FIELD} and {@link GrpcStatus#MESSAGE}.
 *
 * @param status how the call ends
 * @param message why, in any characters
 */
public record GrpcFailure(GrpcStatus status, String message) {

    /** Says what a problem body would say: the word for it and a sentence. */
    public static GrpcFailure of(Problem problem) {
        return new GrpcFailure(
                GrpcStatus.of(problem),
                problem.reason().word() + ": " + problem.reason().detail());
    }

    /** The message as the field has it: what isn't printable ASCII, and the percent sign, in hexadecimal. */
    public String encodedMessage() {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte each : message.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append("%%%02X".formatted(each));
            }
        }
        return encoded.toString();
    }
}
