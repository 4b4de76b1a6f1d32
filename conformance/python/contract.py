"""A reference implementation of the contract. It parses JSON from bytes and reports all violations and advisories.

It is written from the sentences of the contract and the documented report format alone, as a check of the Rust crate. It
needs only the standard library.
"""
import math
import re
from collections import namedtuple

# ---------------------------------------------------------------------------------------------------------------------
# Text: a JSON parser that keeps repeated names and the position of every token.

MAX_DEPTH = 127

Node = namedtuple('Node', 'kind start end value')  # kind: object, array, string, number, boolean, null
Entry = namedtuple('Entry', 'name start end node')  # start and end are the span of the name token

HEX = rb'[0-9a-fA-F]'
ESCAPE = re.compile(  # a complete escape; surrogates match only as a pair
    rb'\\(?:["\\/bfnrt]|u(?:(?![dD][89a-fA-F])' + HEX + rb'{4}|[dD][89abAB]' + HEX + rb'{2}\\u[dD][c-fC-F]' + HEX + rb'{2}))')
ESCAPES = (rb'\n', rb'\u0000', rb'\ud800\udc00')  # one of each length
UTF8 = re.compile(  # a character of two or more bytes, RFC 3629
    rb'[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|'
    rb'\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}')
CHARACTERS = (b'\xc2\x80', b'\xe0\xa0\x80', b'\xed\x80\x80', b'\xf0\x90\x80\x80', b'\xf4\x80\x80\x80')
PLAIN = re.compile(rb'(?:[\x20\x21\x23-\x5b\x5d-\x7f]+|' + UTF8.pattern + rb')*')
NUMBER = re.compile(rb'(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)([eE][+-]?[0-9]+)?')
SPACE = re.compile(rb'[ \t\n\r]*')
SHORT = dict(zip('"\\/bfnrt', '"\\/\b\f\n\r\t'))
LITERALS = {b't': (b'true', 'boolean', True), b'f': (b'false', 'boolean', False), b'n': (b'null', 'null', None)}


class Malformed(Exception):
    """The offset of the first byte that cannot continue a JSON text, or the length of a text that ends too early."""

    def __init__(self, offset):
        super().__init__(offset)
        self.offset = offset


def is_incomplete(tail, pattern, shapes):
    """Whether the text ends too early: more bytes could complete the tail to a match."""
    return any(len(tail) < len(shape) and pattern.fullmatch(tail + shape[len(tail):]) for shape in shapes)


class Reader:
    def __init__(self, text):
        self.text = text

    def read(self):
        node = self.value(self.skip(0), 1)
        end = self.skip(node.end)
        if end < len(self.text):
            raise Malformed(end)
        return node

    def skip(self, at):
        return SPACE.match(self.text, at).end()

    def byte(self, at):
        return self.text[at:at + 1]

    def expect(self, at, wanted):
        for i in range(len(wanted)):
            if self.byte(at + i) != wanted[i:i + 1]:
                raise Malformed(at + i)
        return at + len(wanted)

    def value(self, at, depth):
        first = self.byte(at)
        if first == b'"':
            return self.string(at)
        if first in (b'{', b'['):
            if depth > MAX_DEPTH:
                raise Malformed(at)
            return self.object(at, depth) if first == b'{' else self.array(at, depth)
        if first in LITERALS:
            literal, kind, value = LITERALS[first]
            return Node(kind, at, self.expect(at, literal), value)
        if first and first in b'-0123456789':
            return self.number(at)
        raise Malformed(at)

    def object(self, start, depth):
        entries = []
        at = self.skip(start + 1)
        while self.byte(at) != b'}' or entries:  # `}` can follow `{` but not a comma
            if self.byte(at) != b'"':
                raise Malformed(at)
            name = self.string(at)
            at = self.expect(self.skip(name.end), b':')
            node = self.value(self.skip(at), depth + 1)
            entries.append(Entry(name.value, name.start, name.end, node))
            at = self.skip(node.end)
            if self.byte(at) == b'}':
                break
            at = self.skip(self.expect(at, b','))
        return Node('object', start, at + 1, entries)

    def array(self, start, depth):
        items = []
        at = self.skip(start + 1)
        while self.byte(at) != b']' or items:
            items.append(self.value(at, depth + 1))
            at = self.skip(items[-1].end)
            if self.byte(at) == b']':
                break
            at = self.skip(self.expect(at, b','))
        return Node('array', start, at + 1, items)

    def string(self, start):
        text, at, parts = self.text, start + 1, []
        while True:
            plain = PLAIN.match(text, at)
            parts.append(plain.group().decode())
            at = plain.end()
            first = self.byte(at)
            if first == b'"':
                return Node('string', start, at + 1, ''.join(parts))
            if first == b'\\':
                escape = ESCAPE.match(text, at)
                if not escape:
                    raise Malformed(len(text) if is_incomplete(text[at:at + 12], ESCAPE, ESCAPES) else at)
                parts.append(unescape(escape.group().decode()))
                at = escape.end()
            elif first >= b'\x80':
                raise Malformed(len(text) if is_incomplete(text[at:at + 4], UTF8, CHARACTERS) else at)
            else:  # a control character or the end of the text
                raise Malformed(at)

    def number(self, start):
        text, found = self.text, NUMBER.match(self.text, start)
        if not found:
            raise Malformed(start + 1)  # a minus without digits
        mantissa, exponent = found.groups()
        end = found.end()
        if not exponent:
            if self.byte(end) == b'.' and b'.' not in mantissa:
                raise Malformed(end + 1)
            if self.byte(end) in (b'e', b'E'):
                if self.byte(end + 1) == b'+' and math.isinf(float(mantissa)):
                    raise Malformed(start)  # no exponent digits make it finite
                raise Malformed(end + 2 if self.byte(end + 1) in (b'+', b'-') else end + 1)
        value = number_value(found.group())
        if math.isinf(value):
            can_shrink = not exponent or exponent[1:2] == b'-'  # more digits or an exponent could make it finite
            raise Malformed(end if end == len(text) and can_shrink else start)
        return Node('number', start, end, value)


def unescape(escape):
    if escape[1] != 'u':
        return SHORT[escape[1]]
    return bytes.fromhex(escape.replace('\\u', '')).decode('utf-16-be')


def number_value(text):
    """Integers of 64 bits are exact. All other numbers are the nearest double.

    CPython's `float` rounds digits and exponents of any length correctly in linear time. `int` refuses long ones.
    """
    if len(text) <= 20 and text.lstrip(b'-').isdigit() and -2**63 <= int(text) < 2**64:
        return int(text)
    return float(text)


def plain_value(node):
    """The node as a Python value. The first of repeated names counts."""
    if node.kind == 'object':
        first = {}
        for entry in node.value:
            first.setdefault(entry.name, entry.node)
        return {name: plain_value(value) for name, value in first.items()}
    if node.kind == 'array':
        return [plain_value(item) for item in node.value]
    return node.value


def parse(text):
    return plain_value(Reader(text).read())


# ---------------------------------------------------------------------------------------------------------------------
# The shapes of the two documents.

Shape = namedtuple('Shape', 'kind fields required closed low high values field item')
Shape.__new__.__defaults__ = (None,) * 9

MODELS = ('gpt-4o-mini', 'gpt-4o-enterprise', 'gpt-4.1', 'gpt-4.1-mini', 'gemini-2.5-flash-preview-native-audio-dialog',
          'gemini-2.5-flash', 'gemini-live-2.5-flash-preview',
          'geminiaudiopipeline:gemini-2.5-flash-preview-native-audio-dialog', 'gemini-2.0-flash-live-001', 'gpt-5')
PROVIDERS = ('openai', 'rime', 'elevenlabs', '11labs_byo', 'google')
OWN_KEY = '11labs_byo'
KEY, ATTEMPTS, GAPS = 'elevenLabsApiKey', 'maxAttemptsForSmartCallback', 'gapBetweenEachAttemptForSmartCallback'

ANY = Shape('any')
STRING = Shape('string')
BOOLEAN = Shape('boolean')


def record(closed, required=(), **fields):
    return Shape('object', fields=fields, required=required, closed=closed)


def listing(item):
    return Shape('array', item=item)


def gaps(closed):
    return listing(record(closed, days=Shape('integer', low=0, high=30), hours=Shape('integer', low=0, high=23)))


FRACTION = Shape('number', low=0, high=1)
SETTINGS = record(False, speed=FRACTION, volume=FRACTION, temperature=FRACTION)
BOTH = {
    'name': STRING, 'smartCallback': BOOLEAN, ATTEMPTS: Shape('integer', low=0, high=4294967295),
    'phoneNumberIds': listing(STRING), 'settings': SETTINGS, 'variables': record(False),
}
UPDATE = record(
    True, ('llmModel',), **BOTH, **{GAPS: gaps(True)}, llmModel=Shape('vocabulary', values=MODELS, field='llmModel'),
    ttsModel=record(True, ('provider',), provider=Shape('vocabulary', values=PROVIDERS, field='provider'), voiceId=STRING,
                    language=STRING, elevenLabsApiKey=Shape('string or null')))
AGENT_VOICE = record(False, provider=STRING, voiceId=STRING, name=STRING, language=STRING, elevenLabsApiKey=STRING)
SESSION = record(False, roomName=STRING, participantId=STRING, startTime=STRING, status=STRING)
AGENT = record(
    False, **BOTH, **{GAPS: gaps(False)}, _id=STRING, workspaceId=STRING, userId=STRING, llmModel=STRING, status=STRING,
    currentNode=STRING, createdAt=STRING, updatedAt=STRING, ttsModel=AGENT_VOICE, activeSessions=listing(SESSION))
SHAPES = {'update': UPDATE, 'agent': AGENT}

KINDS = {'vocabulary': 'string', 'integer': 'number'}  # the JSON type of shapes whose kind is not a JSON type

# The response fields of the page except `userId` and the key.
EXPECTED = ('_id', 'workspaceId', 'name', 'ttsModel', 'llmModel', 'smartCallback', 'phoneNumberIds', 'activeSessions',
            'settings', 'status', 'currentNode', 'variables', 'createdAt', 'updatedAt')
EXPECTED_VOICE = ('provider', 'voiceId', 'name', 'language')
EXPECTED_SESSION = ('roomName', 'participantId', 'startTime', 'status')


# ---------------------------------------------------------------------------------------------------------------------
# Strings that advisories check.

WHITE_SPACE = frozenset('\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000').union(map(chr, range(0x2000, 0x200b)))

LANGTAG = re.compile(r'''
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3} | [a-z]{4} | [a-z]{5,8} )  # language, with up to three extlangs
    (?: -[a-z]{4} )?                                               # script
    (?: -(?: [a-z]{2} | [0-9]{3} ) )?                              # region
    (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )*                 # variants
    (?: -[a-wy-z0-9] (?: -[a-z0-9]{2,8} )+ )*                      # extensions
    (?: -x (?: -[a-z0-9]{1,8} )+ )?
  | x (?: -[a-z0-9]{1,8} )+
''', re.VERBOSE)
IRREGULAR = frozenset(  # regular grandfathered tags match the grammar above
    'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu '
    'sgn-be-fr sgn-be-nl sgn-ch-de'.split())


def is_language_tag(text):
    """Whether the tag is well-formed by the grammar of RFC 5646, section 2.1."""
    lower = text.lower()
    return text.isascii() and (lower in IRREGULAR or LANGTAG.fullmatch(lower) is not None)


DATE_TIME = re.compile(
    r'([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))')


def is_date_time(text):
    """Whether the text is an RFC 3339 timestamp: the day exists, and second 60 is only at the end of a month in UTC."""
    found = DATE_TIME.fullmatch(text)
    if not found:
        return False
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    sign, offset_hour, offset_minute = found.group(7), int(found.group(8) or 0), int(found.group(9) or 0)
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 60 or offset_hour > 23 or offset_minute > 59:
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    if not 1 <= day <= last:
        return False
    if second < 60:
        return True
    offset = offset_hour * 60 + offset_minute
    later, utc = divmod(hour * 60 + minute - (-offset if sign == '-' else offset), 24 * 60)
    ends_month = {-1: day == 1, 0: day == last, 1: day + 1 == last}[later]  # the UTC day is earlier, the same or later
    return utc == 23 * 60 + 59 and ends_month


# ---------------------------------------------------------------------------------------------------------------------
# The validator.

def pointer_to(pointer, name):
    return f'{pointer}/{str(name).replace("~", "~0").replace("/", "~1")}'


class Validator:
    def __init__(self, text, direction, tolerant, accept):
        self.text, self.is_update, self.tolerant, self.accept = text, direction == 'update', tolerant, accept
        self.violations, self.advisories = [], []
        self.invalid = set()  # the pointers of violations, except for repeated names
        try:
            root = Reader(text).read()
        except Malformed as fault:
            self.add_violation('malformed', '', fault.offset, min(fault.offset + 1, len(text)))
            return
        self.visit(root, '', SHAPES[direction])
        if root.kind == 'object':
            (self.check_update if self.is_update else self.check_agent)(root)

    def add_violation(self, code, pointer, start, end):
        self.violations.append((start, code, pointer, end))
        if code != 'duplicate-field':
            self.invalid.add(pointer)

    def add_advisory(self, code, pointer, start, end):
        self.advisories.append((start, code, pointer, end))

    # -- Violations

    def visit(self, node, pointer, shape):
        if shape is ANY:
            if node.kind == 'object':
                self.visit_entries(node, pointer, {}, False)
            elif node.kind == 'array':
                self.visit_items(node, pointer, ANY)
            return
        fits = node.kind in shape.kind.split(' or ') or node.kind == KINDS.get(shape.kind)
        if not fits or shape.kind == 'integer' and node.value != math.floor(node.value):
            self.add_violation('wrong-type', pointer, node.start, node.end)
        elif shape.kind in ('integer', 'number'):
            if not shape.low <= node.value <= shape.high:
                self.add_violation('out-of-range', pointer, node.start, node.end)
        elif shape.kind == 'vocabulary':
            if node.value not in shape.values:
                accepted = self.tolerant or (shape.field, node.value) in self.accept
                (self.add_advisory if accepted else self.add_violation)('unknown-value', pointer, node.start, node.end)
        elif shape.kind == 'array':
            self.visit_items(node, pointer, shape.item)
        elif shape.kind == 'object':
            seen = self.visit_entries(node, pointer, shape.fields, shape.closed)
            for name in shape.required:
                if name not in seen:
                    self.add_violation('missing-field', pointer_to(pointer, name), node.start, node.start + 1)
            if shape is UPDATE.fields['ttsModel']:
                self.check_key(node, pointer, seen)

    def visit_items(self, node, pointer, shape):
        for index, item in enumerate(node.value):
            self.visit(item, pointer_to(pointer, index), shape)

    def visit_entries(self, node, pointer, fields, closed):
        """Visits the first entry of each name and returns these values by name."""
        seen = {}
        for name, start, end, value in node.value:
            where = pointer_to(pointer, name)
            if name in seen:
                self.add_violation('duplicate-field', where, start, end)
                continue
            seen[name] = value
            if name in fields:
                if self.is_update or value.kind != 'null':  # in a response, null means absent
                    self.visit(value, where, fields[name])
            elif closed:
                (self.add_advisory if self.tolerant else self.add_violation)('unknown-field', where, start, end)
            else:
                self.visit(value, where, ANY)
        return seen

    def check_key(self, voice, pointer, seen):
        if 'provider' in seen and seen['provider'].value == OWN_KEY:
            key = seen.get(KEY)
            if key is None:
                self.add_violation('missing-field', pointer_to(pointer, KEY), voice.start, voice.start + 1)
            elif key.kind == 'null' or key.value == '':
                self.add_violation('missing-field', pointer_to(pointer, KEY), key.start, key.end)

    # -- Advisories

    def field(self, parent, pointer, name):
        """The first value of this name if it has no violation itself."""
        if parent is None or parent.kind != 'object' or pointer_to(pointer, name) in self.invalid:
            return None
        return next((entry.node for entry in parent.value if entry.name == name), None)

    def items(self, parent, pointer, name):
        """The items of this array that have no violation themselves."""
        node = self.field(parent, pointer, name)
        where = pointer_to(pointer, name)
        items = enumerate(node.value) if node and node.kind == 'array' else ()
        pairs = ((pointer_to(where, index), item) for index, item in items)
        return [(at, item) for at, item in pairs if at not in self.invalid]

    def add_advisory_at(self, code, pointer, node):
        self.add_advisory(code, pointer, node.start, node.end)

    def check_update(self, root):
        name, callback, attempts, gap_list = (
            self.field(root, '', field) for field in ('name', 'smartCallback', ATTEMPTS, GAPS))
        if name and WHITE_SPACE.issuperset(name.value):
            self.add_advisory_at('blank-name', '/name', name)
        if attempts and gap_list and attempts.value != len(gap_list.value):
            self.add_advisory_at('gap-count', '/' + GAPS, gap_list)
        if callback and callback.value is False and (attempts or gap_list):
            self.add_advisory_at('callback-off', '/smartCallback', callback)
        for where, item in self.items(root, '', GAPS):
            days, hours = self.field(item, where, 'days'), self.field(item, where, 'hours')
            no_hours = hours.value == 0 if hours else where + '/hours' not in self.invalid
            if days and days.value == 0 and no_hours:
                self.add_advisory_at('zero-gap', where, item)
        earlier = set()
        for where, item in self.items(root, '', 'phoneNumberIds'):
            if item.value in earlier:
                self.add_advisory_at('repeated-phone-number', where, item)
            earlier.add(item.value)
        voice = self.field(root, '', 'ttsModel')
        provider, key, language = (self.field(voice, '/ttsModel', name) for name in ('provider', KEY, 'language'))
        if key and key.kind == 'string' and provider and provider.value in PROVIDERS and provider.value != OWN_KEY:
            self.add_advisory_at('key-unused', '/ttsModel/' + KEY, key)
        if language and not is_language_tag(language.value):
            self.add_advisory_at('language-tag', '/ttsModel/language', language)

    def check_agent(self, root):
        self.check_absent(root, '', EXPECTED)
        self.check_timestamps(root, '', ('createdAt', 'updatedAt'))
        voice = self.field(root, '', 'ttsModel')
        if voice and voice.kind == 'object':
            provider, key = self.field(voice, '/ttsModel', 'provider'), self.field(voice, '/ttsModel', KEY)
            own = provider is not None and provider.value == OWN_KEY
            self.check_absent(voice, '/ttsModel', EXPECTED_VOICE + ((KEY,) if own else ()))
            if provider and provider.kind == 'string' and not own and key and key.kind == 'string':
                self.add_advisory_at('key-disclosed', '/ttsModel/' + KEY, key)
        for where, session in self.items(root, '', 'activeSessions'):
            self.check_absent(session, where, EXPECTED_SESSION)
            self.check_timestamps(session, where, ('startTime',))

    def check_absent(self, parent, pointer, names):
        given = {entry.name: entry.node for entry in reversed(parent.value)}
        for name in names:
            if name not in given:
                self.add_advisory('absent-field', pointer_to(pointer, name), parent.start, parent.start + 1)
            elif given[name].kind == 'null':
                self.add_advisory_at('absent-field', pointer_to(pointer, name), given[name])

    def check_timestamps(self, parent, pointer, names):
        for name in names:
            node = self.field(parent, pointer, name)
            if node and node.kind == 'string' and not is_date_time(node.value):
                self.add_advisory_at('timestamp', pointer_to(pointer, name), node)

    # -- Positions

    def report(self, found):
        found = sorted(found, key=lambda entry: (entry[0], entry[1], entry[2].encode()))
        return [self.position(*entry) for entry in found]

    def position(self, start, code, pointer, end):
        line_start = self.text.rfind(b'\n', 0, start) + 1
        return {
            'code': code, 'pointer': pointer, 'offset': start, 'length': end - start,
            'line': self.text.count(b'\n', 0, start) + 1,
            'column': len(self.text[line_start:start].decode(errors='replace')) + 1,
        }


def validate(text, direction, tolerant=False, accept=frozenset()):
    """Validates a document. `accept` has pairs of a field (`llmModel` or `provider`) and a value."""
    found = Validator(text, direction, tolerant, accept)
    return {
        'valid': not found.violations,
        'violations': found.report(found.violations),
        'advisories': found.report(found.advisories),
    }
