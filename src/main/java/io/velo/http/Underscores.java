package io.velo.http;

/** What becomes of fields whose names have an underscore: to CGI programs {@code X_User} and {@code X-User} are one. */
public enum Underscores {
    /** They are passed on. */
    ALLOW,
    /** They are left out. */
    DROP,
    /** The request is refused. */
    REJECT
}
