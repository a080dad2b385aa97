/**
 * A line for each request of a client, when it is over. The event loops hand records over and never wait; formatting and
 * writing happen on a thread of their own, by Logback's appenders.
 */
@NullMarked
package io.velo.accesslog;

import org.jspecify.annotations.NullMarked;
