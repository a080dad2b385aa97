package io.velo.gateway.routes;

import io.velo.http.RequestTarget;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriTemplate;

/**
 * What the gateway's filters do to a raw path. Each of them makes a URI of what comes out, and the request fails if that
 * isn't one; here the edit fails then, with an {@link IllegalArgumentException}.
 */
final class PathEdits {

    private PathEdits() {}

    static UnaryOperator<String> strip(int parts) {
        return path -> {
            String[] segments = StringUtils.tokenizeToStringArray(path, "/");
            StringBuilder left = new StringBuilder("/");
            for (int i = Math.max(parts, 0); i < segments.length; i++) {
                left.append(left.length() > 1 ? "/" : "").append(segments[i]);
            }
            return left.length() > 1 && path.endsWith("/") ? left.append('/').toString() : left.toString();
        };
    }

    static UnaryOperator<String> prefix(String prefix) {
        String fixed = fixed(prefix);
        return path -> fixed + path;
    }

    static UnaryOperator<String> set(String template) {
        String fixed = legal(fixed(template));
        return path -> fixed;
    }

    /** A text without variables, as the gateway puts it into a path. */
    private static String fixed(String template) {
        if (template.indexOf('{') >= 0) {
            throw new IllegalArgumentException("it is a template");
        }
        String path = new UriTemplate(template).expand(Map.of()).getRawPath();
        if (path == null) {
            throw new IllegalArgumentException("it is no path");
        }
        return path.isEmpty() ? "" : legal(path);
    }

    static UnaryOperator<String> rewrite(String regexp, String replacement) {
        Pattern pattern = Pattern.compile(regexp);
        String escaped = replacement.replace("$\\", "$");
        // an empty match of the same groups, to find out now whether the replacement names others
        String tried = Pattern.compile("|" + regexp).matcher("").replaceAll(escaped);
        if (tried.indexOf('?') >= 0 || tried.indexOf('#') >= 0) {
            throw new IllegalArgumentException("it puts more than a path in the place of the path");
        }
        return path -> legal(pattern.matcher(path).replaceAll(escaped));
    }

    private static String legal(String path) {
        boolean legal = path.startsWith("/")
                && path.indexOf('?') < 0
                && RequestTarget.acceptable(path)
                && RequestTarget.readable(path).equals(path);
        if (!legal) {
            throw new IllegalArgumentException("no legal path: " + path);
        }
        return path;
    }
}
