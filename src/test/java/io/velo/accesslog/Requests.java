package io.velo.accesslog;

import io.velo.backend.Reason;
import io.velo.route.Lane;
import io.velo.route.RequestRecord;
import io.velo.route.RequestRecord.Answered;
import io.velo.route.RequestRecord.Asked;
import io.velo.route.RequestRecord.Way;
import java.time.Instant;
import java.util.Optional;

/** Requests to write down. */
final class Requests {

    static final Instant TIME = Instant.parse("2026-03-04T05:06:07.089Z");

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final Way WAY =
            new Way(Lane.EXPRESS, "shop", "api", "b1", 2, 1_500_000, Optional.of(Reason.HTTP_RESPONSE_INCOMPLETE));

    private Requests() {}

    static RequestRecord whole() {
        return with("/a?b=c", "http://a.test/", "curl/8");
    }

    static RequestRecord with(String target, String referer, String userAgent) {
        Asked asked = new Asked(TIME, "192.0.2.1", "GET", target, "HTTP/1.1", referer, userAgent, TRACE_ID);
        return new RequestRecord(asked, new Answered(200, 5, 1234, 7_000_999, 6_000_000), WAY);
    }

    /** One that came too late to be read. */
    static RequestRecord unread() {
        return new RequestRecord(
                new Asked(TIME, "192.0.2.1", "", "", "", "", "", ""),
                new Answered(408, 0, 150, 1_000, 500),
                Way.without(Optional.of(Reason.HTTP_REQUEST_ERROR)));
    }
}
