/**
 * The mechanisms by which clients prove who they are: tokens, passwords, keys, certificates, somebody who is asked, a login.
 * Spring Security's classes check what is signed or hashed; what was found good is remembered for a bounded time.
 */
@NullMarked
package io.velo.auth;

import org.jspecify.annotations.NullMarked;
