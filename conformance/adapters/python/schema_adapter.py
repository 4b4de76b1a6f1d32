"""Adapters of the committed schemas: the Python packages jsonschema and jsonschema-rs, with the places of violations.

    python schema_adapter.py jsonschema|jsonschema_rs SCHEMAS

They judge JSON values, so they skip what only text has, and they know no tolerance.
"""
import json
import pathlib
import sys

FILES = {'update': 'update-agent.schema.json', 'agent': 'agent.schema.json'}


def pointer(path):
    return ''.join('/' + str(step).replace('~', '~0').replace('/', '~1') for step in path)


def by_jsonschema(schema):
    from jsonschema import Draft202012Validator

    def places(value):
        for error in validator.iter_errors(value):
            path = list(error.absolute_path)
            if error.validator == 'required':
                # One error for each name, which is in the message alone.
                yield from (path + [name] for name in error.validator_value if name not in error.instance)
            elif error.validator == 'additionalProperties':
                yield from (path + [name] for name in error.instance if name not in error.schema['properties'])
            else:
                yield path

    validator = Draft202012Validator(schema)
    return places


def by_jsonschema_rs(schema):
    import jsonschema_rs

    def places(value):
        for error in validator.iter_errors(value):
            path = list(error.instance_path)
            kind = error.kind
            if kind.name == 'required':
                yield path + [kind.property]
            elif kind.name == 'additionalProperties':
                yield from (path + [name] for name in kind.unexpected)
            else:
                yield path

    validator = jsonschema_rs.Draft202012Validator(schema)
    return places


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'a schema judges values, and strictly'}
    places = {pointer(path) for path in VALIDATORS[case['as']](json.loads(case['text']))}
    return {'valid': not places, 'violations': [{'pointer': place} for place in sorted(places)]}


LIBRARY = {'jsonschema': by_jsonschema, 'jsonschema_rs': by_jsonschema_rs}[sys.argv[1]]
FOLDER = pathlib.Path(sys.argv[2])
VALIDATORS = {direction: LIBRARY(json.loads((FOLDER / name).read_text())) for direction, name in FILES.items()}

for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({'id': case['id'], **answer(case)}), flush=True)
