package io.velo.probe;

import java.util.OptionalInt;

/**
 * What an answer to a probe says.
 *
 * @param passed whether it is the expected one
 * @param status of HTTP, empty if there was no answer
 * @param detail for people
 */
record Finding(boolean passed, OptionalInt status, String detail) {}
