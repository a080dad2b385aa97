package io.velo.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The values of the chart: few, and each of them explained where people look. */
class HelmChartValuesTest {

    private static final VeloChart CHART = new VeloChart();

    /** What is inside of these is the user's own. */
    private static final Set<String> WHOLE = Set.of("config", "resources", "monitoring.dashboardLabels");

    private static final List<String> KEYS = keys("", StrictManifests.yaml(CHART.file("values.yaml")));

    @Test
    void areFew() {
        assertThat(KEYS).hasSizeBetween(30, 66);
    }

    @Test
    void areAllInTheTableOfTheReadmeAndNoOthers() {
        List<String> documented = Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\|")
                .matcher(CHART.file("README.md"))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(documented).containsExactlyElementsOf(KEYS);
    }

    @Test
    void areAllDescribedInTheSchema() {
        Map<?, ?> schema = StrictManifests.yaml(CHART.file("values.schema.json"));

        assertThat(KEYS).allSatisfy(key -> {
            Map<?, ?> at = schema;
            for (String part : key.split("\\.")) {
                at = (Map<?, ?>) ((Map<?, ?>) at.get("properties")).get(part);
                assertThat(at).as(key).isNotNull();
            }
            assertThat((String) at.get("description")).as(key).isNotBlank();
        });
    }

    private static List<String> keys(String prefix, Map<?, ?> values) {
        List<String> keys = new ArrayList<>();
        values.forEach((name, value) -> {
            String key = prefix + name;
            if (value instanceof Map<?, ?> map && !map.isEmpty() && !WHOLE.contains(key)) {
                keys.addAll(keys(key + ".", map));
            } else {
                keys.add(key);
            }
        });
        return keys;
    }
}
