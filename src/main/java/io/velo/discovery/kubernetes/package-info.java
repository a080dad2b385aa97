/**
 * Finds backends by the EndpointSlices of Kubernetes' services. Nothing of its client is loaded before a pool names such a
 * service.
 */
@NullMarked
package io.velo.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
