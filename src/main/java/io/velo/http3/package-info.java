/**
 * HTTP/3 for clients: a second server beside the one for TCP, with the same certificate and the same routes, on the lane of the
 * gateway; and the field by which clients of the first one find out.
 */
@NullMarked
package io.velo.http3;

import org.jspecify.annotations.NullMarked;
