package io.velo.config;

import java.util.List;
import java.util.Map;

/**
 * A configuration that was read and found right.
 *
 * @param global what concerns all pools
 * @param pools each pool's own, by name; the default pool is among them
 * @param unknownVariables {@code LB_*} variables that mean nothing here
 */
record VeloConfig(LbProperties global, Map<String, PoolProperties> pools, List<String> unknownVariables) {}
