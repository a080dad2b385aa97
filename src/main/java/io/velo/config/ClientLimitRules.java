package io.velo.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** What must hold of what clients and operators may do. */
final class ClientLimitRules {

    private static final int MOST_CONNECTIONS = 10_000_000;
    private static final int MOST_FIELDS = 10_000;

    private final Violations violations;

    ClientLimitRules(Violations violations) {
        this.violations = violations;
    }

    void check(LbProperties global) {
        ClientProperties client = global.client();
        violations.positive("lb.client.header-timeout", client.headerTimeout());
        violations.positive("lb.client.body-timeout", client.bodyTimeout());
        violations.positive("lb.client.idle-timeout", client.idleTimeout());
        violations.positive("lb.client.write-timeout", client.writeTimeout());
        notNegative("lb.client.min-rate", client.minRate());
        notNegative("lb.client.max-body", client.maxBody());
        violations.between("lb.client.max-fields", client.maxFields(), 1, MOST_FIELDS);
        violations.between("lb.client.max-connections", client.maxConnections(), 0, MOST_CONNECTIONS);
        violations.between(
                "lb.client.max-connections-per-address", client.maxConnectionsPerAddress(), 0, MOST_CONNECTIONS);
        checkTerms(global.routeTerms());
        checkAllowed(global.admin().backends());
        checkReaders(global.admin().readers());
        checkOverload(global.overload());
    }

    private void checkOverload(OverloadProperties overload) {
        violations.notNegative("lb.overload.max-lag", overload.maxLag());
        violations.between("lb.overload.max-memory", overload.maxMemory(), 0, 1);
        violations.unless(
                overload.priorityHeader().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]*"),
                "lb.overload.priority-header",
                overload.priorityHeader(),
                "must be the name of a field");
    }

    private void checkTerms(List<LbProperties.RouteTerm> terms) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < terms.size(); i++) {
            String at = "lb.route-terms[" + i + "]";
            String id = terms.get(i).id();
            violations.unless(!id.isEmpty(), at + ".id", id, "must be the id of a route");
            violations.unless(ids.add(id), at + ".id", id, "another entry has this id");
            DataSize most = terms.get(i).maxBody();
            if (most != null) {
                notNegative(at + ".max-body", most);
            }
        }
    }

    private void notNegative(String key, DataSize size) {
        violations.unless(size.toBytes() >= 0, key, size, "must be at least 0B");
    }

    private void checkAllowed(List<String> allowed) {
        for (int i = 0; i < allowed.size(); i++) {
            String each = allowed.get(i);
            violations.unless(
                    each.matches("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?") || ConfigRules.isNetwork(each),
                    "lb.admin.backends[" + i + "]",
                    each,
                    "must be a host, *.domain, an address or a CIDR network");
        }
    }

    private void checkReaders(List<String> readers) {
        for (int i = 0; i < readers.size(); i++) {
            String each = readers.get(i);
            violations.unless(ConfigRules.isNetwork(each), "lb.admin.readers[" + i + "]", each, ConfigRules.NETWORK);
        }
    }
}
