package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.CharsetUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelStreamTest {

    private final Client client = new Client();
    private EmbeddedChannel stream;
    private HttpRequest request;

    @BeforeEach
    void ask() {
        stream = new EmbeddedChannel(client, new RequestStream(8_192));
        Http2Headers head = new DefaultHttp2Headers()
                .method("CONNECT")
                .scheme("https")
                .path("/chat")
                .authority("velo.test");
        head.add(":protocol", "websocket");
        stream.writeInbound(new DefaultHttp2HeadersFrame(head));
        request = stream.readInbound();
        assertThat(stream.<Object>readInbound()).isEqualTo(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @AfterEach
    void leave() {
        stream.finishAndReleaseAll();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, CharsetUtil.US_ASCII);
    }

    private void switchOver() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        head.headers()
                .set("Sec-WebSocket-Accept", "b")
                .set("Connection", "upgrade")
                .set("Upgrade", "websocket");
        stream.pipeline().write(head); // not the channel's own write, which runs what is to come behind all this
        stream.pipeline().write(LastHttpContent.EMPTY_LAST_CONTENT);
        stream.pipeline().remove(RequestStream.class);
        stream.runPendingTasks();
    }

    private Http2Headers told() {
        return client.<Http2HeadersFrame>told().headers();
    }

    @Test
    void tellsASwitchAsSuccess() {
        switchOver();

        Http2Headers head = told();
        assertThat(head.status()).hasToString("200");
        assertThat(head.size()).as("and nothing of the handshake").isEqualTo(1);
        assertThat(client.<Object>told()).isNull();
    }

    @Test
    void passesWhatCameEarlyOnAfterTheSwitch() {
        stream.writeInbound(new DefaultHttp2DataFrame(bytes("early ")));
        assertThat(stream.<Object>readInbound()).isNull();
        switchOver();
        stream.writeInbound(new DefaultHttp2DataFrame(bytes("bird")));

        assertThat(inbound()).isEqualTo("early bird");
    }

    private String inbound() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf next = stream.readInbound(); next != null; next = stream.readInbound()) {
            all.append(next.toString(CharsetUtil.US_ASCII));
            next.release();
        }
        return all.toString();
    }

    @Test
    void letsGoOfWhatCameEarlyWithTheStream() {
        ByteBuf early = bytes("early");
        stream.writeInbound(new DefaultHttp2DataFrame(early));
        stream.close();

        assertThat(early.refCnt()).isZero();
    }

    @Test
    void keepsNoMoreThanAFewEarlyBytes() {
        ByteBuf early = Unpooled.buffer().writeZero(70_000);
        stream.writeInbound(new DefaultHttp2DataFrame(early));

        assertThat(stream.isOpen()).isFalse();
        assertThat(early.refCnt()).isZero();
    }

    @Test
    void staysOpenForTheAnswerWhenItsClientHasSaidItsLast() {
        switchOver();
        told();
        stream.writeInbound(new DefaultHttp2DataFrame(bytes("last"), true));
        assertThat(stream.isOpen()).isTrue();
        stream.writeAndFlush(bytes("answer"));
        stream.close();

        assertThat(inbound()).isEqualTo("last");
        assertThat(data()).isEqualTo("answer/");
        assertThat(data()).isEqualTo("/end");
        assertThat(client.<Object>told()).as("both ends are told").isNull();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void isOverIfItsClientGoesBeforeTheSwitch() {
        stream.writeInbound(new DefaultHttp2DataFrame(bytes("last"), true));

        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void tellsItsEndBehindAllTheRest() {
        switchOver();
        told();
        client.hold();
        stream.writeAndFlush(bytes("last"));
        stream.close();
        assertThat(stream.isOpen()).isTrue();
        client.letGo();

        assertThat(data()).isEqualTo("last/");
        assertThat(data()).isEqualTo("/end");
        assertThat(client.<Http2ResetFrame>told().errorCode()).isEqualTo(Http2Error.NO_ERROR.code());
        assertThat(stream.isOpen()).isFalse();
    }

    private String data() {
        Http2DataFrame frame = client.told();
        String text = frame.content().toString(CharsetUtil.US_ASCII) + "/" + (frame.isEndStream() ? "end" : "");
        frame.release();
        return text;
    }

    @Test
    void isCutIfItsClientDoesntTakeTheEnd() {
        switchOver();
        told();
        client.hold();
        stream.freezeTime();
        stream.pipeline().close(); // the channel's own would forget what is to come later
        stream.advanceTimeBy(1, TimeUnit.SECONDS);
        stream.runScheduledPendingTasks();

        assertThat(client.<Http2ResetFrame>told().errorCode()).isEqualTo(Http2Error.CANCEL.code());
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void tellsNoEndIfItBreaksOff() {
        switchOver();
        told();
        Tunnel.of(stream).orElseThrow().breakOff();
        stream.close();

        assertThat(client.<Object>told()).isNull();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void tellsAnAnswerInPlaceOfASwitchAndEnds() {
        stream.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN));

        Http2HeadersFrame answer = client.told();
        assertThat(answer.headers().status()).hasToString("403");
        assertThat(answer.isEndStream()).isTrue();
        assertThat(client.<Http2ResetFrame>told().errorCode()).isEqualTo(Http2Error.NO_ERROR.code());
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void saysNothingOfASuccessThatIsNoSwitch() {
        assertThat(Tunnel.told(HttpResponseStatus.NO_CONTENT, stream)).isEqualTo(HttpResponseStatus.BAD_GATEWAY);
        assertThat(Tunnel.told(HttpResponseStatus.NOT_FOUND, stream)).isEqualTo(HttpResponseStatus.NOT_FOUND);
    }

    @Test
    void sendsItsClientToHttp11() {
        Tunnel.of(stream).orElseThrow().leaveToHttp11();
        stream.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));

        assertThat(client.<Http2ResetFrame>told().errorCode()).isEqualTo(Http2Error.HTTP_1_1_REQUIRED.code());
        assertThat(client.<Object>told()).isNull();
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void asksForAProofAsBackendsGiveIt() {
        HttpResponse switching = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        Tunnel tunnel = Tunnel.of(stream).orElseThrow();
        assertThat(tunnel.isAgreedBy(switching)).isFalse();
        switching
                .headers()
                .set("Sec-WebSocket-Accept", Tunnel.acceptOf(request.headers().get("Sec-WebSocket-Key")));

        assertThat(tunnel.isAgreedBy(switching)).isTrue();
        assertThat(Tunnel.acceptOf("dGhlIHNhbXBsZSBub25jZQ=="))
                .as("the example of RFC 6455")
                .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    /** A client whose window may be closed for a while. */
    private static final class Client extends ChannelDuplexHandler {

        private final Queue<Object> told = new ArrayDeque<>();
        private final Queue<Runnable> held = new ArrayDeque<>();
        private boolean holding;

        /** The next frame, null without any. */
        @SuppressWarnings("unchecked")
        <T> T told() {
            return (T) told.poll();
        }

        void hold() {
            holding = true;
        }

        void letGo() {
            holding = false;
            for (Runnable next = held.poll(); next != null; next = held.poll()) {
                next.run();
            }
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (holding && message instanceof Http2DataFrame) {
                held.add(() -> take(message, promise));
            } else {
                take(message, promise);
            }
        }

        private void take(Object message, ChannelPromise promise) {
            told.add(message);
            promise.trySuccess();
        }
    }
}
