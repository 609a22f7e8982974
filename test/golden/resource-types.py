"""Writes lib/read/cloudformation/resource-types.json from CloudFormation's resource schemas.

The schemas are those of us-east-1 that the package cfn-lint carries (PyPI, MIT-0). To repeat it:

    python3 -m venv /tmp/cfn && /tmp/cfn/bin/pip install cfn-lint==1.58.0
    /tmp/cfn/bin/python test/golden/resource-types.py

A type is written with its properties and what each is; types that have a subnet or a security group
and are not read are listed by name.
"""

import json
import os
import re

import cfnlint
from cfnlint.version import __version__

ROOT = os.path.join(os.path.dirname(cfnlint.__file__), "data", "schemas")
OUT = os.path.join(os.path.dirname(__file__), "../../lib/read/cloudformation/resource-types.json")
READ = os.path.join(os.path.dirname(__file__), "resource-types.txt")
PLACES = re.compile(r"^(Vpc)?(Subnet|SecurityGroup)(Id|Ids|s|Arns)?$|^VpcConfig$|^VPC(Options|Config)$", re.I)
SMALL = 20  # longer lists of allowed values change too often to refuse by

index = json.load(open(os.path.join(ROOT, "providers", "us-east-1.json")))


def schema_of(name):
    return json.load(open(os.path.join(ROOT, "resources", index[name] + ".json")))


def at(root, pointer):
    for key in pointer.split("/")[1:]:
        root = root.get(key) if isinstance(root, dict) else None
    return root


def shape(schema, root, seen):
    """A schema as the reader wants it; what refers to itself, or may be several things, is `any`."""
    if not isinstance(schema, dict):
        return "any"
    if "$ref" in schema:
        target = at(root, schema["$ref"])
        if schema["$ref"] in seen or target is None:
            return "any"
        rest = {k: v for k, v in schema.items() if k != "$ref"}
        return shape({**target, **rest}, root, seen | {schema["$ref"]})
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [one for one in kind if one != "null"]
        kind = kinds[0] if len(kinds) == 1 else None
    if kind == "object" or (kind is None and "properties" in schema):
        if "properties" not in schema:
            return "any"
        of = {key: shape(value, root, seen) for key, value in schema["properties"].items()}
        required = sorted(schema.get("required", []))
        return {"of": of, "required": required} if required else {"of": of}
    if kind == "array":
        return {"list": shape(schema.get("items"), root, seen)}
    if kind == "string" and 0 < len(schema.get("enum", [])) <= SMALL:
        return {"enum": schema["enum"]}
    return kind if kind in ("string", "integer", "number", "boolean") else "any"


def resource(name):
    schema = schema_of(name)
    made = shape(schema, schema, frozenset())
    for pointer in schema.get("readOnlyProperties", []):
        path = pointer.removeprefix("/properties/")
        if "/" not in path:
            made["of"].pop(path, None)
    return made


def has_place(value):
    if isinstance(value, list):
        return any(has_place(one) for one in value)
    if not isinstance(value, dict):
        return False
    named = value.get("properties", {})
    if isinstance(named, dict) and any(PLACES.match(key) for key in named):
        return True
    return any(has_place(one) for one in value.values())


read = [line.strip() for line in open(READ) if line.strip()]
types = ",\n".join(
    "    " + json.dumps(name) + ": " + json.dumps(resource(name), separators=(",", ":")) for name in read
)
others = ",\n".join(
    "    " + json.dumps(name) for name in sorted(index) if name not in read and has_place(schema_of(name))
)
with open(OUT, "w") as out:
    source = json.dumps(f"CloudFormation resource schemas of us-east-1, as in cfn-lint {__version__} (PyPI)")
    out.write('{\n  "source": %s,\n  "types": {\n%s\n  },\n  "notModelled": [\n%s\n  ]\n}\n' % (source, types, others))
