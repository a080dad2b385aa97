package io.velo.express;

import io.netty.channel.EventLoop;
import io.velo.access.Verdict;
import io.velo.backend.Reason;
import io.velo.limit.Admission;
import io.velo.limit.Overload;
import io.velo.route.Route;

/**
 * Asks whether a request may pass: first the guard, then the limits of its route. Either may take a moment. Made only for requests
 * of which somebody is asked. What comes of it arrives on the event loop of the client.
 */
final class Admittance {

    private final ExpressLane lane;
    private final EventLoop eventLoop;
    private final ExpressRequest request;
    private final Account account;
    private final Exchange exchange;

    Admittance(ExpressLane lane, EventLoop eventLoop, ExpressRequest request, Account account, Exchange exchange) {
        this.lane = lane;
        this.eventLoop = eventLoop;
        this.request = request;
        this.account = account;
        this.exchange = exchange;
    }

    /** Whether the request has to go, because there is too much to do. */
    static boolean sheds(ExpressLane lane, Route route, ExpressRequest request) {
        Overload overload = lane.overload();
        return overload.pressure() > 0
                && overload.sheds(lane.terms().of(route.id()).priority(), request.fromTrusted(), request);
    }

    /** Whether anybody is asked about the requests of a route. */
    static boolean concerns(ExpressLane lane, Route route) {
        return !lane.guard().off() || lane.limits().concern(route.id());
    }

    void ask() {
        if (lane.guard().off()) {
            askLimits();
            return;
        }
        Verdict verdict = lane.guard().judge(request, account.route().id());
        if (verdict instanceof Verdict.Pending pending) {
            pending.decision().thenAccept(known -> eventLoop.execute(() -> decidedLate(known)));
        } else {
            decided((Verdict.Decision) verdict);
        }
    }

    private void decidedLate(Verdict.Decision decision) {
        if (!exchange.ended()) {
            decided(decision);
            exchange.goOn();
        }
    }

    private void decided(Verdict.Decision decision) {
        if (decision instanceof Verdict.Allow allowed) {
            request.admit(allowed);
            askLimits();
        } else {
            exchange.refuse(((Verdict.Refuse) decision).refusal());
        }
    }

    private void askLimits() {
        String route = account.route().id();
        if (lane.limits().concern(route)) {
            lane.limits().decide(route, request, this::limited);
        } else {
            exchange.setOut();
        }
    }

    /** The limits of the route have decided; where several instances count together, that takes a moment. */
    private void limited(Admission admission) {
        if (eventLoop.inEventLoop()) {
            enter(admission);
        } else {
            eventLoop.execute(() -> {
                enter(admission);
                exchange.goOn();
            });
        }
    }

    private void enter(Admission admission) {
        if (exchange.ended()) {
            admission.end();
            return;
        }
        account.hold(admission);
        if (admission.granted()) {
            exchange.setOut();
        } else {
            exchange.giveUp(Reason.HTTP_REQUEST_DENIED);
        }
    }
}
