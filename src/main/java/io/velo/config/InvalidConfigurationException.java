package io.velo.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong, for these reasons. Velo doesn't start on it. */
public final class InvalidConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    public InvalidConfigurationException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong; never empty. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
