package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrictTransportTest {

    private static final String FIELD = "Strict-Transport-Security";

    private static String told(HttpResponse answer) {
        EmbeddedChannel channel = new EmbeddedChannel(new StrictTransport(Duration.ofDays(365), true, true));
        channel.writeOutbound(answer);
        HttpResponse written = channel.readOutbound();
        return written.headers().get(FIELD, "");
    }

    private static HttpResponse answer(HttpResponseStatus status) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    }

    @Test
    void tellsInEachAnswer() {
        assertThat(told(answer(HttpResponseStatus.OK)))
                .isEqualTo("max-age=31536000; includeSubDomains; preload")
                .isEqualTo(told(answer(HttpResponseStatus.BAD_GATEWAY)));
    }

    @Test
    void leavesTheBackendsOwn() {
        HttpResponse own = answer(HttpResponseStatus.OK);
        own.headers().set(FIELD, "max-age=1");

        assertThat(told(own)).isEqualTo("max-age=1");
    }

    @Test
    void leavesInterimAnswers() {
        assertThat(told(answer(HttpResponseStatus.CONTINUE))).isEmpty();
    }
}
