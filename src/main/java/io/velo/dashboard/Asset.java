package io.velo.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;

/**
 * A file of the page, read once.
 *
 * @param tag changes with the content
 */
record Asset(Resource content, MediaType type, String tag) {

    private static final int TAG_BYTES = 8;

    /**
     * Reads it.
     *
     * @throws UncheckedIOException if there is no such file
     */
    static Asset of(Resource file, MediaType type) {
        try {
            byte[] bytes = file.getContentAsByteArray();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Asset(new ByteArrayResource(bytes), type, HexFormat.of().formatHex(digest, 0, TAG_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException("the dashboard lacks " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
