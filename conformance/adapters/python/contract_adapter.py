"""The adapter for the reference implementation in conformance/python. It covers the whole contract.

    cargo xtask conformance --name python --adapter "python3 conformance/adapters/python/contract_adapter.py"

It needs only the standard library.
"""
import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'python'))

from apply_update import normal_agent, normal_update, sent, stored  # noqa: E402
from contract import parse, validate  # noqa: E402

NORMAL = {'update': normal_update, 'agent': normal_agent}


def findings(entries):
    return [{'code': entry['code'], 'pointer': entry['pointer']} for entry in entries]


def validated(case):
    text = base64.b64decode(case['base64']) if 'base64' in case else case['text'].encode()
    accept = frozenset(tuple(accepted.split('=', 1)) for accepted in case.get('accept', ()))
    report = validate(text, case['as'], case.get('tolerant', False), accept)
    verdict = {
        'valid': report['valid'],
        'violations': findings(report['violations']),
        'advisories': findings(report['advisories']),
    }
    if verdict['violations'] == [{'code': 'malformed', 'pointer': ''}]:
        verdict['offset'] = report['violations'][0]['offset']
    if report['valid'] and 'tolerant' not in case:  # the round trip does not drop tolerated fields
        verdict['output'] = json.dumps(NORMAL[case['as']](parse(text)))
    return verdict


def applied(case):
    agent = stored(parse(case['agent'].encode()), parse(case['update'].encode()))
    return {'after': json.dumps(agent), 'sent': json.dumps(sent(agent))}


sys.setrecursionlimit(10_000)
for line in sys.stdin:
    case = json.loads(line)
    answer = applied(case) if case['kind'] == 'apply' else validated(case)
    print(json.dumps({'id': case['id'], **answer}), flush=True)
