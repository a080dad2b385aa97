"""The proxies: how each is configured for a case, and the command that starts it."""
import json
from dataclasses import dataclass, field
from pathlib import Path

from velobench import certificate, tokens

CONF = Path(__file__).resolve().parent.parent / "conf"
TARGET = CONF.parent / "target"
STOCK_JAR = CONF.parent / "stock-gateway/target/stock-gateway.jar"

PEERS = ("nginx", "haproxy", "caddy", "go", "stock-gateway")

# What a lane adds to Velo's defaults, {work} being a folder for it, {target} the one of all. A new lane is a line here; what
# follows a + is something switched on besides, that is measured only when asked for.
LANES = {
    "express": [],
    "express+log": ["--lb.access-log.enabled=true", "--lb.access-log.file={work}/access.log"],
    "express+jdk": ["--lb.tls.provider=jdk"],
    "express+jwt": ["--lb.auth.rules[0].any-of=jwt", "--lb.auth.jwt.public-key-location={target}/token-key.pem"],
    "gateway": ["--lb.express.enabled=false"],
}

# How the peers call Velo's strategies; who has no word for one is left out.
NGINX_BALANCE = {"roundrobin": "", "leastconnection": "least_conn;", "p2c": "random two least_conn;", "random": "random;",
                 "hash": "hash $remote_addr consistent;"}
HAPROXY_BALANCE = {"roundrobin": "roundrobin", "leastconnection": "leastconn", "p2c": "random(2)", "random": "random(1)",
                   "hash": "source\n  hash-type consistent"}
CADDY_BALANCE = {"roundrobin": "round_robin", "leastconnection": "least_conn", "p2c": "random_choose 2",
                 "random": "random", "hash": "ip_hash"}


@dataclass(frozen=True)
class Case:
    """What is varied beside the proxy. 0 routes means one that takes everything."""

    label: str = ""
    routes: int = 0
    backends: int = 3
    strategy: str = "roundrobin"
    aot: bool = False
    tls: bool = False


@dataclass
class Site:
    """Where and for what one proxy is set up."""

    port: int
    work: Path
    backends: list  # of "address:port"
    case: Case
    connections: int  # that it must be able to hold
    java: list = field(default_factory=list)  # the command and its flags
    jar: Path = None
    velo_args: list = field(default_factory=list)

    def write(self, name, text):
        file = self.work / name
        file.write_text(text)
        return str(file)

    def fill(self, name, **values):
        """Writes a file of conf/, each @NAME@ in it replaced."""
        text = (CONF / name).read_text()
        for key, value in {"WORK": self.work, "PORT": self.port, **values}.items():
            text = text.replace(f"@{key}@", str(value))
        return self.write(name, text)


def route(number):
    """The path under which a route is asked for; the backends answer it without rewriting."""
    return f"/svc-{number:05}"


def routes(case):
    return [route(number) for number in range(1, case.routes + 1)]


def nginx(site):
    case = site.case
    key, shown, _ = certificate.make(site.work.parent) if case.tls else ("", "", "")
    paths = [path + "/" for path in routes(case)] or ["/"]
    config = site.fill(
        "nginx.conf",
        TLS=" ssl" if case.tls else "",
        CERTIFICATE=f"    ssl_certificate {shown}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;\n"
                    "    ssl_session_cache shared:tls:10m;" if case.tls else "",
        BALANCE=NGINX_BALANCE[case.strategy],
        SERVERS=" ".join(f"server {backend};" for backend in site.backends),
        KEEPALIVE=max(1024, 2 * len(site.backends)),
        LOCATIONS="\n".join(f"    location {path} {{ proxy_pass http://backends; }}" for path in paths))
    return ["nginx", "-e", str(site.work / "error.log"), "-c", config]


def haproxy(site):
    case = site.case
    site.write("routes.map", "".join(f"{path[1:]} backends\n" for path in routes(case)))
    config = site.fill(
        "haproxy.cfg",
        TLS=f" ssl crt {certificate.make(site.work.parent)[2]} ssl-min-ver TLSv1.2" if case.tls else "",
        BALANCE=HAPROXY_BALANCE[case.strategy],
        SERVERS="\n".join(f"  server b{index} {backend}" for index, backend in enumerate(site.backends, 1)),
        MAXCONN=site.connections,
        ROUTES=f"use_backend %[path,field(2,/),map_str({site.work}/routes.map)]" if case.routes
        else "default_backend backends")
    return ["haproxy", "-db", "-f", config]


def caddy(site):
    case = site.case
    config = site.fill(
        "Caddyfile",
        BALANCE=CADDY_BALANCE[case.strategy],
        BACKENDS=" ".join(site.backends),
        MATCHER="@known" if case.routes else "",
        ROUTES="@known path " + " ".join(path + "/*" for path in routes(case)) if case.routes else "")
    home = [f"{name}={site.work}" for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")]
    return ["env", *home, "caddy", "run", "--adapter", "caddyfile", "--config", config]


def go(site):
    return [str(TARGET / "goproxy"), "-listen", f"127.0.0.1:{site.port}", "-routes", str(site.case.routes),
            *(f"http://{backend}" for backend in site.backends)]


def gateway_routes(case, pool):
    """The gateway's routes, as it reads them, or none for the defaults of the configuration."""
    listed = [{"id": path[1:], "uri": f"lb://{pool}", "predicates": [f"Path={path}/**"]} for path in routes(case)]
    return {"gateway": {"server": {"webflux": {"routes": listed}}}} if listed else {}


def stock_gateway(site):
    instances = [{"uri": f"http://{backend}"} for backend in site.backends]
    cloud = {"discovery": {"client": {"simple": {"instances": {"backends": instances}}}},
             **gateway_routes(site.case, "backends")}
    config = site.write("gateway.yaml", json.dumps({"spring": {"cloud": cloud}}))  # JSON is YAML
    return [*site.java, "-jar", str(site.jar), "--server.address=127.0.0.1", f"--server.port={site.port}",
            f"--spring.config.additional-location=file:{config}"]


def velo(lane):
    def command(site):
        pool = {"strategy": site.case.strategy, "backends": [f"http://{backend}" for backend in site.backends]}
        server = {"address": "127.0.0.1", "port": site.port}
        cloud = gateway_routes(site.case, "default")
        spring = {"spring": {"cloud": cloud}} if cloud else {}
        if site.case.tls:
            key, shown, _ = certificate.make(site.work.parent)
            server["ssl"] = {"bundle": "bench"}
            keystore = {"private-key": f"file:{key}", "certificate": f"file:{shown}"}
            spring.setdefault("spring", {})["ssl"] = {"bundle": {"pem": {"bench": {"keystore": keystore}}}}
        config = site.write("velo.yaml", json.dumps({"server": server, "lb": pool, **spring}))
        more = [flag.format(work=site.work, target=TARGET) for flag in LANES[lane]]
        return [*site.java, "-jar", str(site.jar), "--config", config, *more, *site.velo_args]

    return command


@dataclass(frozen=True)
class Proxy:
    name: str
    command: object  # from a Site to a command
    jvm: bool = False
    strategies: frozenset = None  # None for every one
    tls: bool = False  # whether it is set up for that

    def can(self, case):
        if case.aot and not self.jvm or case.tls and not self.tls:
            return False
        return self.strategies is None or case.strategy in self.strategies

    @property
    def lane(self):
        return self.name.removeprefix("velo-") if self.name.startswith("velo-") else None


def proxies(options):
    if "express+jwt" in options.lanes:
        tokens.make(TARGET)
    only_round_robin = frozenset(["roundrobin"])
    every = [
        Proxy("nginx", nginx, strategies=frozenset(NGINX_BALANCE), tls=True),
        Proxy("haproxy", haproxy, strategies=frozenset(HAPROXY_BALANCE), tls=True),
        Proxy("caddy", caddy, strategies=frozenset(CADDY_BALANCE)),
        Proxy("go", go, strategies=only_round_robin),
        Proxy("stock-gateway", stock_gateway, jvm=True, strategies=only_round_robin),
    ]
    every += [Proxy(f"velo-{lane}", velo(lane), jvm=True, tls=True) for lane in LANES if lane in options.lanes]
    return [proxy for proxy in every if proxy.name in options.proxies or proxy.lane and "velo" in options.proxies]
