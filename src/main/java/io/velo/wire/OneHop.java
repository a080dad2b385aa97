package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;

/**
 * Takes out of a head what is meant for one connection only (RFC 9110 section 7.6.1): the fields that {@code Connection}
 * names, and those that belong to one hop whether named or not. Runs before Velo adds anything of its own, so that nobody can
 * name that away.
 */
public final class OneHop {

    private static final List<AsciiString> FIELDS = List.of(
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            AsciiString.cached("http2-settings"),
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.PROXY_AUTHORIZATION,
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER);

    /** For everybody on the way; to name them makes no sense. */
    private static final List<AsciiString> END_TO_END =
            List.of(HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.TRANSFER_ENCODING);

    private OneHop() {}

    /** Leaves of {@code Connection} only whether to close or to keep; and {@code upgrade}, if it may stay. */
    public static void strip(HttpHeaders fields, boolean upgradeMayStay) {
        if (fields.contains(HttpHeaderNames.CONNECTION)) {
            stripNamed(fields, upgradeMayStay);
        } else if (fields.contains(HttpHeaderNames.UPGRADE)) {
            fields.remove(HttpHeaderNames.UPGRADE);
        }
        for (int i = 0; i < FIELDS.size(); i++) {
            fields.remove(FIELDS.get(i));
        }
    }

    private static void stripNamed(HttpHeaders fields, boolean upgradeMayStay) {
        if (saysOnly(fields, HttpHeaderValues.KEEP_ALIVE) || saysOnly(fields, HttpHeaderValues.CLOSE)) {
            fields.remove(HttpHeaderNames.UPGRADE);
            return; // as most do: nothing is named, and what is said stays
        }
        boolean closes = false;
        boolean keeps = false;
        boolean upgrades = false;
        for (String value : fields.getAll(HttpHeaderNames.CONNECTION)) {
            for (String option : value.split(",", -1)) {
                String name = option.strip();
                closes |= HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(name);
                keeps |= HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(name);
                upgrades |= HttpHeaderValues.UPGRADE.contentEqualsIgnoreCase(name);
                removeNamed(fields, name);
            }
        }
        if (!upgrades || !upgradeMayStay) {
            fields.remove(HttpHeaderNames.UPGRADE);
        }
        if (closes) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (upgrades && upgradeMayStay) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else if (keeps) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        } else {
            fields.remove(HttpHeaderNames.CONNECTION);
        }
    }

    private static boolean saysOnly(HttpHeaders fields, AsciiString option) {
        Iterator<? extends CharSequence> values = fields.valueCharSequenceIterator(HttpHeaderNames.CONNECTION);
        return option.contentEquals(values.next()) && !values.hasNext();
    }

    private static void removeNamed(HttpHeaders fields, String name) {
        boolean stays = name.isEmpty()
                || HttpHeaderNames.CONNECTION.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.UPGRADE.contentEqualsIgnoreCase(name)
                || END_TO_END.stream().anyMatch(each -> each.contentEqualsIgnoreCase(name));
        if (!stays) {
            fields.remove(name);
        }
    }
}
