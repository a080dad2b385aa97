package io.velo.limit;

import java.util.Locale;

/**
 * What of an address is one client's: all of an IPv4 address, the first 64 bits of an IPv6 address, since whoever has one
 * such address has the 2^64 beside it.
 */
public final class ClientNetwork {

    private static final int GROUPS = 8;
    private static final int KEPT = 4;
    private static final String MAPPED = "::ffff:";

    private ClientNetwork() {}

    /** The network of an address as text; text that is no address is its own. */
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String plain = address.toLowerCase(Locale.ROOT);
        if (plain.startsWith(MAPPED) && plain.indexOf('.') > 0) {
            return plain.substring(MAPPED.length());
        }
        String[] halves = withoutZone(plain).split("::", -1);
        if (halves.length > 2) {
            return address;
        }
        String[] before = groups(halves[0]);
        String[] after = halves.length == 1 ? new String[0] : groups(halves[1]);
        int gap = GROUPS - before.length - after.length;
        boolean whole = halves.length == 1 ? gap == 0 : gap >= 1;
        return whole && areGroups(before) && areGroups(after) ? network(before, gap, after) : address;
    }

    private static boolean areGroups(String... texts) {
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.digit(text.charAt(i), 16) < 0 && text.charAt(i) != '.') {
                    return false;
                }
            }
            if (text.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static String[] groups(String half) {
        return half.isEmpty() ? new String[0] : half.split(":", -1);
    }

    private static String network(String[] before, int gap, String... after) {
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < KEPT; i++) {
            String group =
                    i < before.length ? before[i] : i < before.length + gap ? "0" : after[i - before.length - gap];
            String digits = group.replaceFirst("^0+(?=.)", "");
            network.append(digits).append(':');
        }
        return network.append(":/64").toString();
    }
}
