package io.velo.proxyprotocol;

/** What stands before the first byte of a connection to a backend. */
public enum ProxyProtocol {
    /** Nothing. */
    NONE,
    /** Whose the connection is, as a line of text. */
    V1,
    /** The same in bytes. */
    V2
}
