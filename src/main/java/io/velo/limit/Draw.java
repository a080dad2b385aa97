package io.velo.limit;

/**
 * One token to be taken.
 *
 * @param bucket name of the bucket, the same on all instances
 * @param rate how the bucket fills
 */
public record Draw(String bucket, Rate rate) {}
