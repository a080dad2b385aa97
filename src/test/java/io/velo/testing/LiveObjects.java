package io.velo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;

/** Objects that something in this process still holds on to. A look costs a full collection. */
public final class LiveObjects {

    private LiveObjects() {}

    /** How many there are now of these classes together. */
    public static long count(String... classes) {
        try {
            Map<String, Long> counts = counts();
            return Arrays.stream(classes)
                    .mapToLong(each -> counts.getOrDefault(each, 0L))
                    .sum();
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many there are of each class, by its name; a line of the JVM's histogram has rank, count, bytes and class. */
    private static Map<String, Long> counts() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> counts = new HashMap<>();
        histogram.lines().map(line -> line.strip().split("\\s+")).forEach(columns -> {
            if (columns.length >= 4 && columns[1].matches("\\d+")) {
                counts.put(columns[3], Long.parseLong(columns[1]));
            }
        });
        assertThat(counts).as("the histogram has something").containsKey("java.lang.String");
        return counts;
    }
}
