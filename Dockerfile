# syntax=docker/dockerfile:1
# Builds Velo and puts it on a Java runtime: docker build -t velo .
# For both kinds of machines: docker buildx build --platform linux/amd64,linux/arm64 -t velo .

# The jar is the same for all machines, so this machine builds it.
FROM --platform=$BUILDPLATFORM eclipse-temurin:25-jdk AS build
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


FROM eclipse-temurin:25-jre AS plain

# Nothing in here belongs to the user or is written to; /tmp is the only place that has to be writable.
# There is no application.yaml in it either: Spring would read that as configuration.
WORKDIR /opt/velo
# What changes seldom comes first.
COPY --from=build /build/extracted/dependencies/ ./
COPY --from=build /build/extracted/spring-boot-loader/ ./
COPY --from=build /build/extracted/snapshot-dependencies/ ./
COPY --from=build /build/extracted/application/ ./
COPY src/image/jvm.options ./


# Velo serves requests for some seconds, and the JVM writes down which classes it loaded and linked, and which code was hot. The
# cache fits this very JVM, these very files and these options, so it is made in the image that will use it.
FROM plain AS trained
COPY src/image/train.sh /tmp/
RUN /tmp/train.sh velo.jar jvm.options /opt/velo/velo.aot


FROM plain

COPY --from=trained /opt/velo/velo.aot ./

# By number, so that Kubernetes can tell that it isn't root.
USER 10001:10001

# Traffic, and health, meters and administration on a port of their own.
EXPOSE 8090 9090
# malloc keeps an arena for each thread otherwise, and gives little of it back.
ENV MANAGEMENT_SERVER_PORT=9090 \
    MALLOC_ARENA_MAX=2

# bash speaks TCP itself; the base has neither curl nor wget. Kubernetes has its own probes and ignores this one.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD [ "bash", "-c", "\
  exec 3<>/dev/tcp/127.0.0.1/$MANAGEMENT_SERVER_PORT && \
  printf 'GET /actuator/health/liveness HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && \
  read -r _ status _ <&3 && [ \"$status\" = 200 ]" ]

# Without a shell between, so that SIGTERM reaches Java: it takes no more connections, lets requests in flight finish for
# up to 30 seconds (spring.lifecycle.timeout-per-shutdown-phase), and ends. Docker's own patience is 10 s: docker stop -t 40.
STOPSIGNAL SIGTERM
# jvm.options says why each of them; a cache that doesn't fit, because you changed some, is left aside.
ENTRYPOINT [ "java", "@/opt/velo/jvm.options", "-XX:AOTCache=/opt/velo/velo.aot", "-jar", "velo.jar" ]

ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.title="Velo" \
      org.opencontainers.image.description="An HTTP load balancer on Spring Cloud Gateway" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25-jre" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
