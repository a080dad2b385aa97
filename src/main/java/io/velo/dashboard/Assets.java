package io.velo.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;

/** The files of the page by name, those of the chart library among them. Nothing else of the class path is ever served. */
final class Assets {

    static final String PAGE = "index.html";

    private static final List<String> OWN = List.of(
            PAGE,
            "dashboard.css",
            "icon.svg",
            "main.js",
            "feed.js",
            "overview.js",
            "beside.js",
            "table.js",
            "charts.js",
            "events.js",
            "actions.js",
            "form.js",
            "format.js");

    /** Of the WebJar, in whatever version. */
    private static final Map<String, String> CHARTS = Map.of("uplot.js", "uPlot.esm.js", "uplot.css", "uPlot.min.css");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> byName = new LinkedHashMap<>();

    Assets() {
        OWN.forEach(name -> add(name, new ClassPathResource("dashboard/" + name)));
        CHARTS.forEach((name, file) -> add(name, inWebJar(file)));
    }

    private void add(String name, Resource file) {
        String type = TYPES.getOrDefault(StringUtils.getFilenameExtension(name), "application/octet-stream");
        byName.put(name, Asset.of(file, MediaType.parseMediaType(type)));
    }

    private static Resource inWebJar(String file) {
        String pattern = "classpath*:META-INF/resources/webjars/uplot/*/dist/" + file;
        try {
            Resource[] found = new PathMatchingResourcePatternResolver().getResources(pattern);
            if (found.length == 0) {
                throw new IllegalStateException("the dashboard lacks " + pattern);
            }
            return found[0];
        } catch (IOException e) {
            throw new UncheckedIOException("the dashboard cannot read " + pattern, e);
        }
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Their names. */
    List<String> names() {
        return List.copyOf(byName.keySet());
    }
}
