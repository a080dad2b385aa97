package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaders;
import io.velo.access.IdentityFields;
import io.velo.access.OwnCookies;
import io.velo.access.Verdict;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Tells backends who sent a request, and takes out what the client itself says of that. */
public final class Identification {

    private static final String COOKIE = "Cookie";

    private Identification() {}

    /** Whether anything would be changed. Changes nothing, and allocates nothing unless something is forged. */
    public static boolean isDue(Verdict.Allow allowed, HttpHeaders head) {
        IdentityFields fields = allowed.fields();
        return allowed.identity().isPresent()
                || !forged(fields, head).isEmpty()
                || (!fields.cookies().name().isEmpty() && fields.cookies().mayBeIn(head.getAll(COOKIE)));
    }

    /**
     * Makes it so.
     *
     * @param head of the request; is changed
     */
    public static void apply(Verdict.Allow allowed, HttpHeaders head) {
        IdentityFields fields = allowed.fields();
        forged(fields, head).forEach(head::remove);
        hideCookies(fields.cookies(), head);
        allowed.identity().ifPresent(identity -> fields.tell(identity, head::set));
    }

    private static List<CharSequence> forged(IdentityFields fields, HttpHeaders head) {
        List<CharSequence> forged = List.of();
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = head.iteratorCharSequence();
        while (entries.hasNext()) {
            CharSequence name = entries.next().getKey();
            if (fields.reserves(name)) {
                forged = forged.isEmpty() ? new ArrayList<>() : forged;
                forged.add(name);
            }
        }
        return forged;
    }

    private static void hideCookies(OwnCookies own, HttpHeaders head) {
        if (!own.name().isEmpty()) {
            List<String> cookies = head.getAll(COOKIE);
            if (own.mayBeIn(cookies)) {
                head.set(COOKIE, own.without(cookies)); // removed if none is left
            }
        }
    }
}
