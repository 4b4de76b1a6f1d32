"""An adapter of the ready-made Python module: its models, with codes, places and output.

    python pydantic_adapter.py FOLDER-OF-THE-MODULE

They judge JSON values, so it skips what only text has, and they know no tolerance. Each document is judged twice, as
text and as a Python value, and no key may show in what people see of a model or an error.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])

from callagent import Agent, UpdateAgent, violations  # noqa: E402
from pydantic import ValidationError  # noqa: E402

MODELS = {'update': UpdateAgent, 'agent': Agent}


def judged(read, document):
    try:
        model = read(document)
    except ValidationError as error:
        found = {(violation.code, violation.pointer) for violation in violations(error)}
        listed = [{'code': code, 'pointer': pointer} for code, pointer in sorted(found)]
        return {'valid': False, 'violations': listed}, f'{error} {error!r} {violations(error)}'
    output = model.to_json()
    if read(document if isinstance(document, dict) else output).to_json() != output:
        raise AssertionError('read and written again, it is another')
    return {'valid': True, 'violations': [], 'output': output}, f'{model} {model!r}'


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'the models judge values, and strictly'}
    model = MODELS[case['as']]
    by_text, shown = judged(model.model_validate_json, case['text'])
    by_value, also_shown = judged(model.model_validate, json.loads(case['text']))
    if by_text != by_value:
        return {'error': f'as text {by_text}, as a value {by_value}'}
    if 'SECRET' in shown + also_shown:
        return {'error': f'it shows a key: {shown}'}
    return by_text


for line in sys.stdin:
    case = json.loads(line)
    try:
        answered = answer(case)
    except Exception as error:
        answered = {'error': repr(error)}
    print(json.dumps({'id': case['id'], **answered}), flush=True)
