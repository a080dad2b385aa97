package io.velo.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When requests are turned away because this process has too much to do.
 *
 * @param maxLag how late an event loop may be; 0s for as late as it likes
 * @param maxMemory how full heap, after collections, and direct memory may be, 0 to 1; 0 for as full as they like
 * @param priorityHeader field in which trusted proxies say how urgent a request is: low, normal or high; none if empty
 */
public record OverloadProperties(
        @DefaultValue("0s") Duration maxLag,
        @DefaultValue("0.95") double maxMemory,
        @DefaultValue("") String priorityHeader) {}
