"""Checks objects against strict schemas: asked by ask.ts in JSON on stdin, answers in JSON.

In:  {"versions": ["1.35"], "schemas": {"apiVersion kind": schema}, "objects": [object]}
Out: [{"object": index, "path": "spec.ports[0].port", "problem": text, "schema": name}]

Kubernetes' own kinds are looked up in kubernetes-validate, in each of the versions; all others in
the given schemas. An object of a kind that neither knows is a problem too.
"""

import functools
import json
import re
import sys

import referencing
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from kubernetes_validate import utils


@functools.cache
def folder(version):
    known = [each for each in utils.all_versions() if each.startswith(version + ".")]
    if not known:
        raise SystemExit(f"kubernetes-validate has no schemas of Kubernetes {version}")
    return f"kubernetes-json-schema/v{known[-1]}-local-strict"


@functools.cache
def registry(version):
    shared = utils.schema_contents(f"{folder(version)}/_definitions.json", version)
    return referencing.Resource.from_contents(shared) @ referencing.Registry()


@functools.cache
def own(kind, api, version):
    """The validator of one of Kubernetes' own kinds, or None."""
    group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api)
    try:
        schema = utils.schema_contents(f"{folder(version)}/{kind.lower()}-{group}.json", version)
    except FileNotFoundError:
        return None
    # A file is named by the first word of a group alone: others share it.
    known = schema.get("properties", {}).get("apiVersion", {}).get("enum", [api])
    return Draft202012Validator(schema, registry=registry(version)) if api in known else None


def problems(validator, found):
    for error in validator.iter_errors(found):
        inner = best_match([error])
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in inner.absolute_path)
        yield path.removeprefix("."), inner.message


def main():
    asked = json.load(sys.stdin)
    versions, schemas = asked["versions"], asked["schemas"]
    last = registry(versions[-1])
    base = "https://kubernetes.io/api/given"
    given = {
        name: Draft202012Validator({**schema, "$id": base}, registry=last)
        for name, schema in schemas.items()
    }
    answers = []
    for index, found in enumerate(asked["objects"]):
        api, kind = found.get("apiVersion", ""), found.get("kind", "")
        validators = [(f"Kubernetes {v}", own(kind, api, v)) for v in versions]
        validators = [each for each in validators if each[1] is not None]
        if not validators and f"{api} {kind}" in given:
            validators = [("its definition", given[f"{api} {kind}"])]
        if not validators:
            answers.append({"object": index, "path": "kind", "problem": "no schema", "schema": "none"})
        for name, validator in validators:
            for path, problem in problems(validator, found):
                answers.append({"object": index, "path": path, "problem": problem, "schema": name})
    json.dump(answers, sys.stdout)


main()
