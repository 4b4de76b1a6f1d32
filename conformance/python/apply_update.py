"""Round trips, and applying an update, on valid values from contract.parse."""
from contract import GAPS, KEY, OWN_KEY, SHAPES


def normal_update(update):
    """The update after a round trip. Every gap has both fields."""
    update = dict(update)
    if GAPS in update:
        update[GAPS] = [{'days': 1, 'hours': 0, **gap} for gap in update[GAPS]]
    return update


def normal_agent(value, shape=SHAPES['agent']):
    """The response after a round trip. No documented field is null."""
    if shape.kind == 'array':
        return [normal_agent(item, shape.item) for item in value]
    if shape.kind != 'object':
        return value
    return {name: normal_agent(field, shape.fields[name]) if name in shape.fields else field
            for name, field in value.items() if field is not None or name not in shape.fields}


def stored(agent, update):
    """The stored agent after the update."""
    agent, update = normal_agent(agent), normal_update(update)
    after = {**agent, **update}
    for merged in ('ttsModel', 'settings'):
        if merged in update:
            after[merged] = {**agent.get(merged, {}), **update[merged]}
    if 'ttsModel' in after and after['ttsModel'].get(KEY, '') is None:
        del after['ttsModel'][KEY]  # null removes the key
    return after


def sent(agent):
    """The agent as a server sends it, without the key unless the provider uses it."""
    voice = agent.get('ttsModel')
    if voice is None or voice.get('provider') == OWN_KEY:
        return agent
    return {**agent, 'ttsModel': {name: value for name, value in voice.items() if name != KEY}}


def apply(agent, update):
    return sent(stored(agent, update))


def same(one, other):
    """Whether two JSON values are equal. Numbers are compared by value, and `true` is not a number."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other
