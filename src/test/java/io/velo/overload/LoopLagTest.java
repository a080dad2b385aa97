package io.velo.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopLagTest {

    private final AtomicLong now = new AtomicLong(5);
    private final ByHand loop = new ByHand();
    private final LoopLag lag = new LoopLag(loop, now::get);

    @Test
    void isHowLongATaskHadToWait() {
        assertThat(lag.look()).isZero();
        now.set(25);
        loop.tasks.remove().run();

        assertThat(lag.look()).isEqualTo(20);
    }

    @Test
    void growsWhileTheLoopDoesNotComeToIt() {
        lag.look();
        now.set(105);
        assertThat(lag.look()).isEqualTo(100);
        now.set(205);
        assertThat(lag.look()).isEqualTo(200);
        assertThat(loop.tasks).hasSize(1);
    }

    /** Runs its tasks when it is told. */
    private static final class ByHand extends AbstractEventExecutor {

        final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public boolean inEventLoop(Thread thread) {
            return false;
        }

        @Override
        public boolean isShuttingDown() {
            return false;
        }

        @Override
        public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
            return terminationFuture();
        }

        @Override
        public Future<?> terminationFuture() {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
        }

        @Override
        @Deprecated
        public void shutdown() {}

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
