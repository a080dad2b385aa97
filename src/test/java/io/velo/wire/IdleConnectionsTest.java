package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.velo.backend.Reason;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {

    private final LoopTime time = new LoopTime();
    private final IdleConnections idle = new IdleConnections();
    private final BackendConnection first = added();
    private final BackendConnection second = added();
    private final BackendConnection third = added();

    private BackendConnection added() {
        EmbeddedChannel channel = new EmbeddedChannel();
        BackendConnection made = new BackendConnection(new Forgets(), TestUpstream.SETTINGS, channel, time::nanos);
        made.established();
        channel.pipeline().addLast(made);
        idle.add(made);
        return made;
    }

    @Test
    void givesTheLastOneFirst() {
        assertThat(idle.number()).isEqualTo(3);
        assertThat(idle.take()).isSameAs(third);
        assertThat(idle.take()).isSameAs(second);
        assertThat(idle.take()).isSameAs(first);
        assertThat(idle.take()).isNull();
        assertThat(idle.number()).isZero();
    }

    @Test
    void forgetsWhatCloses() {
        third.channel().close();
        first.channel().close();

        assertThat(idle.number()).isEqualTo(1);
        assertThat(idle.take()).isSameAs(second);
        assertThat(idle.take()).isNull();
    }

    @Test
    void closesTheOneThatWasIdleForLongest() {
        assertThat(idle.closeOldest()).isTrue();

        assertThat(first.usable()).isFalse();
        assertThat(idle.number()).isEqualTo(2);
        idle.take();
        idle.take();
        assertThat(idle.closeOldest()).as("nothing is left").isFalse();
    }

    @Test
    void closesAll() {
        idle.closeAll();

        assertThat(idle.number()).isZero();
        assertThat(first.usable() || second.usable() || third.usable()).isFalse();
    }

    /** Has what is gone removed, as a pool does. */
    private final class Forgets implements Keeper {

        @Override
        public void giveBack(BackendConnection connection) {
            idle.add(connection);
        }

        @Override
        public void leave(Channel connection) {
            throw new AssertionError("nothing switches protocols here");
        }

        @Override
        public void closed(BackendConnection connection) {
            idle.remove(connection);
        }

        @Override
        public Reason whyLost() {
            return Reason.CONNECTION_TERMINATED;
        }
    }
}
