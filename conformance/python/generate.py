"""Generates documents, one per line: valid ones, invalid ones and malformed text. The seed determines them.

    python3 generate.py --direction update|agent --count N --seed S
"""
import argparse
import math
import random
import sys
from fractions import Fraction

from contract import ATTEMPTS, GAPS, KEY, MODELS, PROVIDERS

SECRET = 'kEySeCrEt'  # part of every generated key, to find reports that show a key


class Obj(list):
    """An object as a list of [name token, value]. Names can repeat. A value is an Obj, an Arr or the bytes of a token."""


class Arr(list):
    pass


# ---------------------------------------------------------------------------------------------------------------------
# Parts of documents.

TEXTS = ['', ' ', '\u3000\u2003', '\t \n', '\x1c', '\u200b', '\ufeff', 'Support', 'mistv2_Violet', 'é', '€uro', '😀', 'a/b', 'm~n',
         '~0~1', '/', '\x00', '\x7f', '\x80', '\u2028\u2029', '"', '\\', 'tab\there', '\ud7ff\ue000\uffff', '𝄞\U0010ffff', 'null', '0',
         'x' * 70, 'Ünïcödé ' * 9, '日本語', '\x85', '\xa0', 'e\u0301']
NAMES = ['a', 'b', '', '/', '~', 'a/b', 'm~n', '~01', '0', '-1', ' ', 'é', '😀', '"', '\\', '\x00', 'null', 'true', '$ref', '__proto__',
         'name', 'speed', 'days', 'hours', 'provider', 'status', KEY, 'llmModel', 'n' * 80]
NEAR = ['Name', 'name ', 'n\u0430me', 'llmmodel', 'llm_model', 'llmModel\x00', 'ttsmodel', 'tts_model', 'smartcallback', 'maxAttempts',
        'maxAttemptsForSmartcallback', 'gapBetweenEachAttempt', 'phoneNumberId', 'phoneNumbersIds', 'setting', 'variable', '_id', 'id',
        'workspaceId', 'userId', 'status', 'currentNode', 'activeSessions', 'createdAt', 'updatedAt', 'voiceID', 'voice_id', 'Provider',
        'elevenlabsApiKey', 'elevenLabsAPIKey', 'day', 'hour', 'minutes', 'Speed', 'lang', 'startTime', 'default']
# Those of NEAR that are documented fields of a response.
DOCUMENTED = {'_id', 'workspaceId', 'userId', 'status', 'currentNode', 'activeSessions', 'createdAt', 'updatedAt', 'startTime'}
UNKNOWN_VALUES = ['claude-3-5-sonnet-latest', 'claude-sonnet-4', 'gpt-4o', 'GPT-5', 'gpt-5 ', '', 'gpt-4.1-nano', 'azure', 'OpenAI', '11labs',
         '11labs_BYO', 'gpt\u20115', 'pending', 'Ready', 'unknown']
TAGS = ['en', 'fr', 'EN', 'en-US', 'zh-Hant-TW', 'de-CH-1901', 'sl-rozaj-biske-1994', 'x-private', 'i-klingon', 'I-Klingon', 'en-GB-oed',
        'i-foo', 'sgn-BE-FR', 'sgn-BE-NO', 'a', 'en-', '-en', 'en--US', 'en_US', 'english', 'englishs', 'englishsh', 'de-419-DE',
        'ar-a-aaa-b-bbb-a-ccc', 'en-a-bb', 'en-a', 'en-a-b', 'en-x', 'en-x-a', 'x', 'x-', 'en-abc-def-ghi', 'en-abc-def-ghi-jkl',
        'zh-cmn-Hans-CN', '1a', 'e1', 'en-1abc', 'en-1ab', 'en-abcde-abcde', '', 'en-US-u-islamcal', 'hy-Latn-IT-arevela', 'é', 'en-\u017f\u017f\u017f\u017f',
        '\u212aen', 'zh-min', 'zh-min-nan', 'art-lojban', 'i-default', 'fr-Latn-Latn', 'en-US-GB', 'en-123', 'en-12', 'x-aaaaaaaaa',
        'x-aaaaaaaa', 'abcd-abc', 'abcd-Latn', 'en ', 'en\n', 'e\u0307n', 'en-0-aa', 'en-x-US-x', 'en-u', '\u0663a', 'en-\u0663\u0663\u0663']
TIMES = ['2024-01-31T23:59:60Z', '2024-02-29T12:00:00Z', '2023-02-29T12:00:00Z', '1900-02-29T00:00:00Z', '2000-02-29T00:00:00Z',
         '2024-01-01t00:00:00z', '2024-01-01 00:00:00Z', '2024-01-01T00:00:00', '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00-00:00',
         '2024-01-01T00:00:00+23:59', '2024-01-01T00:00:00+24:00', '2024-01-01T00:00:00+00:60', '2024-01-01T24:00:00Z',
         '2024-01-01T00:60:00Z', '2024-01-01T00:00:61Z', '2024-01-01T00:00:60Z', '2016-12-31T23:59:60Z', '2017-01-01T00:59:60+01:00',
         '2016-12-31T15:59:60-08:00', '2016-12-30T23:59:60Z', '2016-12-31T18:59:60.5-05:00', '2017-01-01T05:29:60+05:30',
         '2017-01-02T05:29:60+05:30', '2024-03-01T00:59:60+01:00', '2024-02-28T23:59:60Z', '2024-02-29T23:59:60Z', '2024-01-01T00:00:00.Z',
         '2024-01-01T00:00:00.123456789012Z', '2024-01-01T00:00:00,5Z', '24-01-01T00:00:00Z', '2024-1-1T00:00:00Z', '2024-01-01', '',
         '0000-02-29T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '12024-01-01T00:00:00Z', '2024-13-01T00:00:00Z',
         '2024-00-01T00:00:00Z', '2024-04-31T00:00:00Z', '2024-04-00T00:00:00Z', '2024-01-01T00:00:00+0000', '2024-01-01T00:00:00+00',
         '2024-01-01T00:00:00Z ', '\uff12024-01-01T00:00:00Z', '2024-01-01T00:00:00Z\n', '2024-01-01T00:00Z', '2024-W01-1T00:00:00Z']
NUMBERS = ['0', '-0', '-0.0', '5.0', '1.5', '0.1', '1e300', '1E-300', '12345678901234567890', '18446744073709551615', '18446744073709551616',
           '-9223372036854775808', '-9223372036854775809', '9223372036854775807', '9007199254740993', '9007199254740993.0', '1e-400',
           '-1e-400', '4.9e-324', '2e-324', '1.7976931348623157e308', '1.7976931348623158e+308', '123456789012345678901234567890',
           '1' + '0' * 300, '0.' + '0' * 330 + '1', '1' + '0' * 400 + 'e-390', '0e999999', '0.1e1', '100e-2', '1e23', '5e-324']
HUGE = ['1e400', '-1e400', '1E+309', '1.7976931348623159e308', '1' + '0' * 400, '1' + '0' * 309, '-' + '9' * 500, '1' + '0' * 400 + 'e-1',
        '1' + '0' * 400 + '.5', '1' + '0' * 400 + 'e+5', '9e99999999999999999999']
UNITS = ['1.0000000000000001', '1.0000000000000002', '-0.0', '-0', '-5e-324', '1', '1.0', '1e0', '10e-1', '0.99999999999999999999', '2', '-1',
         '-1e-400', '1e-400', '0.5', '5e-1', '1.1', '1e300', '-1e300', '0', '100', '1.00000000000000011102230246251565404']
LARGEST = sys.float_info.max
DOUBLES = [0.0, 1.0, -1.0, 0.1, 30.0, 2.0**53, 1e23, 5e-324, -5e-324, sys.float_info.min, LARGEST, -LARGEST]
OWN, OTHERS = '11labs_byo', [word for word in PROVIDERS if word != '11labs_byo']


def encode(rng, text, odd=0.15):
    """A string token, sometimes with unnecessary escapes."""
    rate = rng.choice((0.2, 1.0)) if rng.random() < odd else 0
    token = ''
    for character in text:
        short = {'"': '"', '\\': '\\', '/': '/', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}.get(character)
        needed = character in '"\\' or character < ' '
        if not needed and rng.random() >= rate:
            token += character
        elif short and rng.random() < 0.6:
            token += '\\' + short
        else:
            units = character.encode('utf-16-be').hex()
            units = units.upper() if rng.random() < 0.3 else units
            token += ''.join('\\u' + units[i:i + 4] for i in range(0, len(units), 4))
    return f'"{token}"'.encode()


def long_number(rng, value, near=False):
    """A finite double in up to 3,000 characters. With `near`, a number halfway to the next double or very close to that."""
    exact, hair = abs(Fraction(value)), 0
    if near:
        after = math.nextafter(abs(value), rng.choice((0, math.inf)))
        exact = (exact + abs(Fraction(2**1024 if math.isinf(after) else after))) / 2
        hair = rng.choice((-1, 0, 0, 1)) if exact else 0
    places = exact.denominator.bit_length() - 1  # the denominator is a power of two
    digits, power = exact.numerator * 5**places, -places
    if hair:
        zeros = rng.choice((1, 20, 400, 900))
        digits, power = digits * 10**zeros + hair, power - zeros
    digits, zeros = str(digits), '0' * rng.choice((0, 1, 20, 400, 900))
    if digits == '0':
        return rng.choice(('0', '-0')) + rng.choice((f'.0{zeros}', f'e9{zeros}', f'.0{zeros}E+9{zeros}', f'e-{zeros}1'))
    head, power = rng.choice((
        (digits + zeros, power - len(zeros)),
        (f'0.{zeros}{digits}', power + len(zeros) + len(digits)),
        (f'{digits[0]}.{digits[1:]}{zeros}0', power + len(digits) - 1),
    ))
    sign = '-' if power < 0 else rng.choice(('', '+'))
    return ('-' if value < 0 else '') + head + rng.choice('eE') + sign + '0' * rng.choice((0, 0, 1, 400)) + str(abs(power))


def integer(rng, value):
    """An integer in one of its notations."""
    if rng.random() < 0.03 and abs(value) <= 2**53:
        return long_number(rng, value).encode()
    sign, digits = ('-', str(-value)) if value < 0 else ('', str(value))
    forms = [sign + digits] * 3 + [f'{sign}{digits}.0', f'{sign}{digits}.000', f'{sign}{digits}e0', f'{sign}{digits}E+00',
                                   f'{sign}0.{digits}e{len(digits)}',
                                   f'{sign}{digits[0]}.{digits[1:] or 0}e{len(digits) - 1}', f'{sign}{digits}.' + '0' * 30]
    if value:
        forms += [f'{sign}{digits}.0000000000000001', f'{sign}{digits}0e-1', f'{sign}{digits}000E-3']
    else:
        forms += ['-0', '-0.0', '-1e-400', '1e-400', '0e5', '0.0e-9', '0e999']
    if digits.endswith('0') and value:
        forms.append(f'{sign}{digits[:-1]}e1')
    return rng.choice(forms).encode()


def beyond(rng, low, high):
    """A number near the bounds of a range of integers, mostly outside."""
    return rng.choice([
        lambda: integer(rng, low - 1), lambda: integer(rng, high + 1), lambda: integer(rng, rng.choice((low, high))),
        lambda: integer(rng, rng.choice((-5, 10**6, 2**32, 2**53, 2**63, 2**64, -2**63 - 1, 10**30))),
        lambda: rng.choice((f'{high}.5', f'{low}.5', f'-{low}.5', f'{high - 1}.99999999999999999999', f'{high}.000001', '0.1', '1e-5',
                            '-5e-324', '5e-324', '1e308', '1' + '0' * 300, f'{high}.00000000001')).encode(),
        lambda: rng.choice(HUGE).encode(), lambda: long_number(rng, rng.choice((low, high, LARGEST)), near=True).encode(),
    ])()


def anything(rng, depth=3):
    """Any value, for free-form fields and for values that are not read."""
    kind = rng.randrange(9 if depth else 6)
    if kind < 2:
        if rng.random() < 0.05:
            value = rng.choice(DOUBLES)
            return long_number(rng, value, near=abs(value) < LARGEST and rng.random() < 0.5).encode()
        return rng.choice(NUMBERS).encode()
    if kind < 4:
        return encode(rng, rng.choice(TEXTS))
    if kind < 6:
        return rng.choice((b'null', b'true', b'false'))
    if kind == 6:
        return Arr(anything(rng, depth - 1) for _ in range(rng.randrange(4)))
    return free_object(rng, depth - 1)


def free_object(rng, depth=3):
    names = rng.sample(NAMES, rng.randrange(5))
    return Obj([encode(rng, name), anything(rng, depth)] for name in names)


def string(rng):
    return encode(rng, rng.choice(TEXTS))


def secret(rng):
    return encode(rng, rng.choice(('', 'sk_')) + SECRET + rng.choice(('', 'é', '"', '123')))


def tag(rng):
    if rng.random() < 0.7:
        return rng.choice(TAGS)
    parts = ['en', 'zh', 'abc', 'abcd', 'US', '419', '1901', 'rozaj', 'a', 'x', 'u', '1', 'i', 'co', 'private1', '12', 'x1', 'toolong99']
    return '-'.join(rng.choice(parts) for _ in range(rng.randint(1, 5)))


def moment(rng):
    if rng.random() < 0.6:
        return rng.choice(TIMES)
    text = f'{rng.choice((1999, 2000, 2023, 2024, 1900))}-{rng.choice((1, 2, 4, 12, 13)):02}-{rng.choice((1, 2, 28, 29, 30, 31)):02}'
    text += f'T{rng.choice((0, 1, 22, 23)):02}:{rng.choice((0, 29, 59)):02}:{rng.choice((0, 59, 60)):02}' + rng.choice(('', '.25'))
    text += rng.choice(('Z', 'z', '+01:00', '-01:00', '+23:59', '-00:01', '+00:30', '-23:59', '+05:30'))
    if rng.random() < 0.2:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(('', '0', ' ', ':')) + text[at + 1:]
    return text


def some(rng, makers, chance):
    """An object with some of the fields, each with this probability."""
    made = [[encode(rng, name, 0.03), make()] for name, make in makers.items() if rng.random() < chance]
    if rng.random() < 0.5:
        rng.shuffle(made)
    return Obj(made)


def put(rng, record, name, value):
    record.insert(rng.randint(0, len(record)), [encode(rng, name, 0.03), value])


def shared_fields(rng, is_update):
    def gap():
        fields = {'days': lambda: integer(rng, rng.choice((0, 0, 0, 1, 7, 29, 30))),
                  'hours': lambda: integer(rng, rng.choice((0, 0, 1, 12, 23)))}
        return opened(rng, some(rng, fields, 0.75), is_update)

    def settings():
        numbers = [text for text in UNITS if 0 <= float(text) <= 1]

        def number():
            return long_number(rng, rng.choice((0, 5e-324, 0.1, 0.5, 1))) if rng.random() < 0.03 else rng.choice(numbers)

        made = some(rng, {name: lambda: number().encode() for name in ('speed', 'volume', 'temperature')}, 0.7)
        for name in rng.sample(['custom', 'Speed', 'a/b', 'm~n', '', 'days', KEY, '😀'], rng.choice((0, 0, 1, 2))):
            put(rng, made, name, anything(rng))
        return made

    return {
        'name': lambda: string(rng),
        'smartCallback': lambda: rng.choice((b'true', b'false')),
        ATTEMPTS: lambda: integer(rng, rng.choice((0, 1, 2, 3, 5, 4294967295))),
        GAPS: lambda: Arr(gap() for _ in range(rng.randrange(5))),
        'phoneNumberIds': lambda: Arr(encode(rng, rng.choice(('p1', 'p2', 'p3', 'P1', '', 'é'))) for _ in range(rng.randrange(5))),
        'settings': settings,
        'variables': lambda: free_object(rng),
    }


def opened(rng, record, is_update=False):
    """An object of a response, sometimes with nulls and additional fields."""
    if is_update or rng.random() < 0.5:
        return record
    for entry in record:
        if rng.random() < 0.1:
            entry[1] = b'null'
    for name in rng.sample(NEAR, rng.choice((0, 1, 2))):
        if name not in DOCUMENTED:
            put(rng, record, name, anything(rng))
    return record


def voice(rng, is_update):
    provider = rng.choice((OWN, rng.choice(OTHERS)) if is_update or rng.random() < 0.8 else UNKNOWN_VALUES)
    fields = {'voiceId': lambda: string(rng), 'language': lambda: encode(rng, tag(rng))}
    if not is_update:
        fields['name'] = lambda: string(rng)
    made = some(rng, fields, 0.7)
    if is_update or rng.random() < 0.9:
        put(rng, made, 'provider', encode(rng, provider, 0.05))
    if is_update and provider == OWN:
        put(rng, made, KEY, secret(rng))
    elif rng.random() < 0.6:
        put(rng, made, KEY, rng.choice((secret(rng), secret(rng), b'null', b'""')))
    return opened(rng, made, is_update)


def update(rng):
    fields = shared_fields(rng, True)
    fields['ttsModel'] = lambda: voice(rng, True)
    made = some(rng, fields, rng.choice((0.1, 0.5, 0.9, 1)))
    put(rng, made, 'llmModel', encode(rng, rng.choice(MODELS), 0.05))
    return made


def agent(rng):
    def session():
        fields = {name: lambda: string(rng) for name in ('roomName', 'participantId', 'status')}
        return opened(rng, some(rng, {**fields, 'startTime': lambda: encode(rng, moment(rng))}, 0.8))

    fields = shared_fields(rng, False)
    fields.update({name: lambda: string(rng) for name in ('_id', 'workspaceId', 'userId', 'currentNode')})
    fields.update({name: lambda: encode(rng, moment(rng)) for name in ('createdAt', 'updatedAt')})
    fields['llmModel'] = lambda: encode(rng, rng.choice(MODELS + tuple(UNKNOWN_VALUES)))
    fields['status'] = lambda: encode(rng, rng.choice(('pending', 'ready', 'error', 'paused', '')))
    fields['ttsModel'] = lambda: voice(rng, False)
    fields['activeSessions'] = lambda: Arr(session() for _ in range(rng.randrange(4)))
    return opened(rng, some(rng, fields, rng.choice((0.1, 0.5, 0.9, 1))))


MAKERS = {'update': update, 'agent': agent}


# ---------------------------------------------------------------------------------------------------------------------
# Mutations of a document.

def objects(value):
    if isinstance(value, Obj):
        yield value
    if isinstance(value, (Obj, Arr)):
        for entry in value:
            yield from objects(entry[1] if isinstance(value, Obj) else entry)


def slots(value):
    """The location of every value, as a list and an index into it."""
    for index, entry in enumerate(value if isinstance(value, (Obj, Arr)) else ()):
        parent, at = (entry, 1) if isinstance(value, Obj) else (value, index)
        yield parent, at
        yield from slots(parent[at])


def entries(root, *names):
    tokens = {f'"{name}"'.encode() for name in names}
    return [entry for record in objects(root) for entry in record if entry[0] in tokens]


def named(root, name):
    """The object or list of gaps with this name in the root, added if it is missing."""
    kind = Arr if name == GAPS else Obj
    for token, value in root:
        if token == f'"{name}"'.encode() and isinstance(value, kind):
            return value
    root.append([f'"{name}"'.encode(), kind()])
    return root[-1][1]


def repeat(rng, record):
    """Repeats a name once or twice, sometimes with other escapes."""
    if record:
        name, value = rng.choice(record)
        for _ in range(rng.choice((1, 1, 1, 2))):
            if name.isascii() and b'\\' not in name:
                token = encode(rng, name[1:-1].decode(), 0.5)
            else:
                token = name
            record.insert(rng.randint(0, len(record)), [token, rng.choice((value, anything(rng)))])


def twice(rng):
    """A value that contains a repeated name."""
    made = Obj([encode(rng, name), anything(rng, 1)] for name in rng.sample(NAMES, 2))
    repeat(rng, made)
    for _ in range(rng.randrange(3)):
        made = Arr([anything(rng, 1), made]) if rng.random() < 0.5 else Obj([[string(rng), made]])
    return made


def mutate_type(rng, root, direction):
    parent, at = rng.choice(list(slots(root)) or [(Arr([b'0']), 0)])
    parent[at] = rng.choice([
        lambda: rng.choice((b'null', b'true', b'false', b'0', b'1', b'-1', b'1.5', b'5', b'""', b'"x"', b'"5"', b'"null"')),
        lambda: Arr(), lambda: Obj(), lambda: Arr([b'null']), lambda: Arr([Obj(), b'1', b'"x"']), lambda: anything(rng), lambda: twice(rng),
    ])()


def mutate_null(rng, root, direction):
    parent, at = rng.choice(list(slots(root)) or [(Arr([b'0']), 0)])
    parent[at] = b'null'


def mutate_number(rng, root, direction):
    if not entries(root, 'days', 'hours'):
        gap = Obj([[b'"days"', b'1'], [b'"hours"', b'1']])
        named(root, GAPS).append(gap)
    choice = rng.randrange(4)
    if choice == 0:
        record = named(root, 'settings')
        name = rng.choice(('speed', 'volume', 'temperature'))
        record[:] = [entry for entry in record if entry[0] != f'"{name}"'.encode()]
        token = long_number(rng, rng.choice((0, 1)), near=True) if rng.random() < 0.1 else rng.choice(UNITS + HUGE[:4])
        put(rng, record, name, token.encode())
    elif choice == 1:
        root[:] = [entry for entry in root if entry[0] != f'"{ATTEMPTS}"'.encode()]
        put(rng, root, ATTEMPTS, beyond(rng, 0, 4294967295))
    else:
        found = entries(root, 'days', 'hours')
        if found:
            entry = rng.choice(found)
            entry[1] = beyond(rng, 0, 30 if entry[0] == b'"days"' else 23)


def mutate_value(rng, root, direction):
    found = entries(root, 'llmModel', 'provider', 'status')
    if found:
        rng.choice(found)[1] = encode(rng, rng.choice(UNKNOWN_VALUES + ['gpt-5', 'openai']))


def mutate_field(rng, root, direction):
    record = rng.choice(list(objects(root)))
    put(rng, record, rng.choice(NEAR + NAMES), rng.choice((anything, twice))(rng))


def mutate_missing(rng, root, direction):
    record = rng.choice([record for record in objects(root) if record] or [Obj([[]])])
    del record[rng.randrange(len(record))]


def mutate_name(rng, root, direction):
    found = [entry for record in objects(root) for entry in record]
    if found:
        rng.choice(found)[0] = encode(rng, rng.choice(NEAR))


def mutate_repeat(rng, root, direction):
    repeat(rng, rng.choice(list(objects(root))))


def mutate_nested(rng, root, direction):
    """Repeats a name inside a value that is free-form, undocumented or of the wrong type."""
    name = rng.choice(['settings', 'variables', 'ttsModel', GAPS, 'name', 'speed', '', 'extra'])
    if name in ('settings', 'variables', 'ttsModel'):
        put(rng, named(root, name), rng.choice(NAMES), twice(rng))
    elif name == GAPS:
        named(root, GAPS).append(rng.choice((twice(rng), Obj([[b'"days"', twice(rng)], [b'"x"', twice(rng)]]))))
    elif name == 'speed':
        put(rng, named(root, 'settings'), 'speed', twice(rng))
    else:
        put(rng, root, name, twice(rng))


def mutate_key(rng, root, direction):
    record = named(root, 'ttsModel')
    record[:] = [entry for entry in record if entry[0] not in (b'"provider"', f'"{KEY}"'.encode())]
    provider = rng.choice((f'"{OWN}"'.encode(),) * 3 + (f'"{rng.choice(OTHERS)}"'.encode(), encode(rng, rng.choice(UNKNOWN_VALUES)), b'null', b'1', None))
    key = rng.choice((None, b'null', b'""', secret(rng), b'12', b'false', Arr(), Obj()))
    for name, value in (('provider', provider), (KEY, key)):
        if value is not None:
            put(rng, record, name, value)
    if rng.random() < 0.2:
        repeat(rng, record)


def mutate_counts(rng, root, direction):
    """Sets attempts, gaps and callback, consistent or not."""
    names = ('smartCallback', ATTEMPTS, GAPS, 'name', 'phoneNumberIds')
    root[:] = [entry for entry in root if entry[0] not in {f'"{name}"'.encode() for name in names}]
    count = rng.randrange(4)
    gaps = [b'{"days":0}', b'{"hours":0,"days":0.0}', b'{}', b'{"days":-0.5}', b'{"days":0,"hours":null}', b'{"days":0,"x":1}', b'null',
            b'{"hours":0}', b'{"days":0,"days":1}', b'{"days":1,"days":0}', b'{"days":-1e-400}', b'{"days":0,"hours":24}', b'{"days":null}']
    gap_list = Arr(rng.choice(gaps) for _ in range(count))
    put(rng, root, 'smartCallback', rng.choice((b'false', b'false', b'true', b'null', b'0')))
    if rng.random() < 0.7:
        put(rng, root, ATTEMPTS, rng.choice((integer(rng, count), integer(rng, count + 1), b'null', b'-1', b'1.5', b'"1"')))
    if rng.random() < 0.7:
        put(rng, root, GAPS, rng.choice((gap_list, gap_list, gap_list, b'null', Obj())))
    put(rng, root, 'name', encode(rng, rng.choice(TEXTS[:7])))
    put(rng, root, 'phoneNumberIds', Arr(rng.choice((b'"p"', b'"\\u0070"', b'"q"', b'1', b'null', b'""')) for _ in range(rng.randrange(6))))


MUTATIONS = [mutate_type, mutate_type, mutate_null, mutate_number, mutate_number, mutate_value, mutate_field, mutate_field, mutate_missing, mutate_name,
            mutate_repeat, mutate_repeat, mutate_nested, mutate_key, mutate_counts]


# ---------------------------------------------------------------------------------------------------------------------
# Writing a document, and mutations of its text.

def write(value, space):
    if isinstance(value, Obj):
        parts = [name + space() + b':' + space() + write(entry, space) for name, entry in value]
        return b'{' + space() + (space() + b',' + space()).join(parts) + space() + b'}'
    if isinstance(value, Arr):
        return b'[' + space() + (space() + b',' + space()).join(write(item, space) for item in value) + space() + b']'
    return value


def spacing(rng):
    any_space = [b'', b'', b'', b' ', b'\t', b'\r', b'  ', b'\r \t']
    return rng.choice([lambda: b''] * 3 + [lambda: rng.choice((b'', b' ')), lambda: rng.choice(any_space)])


def cut_anywhere(rng, text, direction):
    return text[:rng.randrange(len(text) + 1)]


def cut_near(rng, text, direction):
    """Cuts the text in or just after an escape, a multibyte character or a number."""
    spots = [at for at, byte in enumerate(text) if byte == 0x5c or byte >= 0x80 or byte in b'.eE-+']
    return text[:rng.choice(spots) + rng.randrange(1, 13)] if spots else cut_anywhere(rng, text, direction)


def flip(rng, text, direction):
    at = rng.randrange(len(text))
    return text[:at] + bytes([rng.choice((text[at] ^ 1 << rng.randrange(8), rng.randrange(256)))]) + text[at + 1:]


def drop(rng, text, direction):
    at = rng.randrange(len(text))
    return text[:at] + text[at + rng.choice((1, 1, 1, 2, 5)):]


INSERTED = [b'"', b',', b':', b'{', b'}', b'[', b']', b'0', b'-', b'+', b'.', b'e', b'\\', b' ', b'\r', b'null', b'nul', b'//', b'/**/', b"'", b'NaN',
            b'\x00', b'\x0b', b'\x0c', b'\x7f', b'\xc2\xa0', b'\xe2\x80\xa8', b'\xef\xbb\xbf', b'01', b'1.', b'.5', b'1e', b'1e+', b'True', b'-x']
INVALID = [b'\x80', b'\xbf', b'\xc0\x80', b'\xc1\xbf', b'\xc3', b'\xc3(', b'\xe0\x80\x80', b'\xe0\x9f\xbf', b'\xe2\x82', b'\xe2\x28\xa1', b'\xed\xa0\x80',
           b'\xed\xbf\xbf', b'\xf0\x80\x80\x80', b'\xf0\x9f\x98', b'\xf0\x8f\xbf\xbf', b'\xf4\x90\x80\x80', b'\xf5\x80\x80\x80', b'\xff', b'\xfe\xff',
           b'\xe2\x82\xe2\x82\xac', b'\xf0\x9f\\', b'\xf8\x88\x80\x80\x80']
ESCAPES = [rb'\x', rb'\u', rb'\u1', rb'\u12', rb'\u123', rb'\u00g0', rb'\u 123', rb'\U0041', rb'\0', rb"\'", rb'\ud800', rb'\uDBFF', rb'\udc00', rb'\uDfFf',
           rb'\ud83d\u0041', rb'\ud83d\n', rb'\ud83dx', rb'\ud83d\ud83d', rb'\ud83d\x', rb'\ud83d\ude0', rb'\ud83d\u', rb'\ud83d\ud', rb'\ude00\ud83d',
           b'\\\xc3\xa9', b'\\u00\xff', b'\\ud83d\xff', b'\\ud83d\x01', b'\x00', b'\x1f', b'\t', b'\r', b'\xed\xa0\xbd\xed\xb8\x80', b'\\\r', rb'\u+123',
           rb'\ud83d\ude00', rb'\uD83D\uDE00', rb'\u0000', rb'\/', rb'\ud83d\ude00\ude00']


def insert(rng, text, at, inserted):
    return text[:at] + inserted + text[at:]


def insert_anywhere(rng, text, direction):
    return insert(rng, text, rng.randrange(len(text) + 1), rng.choice(INSERTED + INVALID))


def insert_in_string(rng, text, direction):
    quotes = [at for at, byte in enumerate(text) if byte == 0x22]
    if not quotes:
        return insert_anywhere(rng, text, direction)
    at = min(rng.choice(quotes) + rng.choice((0, 1, 1, 1, 1, 2, 3)), len(text))
    return insert(rng, text, at, rng.choice(ESCAPES + INVALID))


def ends(rng, text, direction):
    return rng.choice([lambda: b'\xef\xbb\xbf' + text, lambda: text + rng.choice(INSERTED), lambda: text + text, lambda: text + b'\r' * 3,
                       lambda: rng.choice((b' ', b'\r', b'\t', b'\x0c', b'\xc2\xa0')) + text, lambda: text[1:], lambda: text[:-1],
                       lambda: text + b'\x00', lambda: text + b' ' + rng.choice(INVALID)])()


def nest(rng, text, direction):
    """Nests objects and arrays to about the maximum depth, at various positions."""
    depth = rng.choice((125, 126, 126, 127, 128, 129, 300))
    opened = [rng.random() < 0.3 for _ in range(depth)]
    inner = rng.choice((b'', b'1', b'"x"', b'[]', b'{}', b'{"a":1,"a":2}', b'nul', b'1e400'))
    if inner == b'' and depth and opened[-1]:
        inner = b'1'
    down = b''.join(b'{"a":' if is_object else b'[' for is_object in opened)
    up = b''.join(b'}' if is_object else b']' for is_object in reversed(opened))
    up = rng.choice((up, up, up, b'', up[:rng.randrange(len(up) + 1)]))
    name = rng.choice((b'variables', b'unknown', b'name', b'settings', b'phoneNumberIds', b''))
    if not name:
        return down + inner + up
    if name == b'settings':
        return b'{"llmModel":"gpt-5","settings":{"x":' + down + inner + up + b'}}'
    return b'{"llmModel":"gpt-5","' + name + b'":' + down + inner + up + b'}'


def small(rng, text, direction):
    """A short document, such as one with another type at the root, or one cut in a surrogate pair."""
    return rng.choice([
        lambda: rng.choice(NUMBERS + HUGE).encode(), lambda: string(rng), lambda: rng.choice((b'null', b'true', b'false', b'{}', b'[]')),
        lambda: write(anything(rng), spacing(rng)), lambda: write(twice(rng), spacing(rng)),
        lambda: cut_anywhere(rng, rb'{"llmModel":"\ud83d\ude00\u00e9\uD7FF\n' + 'é€😀'.encode() + b'","a":[-1.5e+10,true,null]}', direction),
        lambda: cut_anywhere(rng, b'{"llmModel":"gpt-5","variables":{"n":' + rng.choice(HUGE + NUMBERS).encode() + b'}}', direction),
    ])()


TEXT_MUTATIONS = [cut_anywhere, cut_anywhere, cut_near, cut_near, flip, flip, drop, insert_anywhere, insert_anywhere, insert_in_string, insert_in_string,
          insert_in_string, ends, nest, small]


def valid_document(rng, direction):
    return write(MAKERS[direction](rng), spacing(rng))


def document(rng, direction):
    kind = rng.random()
    root = MAKERS[direction](rng)
    if 0.25 < kind < 0.8:
        for _ in range(rng.randint(1, 4)):
            rng.choice(MUTATIONS)(rng, root, direction)
        if rng.random() < 0.01:
            root = anything(rng)
    space = spacing(rng)
    text = space() + write(root, space) + space()
    if kind >= 0.75:
        for _ in range(rng.choice((1, 1, 1, 2))):
            text = rng.choice(TEXT_MUTATIONS)(rng, text or b'{}', direction)
    return text.replace(b'\n', b'\r')


def documents(direction, count, seed):
    for number in range(count):
        yield document(random.Random(f'{seed}/{direction}/{number}'), direction)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--direction', choices=sorted(MAKERS), default='update')
    parser.add_argument('--count', type=int, default=100)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    for text in documents(options.direction, options.count, options.seed):
        sys.stdout.buffer.write(text + b'\n')


if __name__ == '__main__':
    main()
