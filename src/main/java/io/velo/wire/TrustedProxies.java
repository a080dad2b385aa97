package io.velo.wire;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;

/** Whether an address lies in one of some networks. Text that is no address lies in none. */
public final class TrustedProxies implements Predicate<String> {

    private final List<IpSubnetFilterRule> networks;

    /**
     * @param cidrs addresses with or without a prefix length
     * @throws IllegalArgumentException if one is neither
     */
    public TrustedProxies(List<String> cidrs) {
        this.networks = cidrs.stream().map(TrustedProxies::network).toList();
    }

    private static IpSubnetFilterRule network(String cidr) {
        int slash = cidr.indexOf('/');
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(slash < 0 ? cidr : cidr.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("'" + cidr + "' is not an IP address or network");
        }
        int whole = address.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? whole : Integer.parseInt(cidr.substring(slash + 1));
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    @Override
    public boolean test(String text) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null) {
            return false;
        }
        InetSocketAddress endpoint = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(endpoint));
    }
}
