"""The adapter for generated Python code; conformance/PROTOCOL.md specifies the protocol.

    python adapter.py ENGINE

An engine has two functions, `update` and `agent`. They take the text of a document and return it as a client would send
it. If the document is invalid, they raise one of the errors that the engine lists.
"""
import json
import sys


def pydantic():
    from generated.pydantic.agent import Agent
    from generated.pydantic.update_agent import UpdateAgent
    from pydantic import ValidationError

    def round_trip(model):
        return lambda text: model.model_validate_json(text).model_dump_json(by_alias=True, exclude_unset=True)

    return {'update': round_trip(UpdateAgent), 'agent': round_trip(Agent)}, ValidationError


def openapi_python_client():
    from generated.openapi_python_client.models import Agent, UpdateAgent

    def round_trip(model):
        return lambda text: json.dumps(model.from_dict(json.loads(text)).to_dict())

    # It checks nothing. An invalid document fails where its fields are used.
    return {'update': round_trip(UpdateAgent), 'agent': round_trip(Agent)}, (AttributeError, KeyError, TypeError, ValueError)


def answer(case):
    if case['kind'] != 'values' or 'tolerant' in case:
        return {'skip': 'only strict checks of values are supported'}
    try:
        return {'valid': True, 'output': ENGINE[case['as']](case['text'])}
    except REJECTIONS:
        return {'valid': False}
    except Exception as error:
        return {'error': repr(error)}


ENGINE, REJECTIONS = {'pydantic': pydantic, 'openapi-python-client': openapi_python_client}[sys.argv[1]]()

for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps({'id': case['id'], **answer(case)}), flush=True)
