"""The adapters for the committed schemas with jsonschema and jsonschema-rs. They report the pointers of violations.

    python schema_adapter.py jsonschema|jsonschema_rs SCHEMAS

They check JSON values, so they skip cases about text, and all cases with a tolerance.
"""
import json
import pathlib
import sys

FILES = {'update': 'update-agent.schema.json', 'agent': 'agent.schema.json'}


def pointer(path):
    return ''.join('/' + str(step).replace('~', '~0').replace('/', '~1') for step in path)


def by_jsonschema(schema):
    from jsonschema import Draft202012Validator

    def paths(value):
        for error in validator.iter_errors(value):
            path = list(error.absolute_path)
            if error.validator == 'required':
                # There is one error per missing name, and only its message has the name.
                yield from (path + [name] for name in error.validator_value if name not in error.instance)
            elif error.validator == 'additionalProperties':
                yield from (path + [name] for name in error.instance if name not in error.schema['properties'])
            else:
                yield path

    validator = Draft202012Validator(schema)
    return paths


def by_jsonschema_rs(schema):
    import jsonschema_rs

    def paths(value):
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
    return paths


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'only strict checks of values are supported'}
    pointers = {pointer(path) for path in VALIDATORS[case['as']](json.loads(case['text']))}
    return {'valid': not pointers, 'violations': [{'pointer': pointer} for pointer in sorted(pointers)]}


LIBRARY = {'jsonschema': by_jsonschema, 'jsonschema_rs': by_jsonschema_rs}[sys.argv[1]]
FOLDER = pathlib.Path(sys.argv[2])
VALIDATORS = {direction: LIBRARY(json.loads((FOLDER / name).read_text())) for direction, name in FILES.items()}

for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({'id': case['id'], **answer(case)}), flush=True)
