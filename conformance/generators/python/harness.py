"""Answers the cases of conformance/PROTOCOL.md by what a generator wrote.

    python harness.py JUDGE

A judge has two functions, `update` and `agent`: they take a document's text, raise one of the errors that mean a refusal,
and give what a client would send of it.
"""
import json
import sys


def pydantic():
    from generated.pydantic.agent import Agent
    from generated.pydantic.update_agent import UpdateAgent
    from pydantic import ValidationError

    def judge(model):
        return lambda text: model.model_validate_json(text).model_dump_json(by_alias=True, exclude_unset=True)

    return {'update': judge(UpdateAgent), 'agent': judge(Agent)}, ValidationError


def openapi_python_client():
    from generated.openapi_python_client.models import Agent, UpdateAgent

    def judge(model):
        return lambda text: json.dumps(model.from_dict(json.loads(text)).to_dict())

    # It checks nothing: what does not fit shows where it is used.
    return {'update': judge(UpdateAgent), 'agent': judge(Agent)}, (AttributeError, KeyError, TypeError, ValueError)


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'it judges values, and strictly'}
    try:
        return {'valid': True, 'output': JUDGES[case['as']](case['text'])}
    except REFUSALS:
        return {'valid': False}
    except Exception as error:
        return {'error': repr(error)}


JUDGES, REFUSALS = {'pydantic': pydantic, 'openapi-python-client': openapi_python_client}[sys.argv[1]]()

for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({'id': case['id'], **answer(case)}), flush=True)
