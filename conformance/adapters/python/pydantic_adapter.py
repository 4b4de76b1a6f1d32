"""The adapter for the models of the ready-made Python module. It reports codes, pointers and output.

    python pydantic_adapter.py FOLDER-OF-THE-MODULE

The models check JSON values, so it skips cases about text, and all cases with a tolerance. It checks each document twice, as
text and as a Python value, and checks that neither a model nor an error shows a key.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])

from callagent import Agent, UpdateAgent, violations  # noqa: E402
from pydantic import ValidationError  # noqa: E402

MODELS = {'update': UpdateAgent, 'agent': Agent}


def check(read, document):
    try:
        model = read(document)
    except ValidationError as error:
        found = {(violation.code, violation.pointer) for violation in violations(error)}
        entries = [{'code': code, 'pointer': pointer} for code, pointer in sorted(found)]
        return {'valid': False, 'violations': entries}, f'{error} {error!r} {violations(error)}'
    output = model.to_json()
    if read(document if isinstance(document, dict) else output).to_json() != output:
        raise AssertionError('the output, read and written again, differs')
    return {'valid': True, 'violations': [], 'output': output}, f'{model} {model!r}'


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'only strict checks of values are supported'}
    model = MODELS[case['as']]
    by_text, shown = check(model.model_validate_json, case['text'])
    by_value, also_shown = check(model.model_validate, json.loads(case['text']))
    if by_text != by_value:
        return {'error': f'as text: {by_text}; as a value: {by_value}'}
    if 'SECRET' in shown + also_shown:
        return {'error': f'a key is shown: {shown}'}
    return by_text


for line in sys.stdin:
    case = json.loads(line)
    try:
        answered = answer(case)
    except Exception as error:
        answered = {'error': repr(error)}
    print(json.dumps({'id': case['id'], **answered}), flush=True)
