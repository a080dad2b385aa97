# Builds Velo and puts it on a Java runtime: docker build -t velo .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /build

# mvnw downloads Maven with it; the base has neither curl nor wget.
RUN command -v mvn || command -v curl || { \
      apt-get update && \
      apt-get install -y --no-install-recommends curl && \
      rm -rf /var/lib/apt/lists/*; }

# What Maven downloads stays in a layer of its own until the pom changes.
COPY mvnw pom.xml ./
COPY .mvn .mvn
RUN ./mvnw -B -ntp dependency:go-offline

# No tests in here, so that a change to one of them builds nothing anew.
COPY src/main src/main
RUN ./mvnw -B -ntp -DskipTests package && \
    java -Djarmode=tools -jar target/velo.jar extract --layers --destination extracted


FROM eclipse-temurin:25-jre

# Nothing in here belongs to the user or is written to; /tmp is the only place that has to be writable.
# There is no application.yaml in it either: Spring would read that as configuration.
WORKDIR /opt/velo
# What changes seldom comes first.
COPY --from=build /build/extracted/dependencies/ ./
COPY --from=build /build/extracted/spring-boot-loader/ ./
COPY --from=build /build/extracted/snapshot-dependencies/ ./
COPY --from=build /build/extracted/application/ ./

# By number, so that Kubernetes can tell that it isn't root.
USER 10001:10001

# Traffic, and health, meters and administration on a port of their own.
EXPOSE 8090 9090
ENV MANAGEMENT_SERVER_PORT=9090

# bash speaks TCP itself; the base has neither curl nor wget. Kubernetes has its own probes and ignores this one.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD [ "bash", "-c", "\
  exec 3<>/dev/tcp/127.0.0.1/$MANAGEMENT_SERVER_PORT && \
  printf 'GET /actuator/health/liveness HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && \
  read -r _ status _ <&3 && [ \"$status\" = 200 ]" ]

# Without a shell between, so that SIGTERM reaches Java. Half of the memory for the heap: the buffers of the network lie
# outside and may take as much again. More options, such as -Xmx, go into JAVA_TOOL_OPTIONS.
ENTRYPOINT [ "java", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "-jar", "velo.jar" ]

ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.title="Velo" \
      org.opencontainers.image.description="An HTTP load balancer on Spring Cloud Gateway" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
