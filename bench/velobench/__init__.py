"""What bench/run does, one concern a file: options, installing, proxies, readings, works, report."""
