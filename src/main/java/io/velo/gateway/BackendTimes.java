package io.velo.gateway;

import java.time.Duration;

/**
 * How long one attempt may take.
 *
 * @param response from the end of the request to the head of the answer
 * @param attempt from the choice of the backend to the head of the answer; zero for no bound
 */
record BackendTimes(Duration response, Duration attempt) {}
