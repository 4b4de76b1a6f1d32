"""The adapter for the Python package. It covers the whole contract.

    cargo xtask conformance --languages wheel
"""
import base64
import json
import sys

import callagent


def findings(entries):
    return [{'code': entry.code, 'pointer': entry.pointer} for entry in entries]


def checked(case):
    # As bytes where the protocol gives bytes, otherwise as `str`.
    text = base64.b64decode(case['base64']) if 'base64' in case else case['text']
    tolerant = case.get('tolerant', False)
    reader = callagent.Reader(
        tolerate_unknown_fields=tolerant, tolerate_unknown_values=tolerant, accept=case.get('accept', ())
    )
    kind = case['as']
    report = reader.check(text, kind)
    answer = {
        'valid': report.valid,
        'violations': findings(report.violations),
        'advisories': findings(report.advisories),
    }
    if report.violations and report.violations[0].code == 'malformed':
        offset = report.violations[0].offset
        answer['offset'] = len(text[:offset].encode()) if isinstance(text, str) else offset
    if report:
        answer['output'] = reader.normalize(text, kind).decode()
        # The same document as Python objects, where no tolerance drops fields.
        if 'tolerant' not in case and reader.normalize(json.dumps(callagent.loads(text, kind)), kind).decode() != answer['output']:
            return {'error': f'loads: {callagent.loads(text, kind)}'}
    return answer


def applied(case):
    documents = case['agent'], case['update']
    return {'after': callagent.apply_stored(*documents).decode(), 'sent': callagent.apply(*documents).decode()}


for line in sys.stdin:
    case = json.loads(line)
    answer = applied(case) if case['kind'] == 'apply' else checked(case)
    print(json.dumps({'id': case['id'], **answer}), flush=True)
