package io.velo.config;

import io.netty.util.NetUtil;
import io.velo.wire.TrustedProxies;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Where operators may have Velo connect to while it runs, lest a stolen token make it ask what only it can reach. Names are
 * compared as they are written and not looked up.
 */
final class AllowedBackends implements Predicate<URI> {

    private static final List<String> METADATA = List.of("metadata", "metadata.google.internal", "instance-data");

    private final List<String> names;
    private final TrustedProxies networks;
    private final boolean any;

    /**
     * @param allowed networks (CIDR), hosts, and {@code *.domain}; if empty, everything but addresses that no backend has:
     *     link-local ones, at which clouds serve secrets, multicast and unspecified ones
     */
    AllowedBackends(List<String> allowed) {
        this.any = allowed.isEmpty();
        this.names = allowed.stream()
                .filter(each -> !ConfigRules.isNetwork(each))
                .map(each -> each.toLowerCase(Locale.ROOT))
                .toList();
        this.networks = new TrustedProxies(
                allowed.stream().filter(ConfigRules::isNetwork).toList());
    }

    @Override
    public boolean test(URI backend) {
        String host = String.valueOf(backend.getHost()).toLowerCase(Locale.ROOT).replaceAll("^\\[|\\]$", "");
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
        if (any) {
            return address == null ? isUsualName(host) : isUsual(address);
        }
        return address == null ? names.stream().anyMatch(name -> matches(name, host)) : networks.test(host);
    }

    /** Digits alone, hexadecimal ones too, are read as an address by some resolvers. */
    private static boolean isUsualName(String host) {
        return !METADATA.contains(host) && !host.matches("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*\\.?");
    }

    private static boolean isUsual(InetAddress address) {
        return !address.isLinkLocalAddress() && !address.isMulticastAddress() && !address.isAnyLocalAddress();
    }

    private static boolean matches(String name, String host) {
        return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
    }
}
