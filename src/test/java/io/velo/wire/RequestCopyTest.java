package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.velo.pool.Pools;
import io.velo.wire.MirrorListener.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestCopyTest {

    private final List<Result> results = new ArrayList<>();
    private final List<FullHttpRequest> copies = new ArrayList<>();
    private final Mirrors mirrors = new Mirrors(
            () -> new Pools(List.of()), bound -> 0, () -> List.of((pool, mirror, result) -> results.add(result)));
    private Mirror mirror;
    private EmbeddedChannel backend;

    @BeforeEach
    void tap() {
        mirrors.swap(Map.of("a", new MirrorSettings("b", 100, 1, 10)));
        mirror = mirrors.of("a").orElseThrow();
        assertThat(mirror.tryBegin()).isTrue();
        backend = new EmbeddedChannel(new RequestCopy(mirror, copies::add));
    }

    @AfterEach
    void release() {
        copies.forEach(ReferenceCountUtil::release);
        backend.finishAndReleaseAll();
    }

    private static DefaultHttpRequest head(String name, String value) {
        DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/a?b");
        head.headers().set(name, value);
        return head;
    }

    private static DefaultHttpContent part(String text) {
        return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static DefaultLastHttpContent last(String text) {
        return new DefaultLastHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static String textOf(ByteBuf content) {
        return content.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void takesARequestDownAsItPasses() {
        DefaultHttpRequest head = head("Transfer-Encoding", "chunked");
        backend.writeOutbound(head, part("12345"));
        assertThat(copies).isEmpty();
        backend.writeOutbound(last("67890"));
        backend.runPendingTasks();

        assertThat(backend.<HttpObject>readOutbound()).isSameAs(head);
        DefaultHttpContent first = backend.readOutbound();
        assertThat(textOf(first.content())).isEqualTo("12345");
        first.release();
        assertThat(copies).singleElement().satisfies(copy -> {
            assertThat(copy.method()).isEqualTo(HttpMethod.POST);
            assertThat(copy.uri()).isEqualTo("/a?b");
            assertThat(textOf(copy.content())).isEqualTo("1234567890");
            assertThat(copy.headers().get("Transfer-Encoding")).isEqualTo("chunked");
            assertThat(copy.headers()).isNotSameAs(head.headers());
        });
        assertThat(backend.pipeline().get(RequestCopy.class)).isNull();
        assertThat(results).isEmpty();
        assertThat(mirror.inFlight()).isEqualTo(1);
    }

    @Test
    void takesOneWithoutABodyDown() {
        backend.writeOutbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        backend.runPendingTasks();

        assertThat(copies)
                .singleElement()
                .satisfies(copy -> assertThat(copy.content().isReadable()).isFalse());
        assertThat(backend.pipeline().get(RequestCopy.class)).isNull();
    }

    @Test
    void leavesALongBodyAloneAsSoonAsItKnows() {
        backend.writeOutbound(head("Content-Length", "11"));

        assertThat(results).containsExactly(Result.TOO_LARGE);
        assertThat(backend.pipeline().get(RequestCopy.class)).isNull();
        assertThat(mirror.inFlight()).isZero();
    }

    @Test
    void leavesABodyAloneThatGetsTooLong() {
        DefaultHttpContent more = part("123456");
        backend.writeOutbound(head("Transfer-Encoding", "chunked"), part("12345"), more);

        assertThat(results).containsExactly(Result.TOO_LARGE);
        assertThat(more.refCnt()).isEqualTo(1);
        assertThat(textOf(more.content())).isEqualTo("123456");
        assertThat(mirror.inFlight()).isZero();
    }

    @Test
    void makesNothingOfARequestThatBreaksOff() {
        backend.writeOutbound(head("Content-Length", "10"), part("12345"));
        backend.close();
        backend.runPendingTasks();

        assertThat(results).containsExactly(Result.BROKEN_OFF);
        assertThat(copies).isEmpty();
        assertThat(mirror.inFlight()).isZero();
    }

    @Test
    void makesNothingOfASession() {
        backend.writeOutbound(head("Upgrade", "websocket"));

        assertThat(results).containsExactly(Result.BROKEN_OFF);
    }
}
