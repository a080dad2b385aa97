# Runs Autobahn's cases against several servers: fuzz.py OUTPUT NAME=URL... (Jython 2.7, with the suite's jar on the classpath).
import sys

from autobahntestsuite import wstest

servers = [dict(zip(("agent", "url"), argument.split("=", 1))) for argument in sys.argv[2:]]
wstest.start({"mode": "fuzzingclient"}, {
    "outdir": sys.argv[1],
    "servers": servers,
    "cases": ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"],
    "exclude-cases": [],
    "exclude-agent-cases": {},
    "options": {"failByDrop": False},
})
