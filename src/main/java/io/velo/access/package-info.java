/**
 * Who may pass: rules by path, host and route, what they ask for, and the one judgement that both lanes go by. How a
 * credential is proven is the matter of others, behind {@link io.velo.access.Authenticator}.
 */
@NullMarked
package io.velo.access;

import org.jspecify.annotations.NullMarked;
