package io.velo;

import io.velo.config.CommandLine;
import io.velo.demo.DemoCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Velo, the load balancer. {@code velo.jar demo-backend PORT} starts a backend to try it on. */
@SpringBootApplication(excludeName = "org.springframework.cloud.autoconfigure.RefreshEndpointAutoConfiguration")
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
