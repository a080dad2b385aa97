package io.velo;

import io.velo.config.CommandLine;
import io.velo.demo.DemoCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.annotation.ComponentScan;

/**
 * Velo, the load balancer. {@code velo.jar demo-backend PORT} starts a backend to try it on. Only classes named ...Configuration
 * are looked through for beans: to read all of them would take a twentieth of the start.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ComponentScan(resourcePattern = "**/*Configuration.class")
public class VeloApplication {

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(DemoCommand.NAME)) {
            DemoCommand.run(Arrays.asList(args).subList(1, args.length));
            return;
        }
        CommandLine command = CommandLine.of(args);
        if (command.exitCode().isPresent()) {
            System.exit(command.exitCode().getAsInt());
        }
        SpringApplication.run(VeloApplication.class, command.springArguments());
    }
}
