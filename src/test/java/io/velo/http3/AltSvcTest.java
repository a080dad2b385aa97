package io.velo.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AltSvcTest {

    private static final int TCP = 8443;

    private final AltSvc altSvc = new AltSvc();

    private String told(HttpResponseStatus status) {
        HttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        answer.headers().set("Alt-Svc", "h3=\":1\"");
        EmbeddedChannel channel = new EmbeddedChannel(altSvc);
        channel.writeOutbound(answer);
        HttpResponse written = channel.readOutbound();
        return written.headers().get("Alt-Svc");
    }

    @Test
    void takesThePlaceOfABackendsOwn() {
        altSvc.at(9443, TCP);

        assertThat(told(HttpResponseStatus.OK))
                .isEqualTo("h3=\":9443\"; ma=86400")
                .isEqualTo(told(HttpResponseStatus.NOT_FOUND));
    }

    @Test
    void leavesInterimAnswers() {
        altSvc.at(9443, TCP);

        assertThat(told(HttpResponseStatus.CONTINUE)).isEqualTo("h3=\":1\"");
    }

    @Test
    void saysNothingBeforeThereIsAServer() {
        assertThat(told(HttpResponseStatus.OK)).isEqualTo("h3=\":1\"");
    }

    @Test
    void sendsClientsBackWhenTheServerGoes() {
        altSvc.at(9443, TCP);
        altSvc.gone();

        assertThat(told(HttpResponseStatus.OK)).isEqualTo("clear");
    }

    @Test
    void concernsThePortThatItStandsBesideAlone() {
        altSvc.at(9443, TCP);

        assertThat(altSvc.concerns(new InetSocketAddress("127.0.0.1", TCP))).isTrue();
        assertThat(altSvc.concerns(new InetSocketAddress("127.0.0.1", 9090))).isFalse();
    }
}
