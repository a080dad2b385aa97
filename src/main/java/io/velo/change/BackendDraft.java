package io.velo.change;

import java.util.Optional;

/**
 * What an operator says of a backend. What is left out stays as it was, or is as a file would have it that leaves it out.
 *
 * @param id its name; needed to change one, made from the URL to add one
 * @param url http, https or h2c with host and port; only to add one
 * @param weight share of the traffic
 * @param maxInFlight most requests at once, 0 for no limit
 * @param zone where it stands
 * @param priority 0 for the best; the next one serves when too few of this one are eligible
 */
public record BackendDraft(
        Optional<String> id,
        Optional<String> url,
        Optional<Integer> weight,
        Optional<Integer> maxInFlight,
        Optional<String> zone,
        Optional<Integer> priority) {}
