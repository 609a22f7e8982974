#!/usr/bin/env python3
"""A CNI plugin, to be written."""
import json, os, subprocess, sys

config = json.load(sys.stdin)
command = os.environ.get("CNI_COMMAND", "")


def fail(code, msg):
    print(json.dumps({"cniVersion": "1.1.0", "code": code, "msg": msg}))
    sys.exit(1)


fail(4, f"CNI_COMMAND '{command}' is not supported")
