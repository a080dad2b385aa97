package io.velo.auth;

import java.time.Duration;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Has a provider exchange a code for tokens, by Spring Security's client. What it answers is bounded in time and size. */
final class CodeExchange {

    private final WebClientReactiveAuthorizationCodeTokenResponseClient client =
            new WebClientReactiveAuthorizationCodeTokenResponseClient();
    private final Duration timeout;

    CodeExchange(WebClient web, Duration timeout) {
        this.timeout = timeout;
        client.setWebClient(web.mutate()
                .filter((request, next) -> next.exchange(request).flatMap(CodeExchange::answered))
                .build());
    }

    /** Otherwise a provider that fails would look like one that refuses. */
    private static Mono<ClientResponse> answered(ClientResponse response) {
        return response.statusCode().is5xxServerError()
                ? response.releaseBody()
                        .then(Mono.error(new IllegalStateException("it answers with status " + response.statusCode())))
                : Mono.just(response);
    }

    /** The token that says who it is; fails by an {@link OAuth2AuthorizationException} if the provider gives none. */
    Mono<String> idToken(ClientRegistration registration, OAuth2AuthorizationRequest asked, String code) {
        OAuth2AuthorizationResponse answer = OAuth2AuthorizationResponse.success(code)
                .redirectUri(String.valueOf(asked.getRedirectUri()))
                .state(String.valueOf(asked.getState()))
                .build();
        return client.getTokenResponse(new OAuth2AuthorizationCodeGrantRequest(
                        registration, new OAuth2AuthorizationExchange(asked, answer)))
                .map(CodeExchange::idTokenOf)
                .timeout(timeout);
    }

    private static String idTokenOf(OAuth2AccessTokenResponse tokens) {
        if (tokens.getAdditionalParameters().get("id_token") instanceof String token) {
            return token;
        }
        throw new OAuth2AuthorizationException(new OAuth2Error("invalid_id_token", "there is none", null));
    }
}
