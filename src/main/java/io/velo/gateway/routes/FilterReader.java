package io.velo.gateway.routes;

import io.velo.gateway.routes.Reading.GatewayOnly;
import io.velo.gateway.routes.Reading.Known;
import io.velo.route.FieldEdit;
import io.velo.route.FieldEdit.Action;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.AddRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.AddResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.PrefixPathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.PreserveHostHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RemoveRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RemoveResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RewritePathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetPathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.StripPrefixGatewayFilterFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;

/**
 * Reads the filters of a definition. The arguments are bound by the gateway's own service for the gateway's own factory, so
 * that they mean the same; a factory of another class is not understood, whatever its name.
 */
final class FilterReader {

    private final ConfigurationService arguments;
    private final Map<String, GatewayFilterFactory<?>> factories = new HashMap<>();
    private final Map<String, Function<FilterDefinition, Reading<UnaryOperator<EditDraft>>>> readers = new HashMap<>();

    /**
     * @param factories the gateway's, in its order; of two with one name the last counts, as there
     */
    FilterReader(List<GatewayFilterFactory<?>> factories, ConfigurationService arguments) {
        this.arguments = arguments;
        factories.forEach(factory -> this.factories.put(factory.name(), factory));
        knowPaths();
        knowFields();
    }

    private void knowPaths() {
        know(StripPrefixGatewayFilterFactory.class, (StripPrefixGatewayFilterFactory.Config config) -> {
            UnaryOperator<String> strip = PathEdits.strip(config.getParts());
            return draft -> draft.path(strip);
        });
        know(PrefixPathGatewayFilterFactory.class, (PrefixPathGatewayFilterFactory.Config config) -> {
            UnaryOperator<String> prefix = PathEdits.prefix(given(config.getPrefix()));
            return draft -> draft.prefix(prefix);
        });
        know(SetPathGatewayFilterFactory.class, (SetPathGatewayFilterFactory.Config config) -> {
            UnaryOperator<String> set = PathEdits.set(given(config.getTemplate()));
            return draft -> draft.path(set);
        });
        know(RewritePathGatewayFilterFactory.class, (RewritePathGatewayFilterFactory.Config config) -> {
            UnaryOperator<String> rewrite =
                    PathEdits.rewrite(given(config.getRegexp()), given(config.getReplacement()));
            return draft -> draft.path(rewrite);
        });
    }

    private void knowFields() {
        know(AddRequestHeaderGatewayFilterFactory.class, config -> request(FieldEdits.of(Action.ADD, config)));
        know(SetRequestHeaderGatewayFilterFactory.class, config -> request(FieldEdits.of(Action.SET, config)));
        know(RemoveRequestHeaderGatewayFilterFactory.class, config -> request(FieldEdits.removal(config.getName())));
        know(AddResponseHeaderGatewayFilterFactory.class, config -> answer(FieldEdits.of(Action.ADD, config)));
        know(SetResponseHeaderGatewayFilterFactory.class, config -> answer(FieldEdits.of(Action.SET, config)));
        know(RemoveResponseHeaderGatewayFilterFactory.class, config -> answer(FieldEdits.removal(config.getName())));
        know(PreserveHostHeaderGatewayFilterFactory.class, config -> EditDraft::preserveHost);
    }

    private static UnaryOperator<EditDraft> request(FieldEdit edit) {
        return draft -> draft.request(edit);
    }

    private static UnaryOperator<EditDraft> answer(FieldEdit edit) {
        return draft -> draft.answer(edit);
    }

    private static String given(@Nullable String argument) {
        return Objects.requireNonNull(argument);
    }

    private <C, F extends AbstractGatewayFilterFactory<C>> void know(
            Class<F> type, Function<C, UnaryOperator<EditDraft>> edit) {
        factories.forEach((name, factory) -> {
            if (factory.getClass() == type) {
                readers.put(name, definition -> read(type.cast(factory), definition, edit));
            }
        });
    }

    private <C, F extends AbstractGatewayFilterFactory<C>> Reading<UnaryOperator<EditDraft>> read(
            F factory, FilterDefinition definition, Function<C, UnaryOperator<EditDraft>> edit) {
        C config = arguments
                .<C, F>with(factory)
                .name(definition.getName())
                .properties(definition.getArgs())
                .bind();
        return new Known<>(factory.apply(config).toString(), edit.apply(config));
    }

    /** What a filter comes to. */
    Reading<UnaryOperator<EditDraft>> read(FilterDefinition definition) {
        Function<FilterDefinition, Reading<UnaryOperator<EditDraft>>> reader = readers.get(definition.getName());
        if (reader == null) {
            return gatewayOnly(definition, "is for the gateway alone");
        }
        try {
            return reader.apply(definition);
        } catch (RuntimeException unread) {
            return gatewayOnly(definition, "is for the gateway alone: " + unread.getMessage());
        }
    }

    private static Reading<UnaryOperator<EditDraft>> gatewayOnly(FilterDefinition definition, String why) {
        return new GatewayOnly<>("filter " + definition.getName() + " " + why);
    }
}
