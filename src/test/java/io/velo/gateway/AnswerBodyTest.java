package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

class AnswerBodyTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> calls = new ArrayList<>();
    private final AnswerBody body =
            new AnswerBody(channel.eventLoop(), () -> calls.add("drained"), () -> calls.add("cancelled"));
    private final List<ByteBuf> made = new ArrayList<>();
    private final Reader reader = new Reader();

    @AfterEach
    void leavesNothingBehind() {
        channel.finishAndReleaseAll();
        assertThat(made).allMatch(part -> part.refCnt() == 0);
    }

    private void add(String text) {
        ByteBuf part = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        made.add(part);
        body.add(part);
    }

    @Test
    void handsOnWhatIsWantedAndNoMore() {
        add("a");
        add("b");
        body.subscribe(reader);

        reader.request(1);
        assertThat(reader.signals).containsExactly("a");
        assertThat(body.wantsMore()).isFalse();

        reader.request(1);
        assertThat(reader.signals).containsExactly("a", "b");
        assertThat(body.wantsMore()).as("nothing is asked for").isFalse();

        reader.request(1);
        assertThat(body.wantsMore()).isTrue();
    }

    @Test
    void endsAfterTheLastPart() {
        body.subscribe(reader);
        reader.requestUnbounded();
        add("a");
        body.end();

        body.drain();

        assertThat(reader.signals).containsExactly("a", "end");
    }

    @Test
    void failsAfterWhatHadCome() {
        add("a");
        body.fail(new IllegalStateException("cut"));

        body.subscribe(reader);
        assertThat(reader.signals).isEmpty();
        reader.request(1);

        assertThat(reader.signals).containsExactly("a", "cut");
    }

    @Test
    void letsTheBackendGoWhenTheReaderDoes() {
        add("a");
        body.subscribe(reader);

        reader.cancel();
        add("b");

        assertThat(calls).contains("cancelled");
        assertThat(reader.signals).isEmpty();
    }

    @Test
    void isToldOfNoLeavingAfterTheEnd() {
        body.end();
        body.subscribe(reader);
        reader.requestUnbounded();

        reader.cancel();

        assertThat(reader.signals).containsExactly("end");
        assertThat(calls).doesNotContain("cancelled");
    }

    @Test
    void isTakenWholeOnlyInOnePiece() {
        add("a");
        assertThat(body.takeWhole()).as("more may come").isEmpty();
        body.end();

        assertThat(body.takeWhole())
                .hasValueSatisfying(part -> assertThat(part.release()).isTrue());
        assertThat(body.takeWhole()).isEmpty();
    }

    @Test
    void isReadOnce() {
        body.subscribe(reader);
        Reader second = new Reader();

        body.subscribe(second);

        assertThat(second.signals).containsExactly("the body of an answer can be read once only");
    }

    @Test
    void releasesForReadersWhoDoNot() {
        add("a");
        List<Integer> counts = new ArrayList<>();

        body.releasing().subscribe(part -> counts.add(part.refCnt()));

        assertThat(counts).containsExactly(1);
    }

    @Test
    void dropsWhatNobodyReads() {
        add("a");

        body.drop();
        add("b");

        assertThat(body.takeWhole()).isEmpty();
    }

    private static final class Reader extends BaseSubscriber<ByteBuf> {

        private final List<String> signals = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            // asks itself
        }

        @Override
        protected void hookOnNext(ByteBuf part) {
            signals.add(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }

        @Override
        protected void hookOnComplete() {
            signals.add("end");
        }

        @Override
        protected void hookOnError(Throwable failure) {
            signals.add(failure.getMessage());
        }
    }
}
