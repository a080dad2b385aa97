package io.velo.wire;

import io.velo.http.PathChoice;
import io.velo.http.Underscores;

/**
 * What clients may do.
 *
 * @param times how long they may take
 * @param maxFields most fields in a head
 * @param paths what becomes of paths that can be read in more than one way
 * @param underscores what becomes of fields whose names have one
 * @param securityHeaders whether answers get the fields that tell browsers to be careful
 */
public record ClientRules(
        ClientTimes times, int maxFields, PathChoice paths, Underscores underscores, boolean securityHeaders) {}
