package io.velo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveSslContextTest {

    private static SslContext client(TlsLibrary library) {
        return new SslContexts(() -> library).forClient(Optional.empty(), BackendTlsSettings.Verify.NONE, List.of());
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void givesWayToAnother(TlsLibrary library) {
        SslContext first = client(library);
        LiveSslContext live = new LiveSslContext(first, "");
        SSLEngine before = live.newEngine(UnpooledByteBufAllocator.DEFAULT, "a.test", 443);
        live.become(client(library));
        SSLEngine after = live.newEngine(UnpooledByteBufAllocator.DEFAULT, "a.test", 443);

        assertThat(after.getPeerHost()).isEqualTo("a.test");
        assertThat(live.isClient()).isTrue();
        assertThat(live.cipherSuites()).isNotEmpty().noneMatch(cipher -> cipher.contains("CBC"));
        ReferenceCountUtil.release(before);
        ReferenceCountUtil.release(after);
        if (first instanceof ReferenceCounted counted) {
            assertThat(counted.refCnt()).as("held by nobody").isZero();
        }
        live.close();
    }

    @ParameterizedTest
    @EnumSource(TlsLibrary.class)
    void asksForTheNameThatItWasGiven(TlsLibrary library) {
        LiveSslContext live = new LiveSslContext(client(library), "api.test");
        SSLEngine engine = live.newEngine(UnpooledByteBufAllocator.DEFAULT, "10.0.0.1", 443);

        assertThat(engine.getPeerHost()).isEqualTo("api.test");
        ReferenceCountUtil.release(engine);
        live.close();
    }

    @Test
    void isOfNoUseOnceItIsClosed() {
        LiveSslContext live = new LiveSslContext(client(TlsLibrary.BORING_SSL), "");
        live.close();

        assertThatThrownBy(() -> live.newEngine(UnpooledByteBufAllocator.DEFAULT))
                .isInstanceOf(IllegalReferenceCountException.class);
    }
}
