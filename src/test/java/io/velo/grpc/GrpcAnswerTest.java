package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrpcAnswerTest {

    @Test
    void endsBehindTheBodyOrWithTheHead() {
        assertThat(new GrpcAnswer(200, "application/grpc", "").end("5")).hasValue(GrpcStatus.NOT_FOUND);
        assertThat(new GrpcAnswer(200, "application/grpc", "5").end("0")).hasValue(GrpcStatus.NOT_FOUND);
        assertThat(new GrpcAnswer(200, "application/grpc", "").end("")).hasValue(GrpcStatus.UNKNOWN);
    }

    @Test
    void hasNoEndIfItIsNobodysWhoSpeaksGrpc() {
        assertThat(new GrpcAnswer(502, "application/grpc", "5").end("5")).isEmpty();
        assertThat(new GrpcAnswer(200, "text/html", "5").end("5")).isEmpty();
    }
}
