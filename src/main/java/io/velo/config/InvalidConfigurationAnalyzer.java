package io.velo.config;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has Boot print what is wrong with the configuration instead of a stack trace. */
final class InvalidConfigurationAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigurationException cause) {
        String description = cause.problems().stream()
                .map(problem -> "  " + problem)
                .collect(Collectors.joining("\n", "The configuration is wrong:\n\n", ""));
        return new FailureAnalysis(
                description, "Correct the file, variable or flag; --check-config shows the outcome at once.", cause);
    }
}
