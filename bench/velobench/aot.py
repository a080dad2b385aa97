"""An AOT cache for a Boot jar: extracted, run once to its first answer, and ended, which writes the cache."""
import dataclasses
import subprocess

from velobench.machine import first, output
from velobench.running import BOTH_CORES, Process
from velobench.trouble import Trouble, say

CACHE_FROM = 25  # -XX:AOTCacheOutput
PATIENCE = 120


def with_aot_cache(site, proxy):
    """The site, from the extracted jar and with a cache; the same cache in each round."""
    java = site.java[0]
    folder = site.work.parent / f"aot-{proxy.name}"
    cache, jar = folder / "app.aot", folder / site.jar.name
    if not cache.exists():
        train(site, proxy, java, folder, cache, jar)
    return dataclasses.replace(site, java=[*site.java, f"-XX:AOTCache={cache}"], jar=jar)


def train(site, proxy, java, folder, cache, jar):
    version = int(first(r'version "(\d+)', output(java, "-version"), "0"))
    if version < CACHE_FROM:
        raise Trouble(f"the AOT cache needs JDK {CACHE_FROM}, this is {version}")
    say(f"{proxy.name}: making an AOT cache")
    subprocess.run([java, "-Djarmode=tools", "-jar", site.jar, "extract", "--force", "--destination", folder],
                   check=True, capture_output=True, timeout=PATIENCE)
    trained = dataclasses.replace(site, java=[*site.java, f"-XX:AOTCacheOutput={cache}"], jar=jar)
    process = Process(proxy.command(trained), site.work / "training", BOTH_CORES)
    try:
        process.await_answer(site.port, "/small", PATIENCE)
    finally:
        process.stop(PATIENCE)
    if not cache.exists():
        raise Trouble(f"no AOT cache came about: {process.last_words()}")
