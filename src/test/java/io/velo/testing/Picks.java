package io.velo.testing;

import io.velo.backend.Backend;
import io.velo.strategy.Picker;
import io.velo.strategy.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Asks pickers. */
public final class Picks {

    /** A request of which strategies learn nothing. */
    public static final RequestView REQUEST = new PlainRequest();

    private Picks() {}

    /** Takes what is offered first. */
    public static String next(Picker picker) {
        return next(picker, backend -> true);
    }

    /** Takes the first one offered that will do; {@code none} if none does. */
    public static String next(Picker picker, Predicate<Backend> willDo) {
        List<String> taken = new ArrayList<>();
        boolean answer = picker.offer(REQUEST, backend -> willDo.test(backend) && taken.add(backend.id()));
        if (answer == taken.isEmpty()) {
            throw new AssertionError("the picker says taken=" + answer + " but taken were " + taken);
        }
        return answer ? taken.get(0) : "none";
    }

    /** Takes what is offered first, so many times. */
    public static List<String> next(int times, Picker picker) {
        return IntStream.range(0, times).mapToObj(i -> next(picker)).toList();
    }

    /** Everything a picker offers to one who takes nothing, in order. */
    public static List<String> offers(Picker picker) {
        List<String> offered = new ArrayList<>();
        next(picker, backend -> !offered.add(backend.id()));
        return offered;
    }

    private static final class PlainRequest implements RequestView {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return "/";
        }

        @Override
        public String clientAddress() {
            return "192.0.2.1";
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }
    }
}
