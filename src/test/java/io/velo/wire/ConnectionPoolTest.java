package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.velo.backend.Reason;
import io.velo.testing.Backends;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Connects are begun here and never done: what becomes of them is told to the pool by the test. */
class ConnectionPoolTest {

    private static final int SLOTS = 18;
    private static final int MOST_CONNECTING = 16;

    private final LoopTime time = new LoopTime();
    private final EmbeddedChannel client = new EmbeddedChannel();
    private final Slots slots = new Slots(SLOTS);
    private final ConnectionPool pool = new ConnectionPool(
            client.eventLoop(),
            TestUpstream.SETTINGS,
            slots,
            new Connector(
                    Backends.spec("a"),
                    TestUpstream.SETTINGS,
                    client,
                    LocalChannel.class,
                    DefaultAddressResolverGroup.INSTANCE,
                    null,
                    time::nanos),
            time::nanos);
    private final List<String> refused = new ArrayList<>();

    private Waiting waits(String name) {
        Waiting taker = new Waiting(name);
        assertThat(pool.take(taker)).as("a connection for " + name).isNull();
        return taker;
    }

    private void crowd(int takers) {
        for (int i = 0; i < takers; i++) {
            waits("t" + i);
        }
    }

    private BackendConnection connected() {
        EmbeddedChannel channel = new EmbeddedChannel();
        BackendConnection made = new BackendConnection(pool, TestUpstream.SETTINGS, channel, time::nanos);
        channel.pipeline().addLast(made);
        pool.connected(made);
        return made;
    }

    /** Connects in progress and connections. */
    private int taken() {
        int free = 0;
        while (slots.tryTake()) {
            free++;
        }
        for (int i = 0; i < free; i++) {
            slots.connectEnded();
            slots.release();
        }
        return SLOTS - free;
    }

    @Nested
    class Connects {

        @Test
        void asManyAsAreNeeded() {
            crowd(3);

            assertThat(taken()).isEqualTo(3);
        }

        @Test
        void butFewAtOnce() {
            crowd(MOST_CONNECTING + 10);
            assertThat(taken()).isEqualTo(MOST_CONNECTING);

            connected();

            assertThat(taken()).as("one is open, and another connect is begun").isEqualTo(MOST_CONNECTING + 1);
        }

        @Test
        void notBeyondItsSlots() {
            crowd(MOST_CONNECTING + 10);

            for (int i = 0; i < SLOTS; i++) {
                connected();
            }

            assertThat(taken()).isEqualTo(SLOTS);
            assertThat(pool.open()).isEqualTo(SLOTS);
            assertThat(slots.waiting()).isEqualTo(MOST_CONNECTING + 10 - SLOTS);
        }

        @Test
        void forNobodyWhenTooManyWait() {
            crowd(SLOTS + TestUpstream.QUEUE);
            assertThat(refused).isEmpty();

            waits("late");

            assertThat(refused).containsExactly("late CONNECTION_LIMIT_REACHED");
        }

        @Test
        void andLetsNobodyHopeWhereNothingIsOpen() {
            waits("a");
            waits("b");

            pool.notConnected(Reason.CONNECTION_REFUSED);

            assertThat(refused).containsExactly("a CONNECTION_REFUSED", "b CONNECTION_REFUSED");
            assertThat(taken()).as("the other connect goes on").isEqualTo(1);
        }

        @Test
        void andRefusesOneWhereOthersMayBeServed() {
            waits("served");
            BackendConnection open = connected();
            waits("a");
            Waiting b = waits("b");

            pool.notConnected(Reason.CONNECTION_REFUSED);
            assertThat(refused).containsExactly("a CONNECTION_REFUSED");
            pool.giveBack(open);

            assertThat(b.got).isSameAs(open);
        }
    }

    @Nested
    class AConnection {

        @Test
        void goesToWhoHasWaitedForLongest() {
            Waiting a = waits("a");
            Waiting b = waits("b");

            BackendConnection open = connected();
            assertThat(a.got).isSameAs(open);
            pool.giveBack(open);

            assertThat(b.got).isSameAs(open);
            assertThat(slots.waiting()).isZero();
            assertThat(pool.idle()).isZero();
        }

        @Test
        void isIdleWhenNobodyWaits() {
            waits("a");
            BackendConnection open = connected();
            pool.giveBack(open);
            assertThat(pool.idle()).isEqualTo(1);

            assertThat(pool.take(new Waiting("b"))).isSameAs(open);

            assertThat(pool.idle()).isZero();
            assertThat(pool.open()).isEqualTo(1);
        }

        @Test
        void leavesItsSlotWhenItCloses() {
            waits("a");
            connected().close();

            assertThat(pool.open()).isZero();
            assertThat(taken()).isZero();
        }

        @Test
        void isClosedWhenItIsGivenBackToAPoolThatRetires() {
            waits("a");
            BackendConnection open = connected();
            Waiting b = waits("b");
            pool.retire();

            pool.giveBack(open);
            assertThat(b.got).as("who waits is still served").isSameAs(open);
            pool.giveBack(open);

            assertThat(open.usable()).isFalse();
            assertThat(pool.open()).isZero();
        }
    }

    private final class Waiting implements Taker {

        private final String name;
        private @Nullable BackendConnection got;

        Waiting(String name) {
            this.name = name;
        }

        @Override
        public void connected(BackendConnection connection) {
            got = connection;
        }

        @Override
        public void refused(Reason why) {
            refused.add(name + " " + why);
        }
    }
}
