package com.example.shop;

import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.stereotype.Component;

/** Remembers which backends went out of service, and why. */
@Component
class LostCapacity implements TransitionListener {

    private final Queue<String> sentences = new ConcurrentLinkedQueue<>();

    @Override
    public void changed(Transition transition) {
        if (transition.lostCapacity()) {
            sentences.add(transition.pool() + ": " + transition.sentence());
        }
    }

    Queue<String> sentences() {
        return sentences;
    }
}
