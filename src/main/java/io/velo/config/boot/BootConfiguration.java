package io.velo.config.boot;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * What Spring Boot and Spring Cloud set up by themselves. Stands in a package of its own because Boot reads all classes of the
 * package that asks for it, in search of Jackson's mix-ins: with all of Velo's, that was a twentieth of the start. What Velo
 * could do without is named in {@code spring.autoconfigure.exclude}, which its users can change.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(excludeName = "org.springframework.cloud.autoconfigure.RefreshEndpointAutoConfiguration")
class BootConfiguration {}
