package io.velo.config;

import io.velo.route.Priority;
import io.velo.route.RouteTerms;
import io.velo.route.TermsByRoute;
import io.velo.wire.ClientRules;
import io.velo.wire.ClientTimes;
import java.util.HashMap;
import java.util.Map;
import org.springframework.util.unit.DataSize;

/** Turns what was found right of clients and routes into what the packages that own it take. */
final class ClientSettings {

    private ClientSettings() {}

    static ClientRules rules(ClientProperties client) {
        ClientTimes times = new ClientTimes(
                client.headerTimeout(),
                client.bodyTimeout(),
                client.idleTimeout(),
                client.writeTimeout(),
                client.minRate().toBytes());
        return new ClientRules(
                times, client.maxFields(), client.paths(), client.underscores(), client.securityHeaders());
    }

    static void swap(TermsByRoute terms, LbProperties global) {
        DataSize usual = global.client().maxBody();
        Map<String, RouteTerms> own = new HashMap<>();
        global.routeTerms().forEach(each -> own.put(each.id(), terms(each, usual)));
        terms.swap(own, new RouteTerms(usual.toBytes(), Priority.NORMAL));
    }

    private static RouteTerms terms(LbProperties.RouteTerm terms, DataSize usual) {
        DataSize most = terms.maxBody();
        return new RouteTerms((most == null ? usual : most).toBytes(), terms.priority());
    }
}
