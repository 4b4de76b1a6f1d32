"""Cases written by hand from the sentences of the contract, and properties of the reference implementation.

    python3 test_contract.py
"""
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import unittest

from apply_update import apply, normal_agent, normal_update, same
from contract import Malformed, Reader, is_date_time, is_language_tag, validate, parse
from generate import DOUBLES, MAKERS, documents, long_number, valid_document

HERE = pathlib.Path(__file__).parent
GAPS = 'gapBetweenEachAttemptForSmartCallback'
ATTEMPTS = 'maxAttemptsForSmartCallback'
EXAMPLE = b'''{
  "name": "Updated Customer Support Agent",
  "llmModel": "claude-3-5-sonnet-latest",
  "ttsModel": {
    "provider": "11labs_byo",
    "voiceId": "21m00Tcm4TlvDq8ikWAM",
    "name": "Premium Voice",
    "language": "en",
    "elevenLabsApiKey": "your-new-elevenlabs-api-key"
  },
  "smartCallback": true,
  "maxAttemptsForSmartCallback": 5,
  "gapBetweenEachAttemptForSmartCallback": [
    { "days": 1, "hours": 0 },
    { "days": 1, "hours": 12 },
    { "days": 2, "hours": 0 },
    { "days": 3, "hours": 0 },
    { "days": 7, "hours": 0 }
  ],
  "settings": {
    "speed": 0.9,
    "volume": 0.8,
    "temperature": 0.6
  }
}
'''


def found(text, direction='update', what='violations', **options):
    """The findings as (code, pointer, source text)."""
    text = text.encode() if isinstance(text, str) else text
    return [(entry['code'], entry['pointer'], text[entry['offset']:entry['offset'] + entry['length']].decode())
            for entry in validate(text, direction, **options)[what]]


def request(fields):
    return '{"llmModel":"gpt-5",' + fields + '}'


def voice(fields):
    return request('"ttsModel":{' + fields + '}')


class Text(unittest.TestCase):
    def fault(self, before, after=b'', length=1, direction='update'):
        """The error is between the two parts, or at the end of the text if there is no second part."""
        text = before + after
        for direction in ('update', 'agent'):
            result = validate(text, direction)
            self.assertEqual([(entry['code'], entry['pointer'], entry['offset'], entry['length']) for entry in result['violations']],
                             [('malformed', '', len(before), 1 if after else 0)], text)
            self.assertEqual((result['valid'], result['advisories']), (False, []))

    def fine(self, text):
        self.assertNotIn('malformed', [entry['code'] for entry in validate(text, 'update')['violations']], text)

    def test_syntax(self):
        for before, after in [
            (b'', b'x'), (b'{', b',}'), (b'{"a":1,', b'}'), (b'{"a"', b' 1}'.strip()), (b'{"a" ', b'1}'), (b'{"a":1 ', b'"b":2}'), (b'{', b'1:2}'),
            (b'[1,', b']'), (b'[1 ', b'2]'), (b'[', b',1]'), (b'[', b'}'), (b'{"a":1', b']'), (b'{"a":', b'}'), (b'[1', b'}'), (b'', b'+1'), (b'0', b'1'),
            (b'-0', b'1'), (b'-', b'x'), (b'[-', b']'), (b'', b'.5'), (b'[1.', b']'), (b'1.', b'e5'), (b'1e', b'x'), (b'[1e', b']'), (b'1e+', b'-1'),
            (b'[1e-', b']'), (b'1.5', b'.5'), (b'1e5', b'.5'), (b'1e5', b'e5'), (b'tr', b'oe'), (b'nul', b'x'), (b'null', b'x'), (b'', b'True'), (b'', b'NaN'),
            (b'-', b'Infinity'), (b'', b"'a'"), (b'', b'//'), (b'[1', b'/**/]'), (b'"a', b'\x00"'), (b'"a', b'\x1f"'), (b'"a', b'\t"'), (b'"a', b'\n"'),
            (b'', b'\x0c1'), (b'', b'\x0b1'), (b'', b'\xc2\xa0{}'), (b'', b'\x00'), (b'{', b"'a':1}"), (b'', b'}'), (b'', b']'), (b'', b':'),
        ]:
            self.fault(before, after)
        for text in (b'"\x7f"', b' \t\r\n{}\r\n', b'-0', b'1E+5', b'[]', b'{"":{}}', b'"\xc2\x80"'):
            self.fine(text)

    def test_trailing_bytes_and_byte_order_mark(self):
        for before, after in [(b'{}', b'{}'), (b'{} ', b'x'), (b'1 ', b'2'), (b'{}', b'\x00'), (b'{}', b','), (b'{}\n', b'\xff'),
                              (b'', b'\xef\xbb\xbf{}'), (b'{}', b'\xef\xbb\xbf'), (b'', b'\xff\xfe{\x00')]:
            self.fault(before, after)

    def test_ends_too_early(self):
        for text in [b'', b' ', b'\r\n', b'{', b'{ ', b'{"', b'{"a', b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'{"a":1,"', b'[', b'[1', b'[1,', b'-', b'[0.',
                     b'1e', b'1e+', b'[1e5', b't', b'tru', b'fals', b'"\\', b'"\\u', b'"\\u1', b'"\\u12', b'"\\u123', b'"\\ud', b'"\\uD8', b'"\\ud83',
                     b'"\\ud83d', b'"\\ud83d\\', b'"\\ud83d\\u', b'"\\ud83d\\uD', b'"\\ud83d\\udE', b'"\\ud83d\\ude0', b'"\\ud83d\\ude00', b'"\\ud7',
                     b'"\xc3', b'"\xe2', b'"\xe2\x82', b'"\xf0', b'"\xf0\x9f', b'"\xf0\x9f\x98', b'"\xf4\x8f\xbf', b'"\xed\x9f', b'"\xe0\xa0',
                     b'[' + b'1' * 400, b'[1' + b'0' * 400 + b'.', b'[1' + b'0' * 400 + b'e', b'[1' + b'0' * 400 + b'e-', b'[1' + b'0' * 400 + b'e-9']:
            self.fault(text)

    def test_escapes(self):
        for before, after in [
            (b'"a', b'\\x"'), (b'"', b'\\u12g4"'), (b'"', b'\\u"'), (b'"', b'\\u123"'), (b'"', b'\\U0041"'), (b'"', b'\\\n"'), (b'"', b"\\'\""), (b'"', b'\\\xc3\xa9"'),
            (b'"', b'\\u12\xff"'), (b'"', b'\\ud800"'), (b'"x', b'\\udc00"'), (b'"', b'\\udc'), (b'"', b'\\ud83d\\u0041"'), (b'"', b'\\ud83d\\n"'),
            (b'"', b'\\ud83dx"'), (b'"', b'\\ud83d\\ud83d\\ude00"'), (b'"', b'\\ud83d\\x"'), (b'"', b'\\ud83d\\u00'), (b'"', b'\\ud83d\xff"'),
            (b'"\\ud83d\\ude00', b'\\ude00"'), (b'{"', b'\\ud800":1}'), (b'"\\\\', b'\\ud800"'),
        ]:
            self.fault(before, after)
        self.assertEqual(parse(rb'"\ud83d\uDE00\u0000\u00e9\/\"\\\b\f\n\r\t\uD7fF\uE000"'), '😀\0é/"\\\b\f\n\r\t\ud7ff\ue000')

    def test_utf8(self):
        for sequence in [b'\x80', b'\xbf', b'\xc0\x80', b'\xc1\xbf', b'\xc3(', b'\xc3"', b'\xe0\x80\x80', b'\xe0\x9f\xbf', b'\xe0\x80', b'\xe2\x28\xa1', b'\xe2\x82"',
                         b'\xed\xa0\x80', b'\xed\xa0', b'\xf0\x8f\xbf\xbf', b'\xf0\x80', b'\xf0\x9f\x98"', b'\xf4\x90\x80\x80', b'\xf4\x90', b'\xf5', b'\xff', b'\xfe']:
            self.fault(b'{"\xc3\xa9', sequence + b'":1}' if b'"' not in sequence else sequence + b':1}')
        for sequence in (b'\xc0', b'\xe0\x80', b'\xed\xa0', b'\xf4\x90'):
            self.fault(b'"', sequence)
        self.fine('"\x80\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"'.encode())

    def test_numbers_beyond_a_double(self):
        for number in [b'1e400', b'-1e400', b'1e309', b'1.7976931348623159e308', b'1' + b'0' * 400 + b'e5', b'1' + b'0' * 400 + b'e+', b'9e99999999999999999999']:
            self.fault(b'[', number)
            self.fault(b'[', number + b']')
            self.fault(b'{"unknown":{"a":[', number + b',1]}}')
        for number in [b'1' * 400, b'1' + b'0' * 400 + b'e-1', b'1' + b'0' * 400 + b'.5']:
            self.fault(b'[', number + b']')
            self.fault(b'[', number + b'x')
            self.fault(b'[' + number)
        self.fault(b'[', b'1e400x')
        self.fault(b'[1' + b'0' * 400 + b'.', b'x')
        for number in [b'1e308', b'1.7976931348623158e308', b'1e-400', b'0e999999', b'1' + b'0' * 400 + b'e-390', b'0.' + b'0' * 400 + b'1e400']:
            self.fine(b'[' + number + b']')

    def test_depth(self):
        for opener, closer in ((b'[', b']'), (b'{"a":', b'}')):
            self.fine(opener * 126 + b'[]' + closer * 126)
            self.fine(b'{"unknown":' + opener * 125 + b'{}' + closer * 125 + b'}')
            self.fault(opener * 127, opener + b'1' + closer * 128)
            self.fault(opener * 127, opener)
            self.fault(opener * 127)

    def test_only_one_violation(self):
        self.fault(b'{"name":1,"name":2,"bad":1', b'x')

    def test_line_and_column(self):
        for text, line, column in [('{\n "é😀": x', 2, 8), ('', 1, 1), ('{\n', 2, 1), ('\r\n{', 2, 2), ('[1,\n\n]', 3, 1), ('"é', 1, 3)]:
            entry, = validate(text.encode(), 'update')['violations']
            self.assertEqual((entry['line'], entry['column']), (line, column), text)
        entry, = validate(EXAMPLE, 'update')['violations'][:1]
        self.assertEqual((entry['line'], entry['column'], entry['offset'], entry['length']), (3, 15, 60, 26))

    def test_agrees_with_python(self):
        """The standard library agrees on which texts are malformed."""
        def refuse(word):
            raise ValueError(word)

        def finite(text):
            return refuse(text) if math.isinf(float(text)) else float(text)

        def is_fine(text):
            try:
                string = text.decode()
                value = json.loads(string, parse_constant=refuse, parse_float=finite, parse_int=finite, object_pairs_hook=list)
                json.dumps(value, ensure_ascii=False).encode()  # no lone surrogate
            except (ValueError, RecursionError):
                return False
            depth = deepest = 0
            for byte in re.sub(r'"(?:[^"\\]|\\.)*"', '', string):
                depth += (byte in '{[') - (byte in '}]')
                deepest = max(deepest, depth)
            return deepest <= 127

        for direction in MAKERS:
            for text in documents(direction, 5000, 7):
                self.assertEqual(fault_in(text) is None, is_fine(text), text)

    def test_offset_is_the_first_byte_that_cannot_continue(self):
        """Every prefix up to the offset can be continued. From some byte on none can, and the offset stays the same."""
        def can_continue(text):
            return fault_in(text) in (None, len(text))

        for direction in MAKERS:
            for text in documents(direction, 3000, 8):
                offset = fault_in(text)
                if offset in (None, len(text)):
                    for end in random.Random(1).sample(range(len(text)), min(10, len(text))):
                        self.assertTrue(can_continue(text[:end]), text[:end])
                    continue
                low, high = 0, len(text)  # the shortest prefix that cannot be continued
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if can_continue(text[:middle]) else (low, middle)
                self.assertTrue(can_continue(text[:offset]), text)
                self.assertEqual([fault_in(text[:high]), fault_in(text[:high + 1])], [offset, offset], text)
                self.assertTrue(offset == high - 1 or offset < high - 1 and text[offset] in b'\\-0123456789' + bytes(range(128, 256)), text)


def fault_in(text):
    try:
        Reader(text).read()
    except Malformed as malformed:
        return malformed.offset
    return None


class Numbers(unittest.TestCase):
    """Numbers with digits and exponents of any length are read exactly and rounded once."""

    def check(self, text, wanted):
        text = text.encode()
        value = Reader(b'[' + text + b']').read().value[0].value if fault_in(b'[' + text + b']') is None else None
        self.assertEqual((value, type(value)), (wanted, type(wanted)), text[:100])

    def test_long(self):
        many = 1_000_000
        zeros, ones = '0' * many, '1' * many
        start = time.process_time()
        for text, wanted in [
            (f'{ones}.5e-{many}', 1 / 9), (f'-{ones}.5E-{many}', -1 / 9), (f'0.{zeros[1:]}11e{many}', 1.1), (f'1{zeros}e-{many}', 1.0),
            (f'0.{zeros}1e{many + 1}', 1.0), (f'1e-{zeros}1', 0.1), (f'1e{zeros}', 1.0), (f'1E+{zeros}308', 1e308), (f'1e{zeros}309', None),
            (f'0e{ones}', 0.0), (f'0.{zeros}e{ones}', 0.0), (f'-0.0e-{ones}', 0.0), (f'1e-{ones}', 0.0), (f'-1e-{ones}', 0.0), (f'1e{ones}', None),
            (f'1.{zeros}', 1.0), (f'30.{zeros}1', 30.0), (ones, None), (f'-{ones}', None), (f'0.{ones}', 1 / 9), (f'0.{zeros}1', 0.0),
            (f'1{zeros}e{many}', None), (f'0.{zeros}1e-{many}', 0.0), (f'1{zeros}e-{many + 324}', 0.0), (f'1{zeros}e-{many + 323}', 1e-323),
        ]:
            self.check(text, wanted)
        self.assertLess(time.process_time() - start, 20)

    def test_integers(self):
        for text, wanted in [
            ('9223372036854775807', 2**63 - 1), ('-9223372036854775808', -2**63), ('-9223372036854775809', -2.0**63),
            ('18446744073709551615', 2**64 - 1), ('18446744073709551616', 2.0**64), ('9007199254740993', 2**53 + 1),
            ('9007199254740993.0', 2.0**53), ('9007199254740993e0', 2.0**53), ('-0', 0), ('-0.0', 0.0), ('1' + '0' * 308, 1e308), ('9' * 5000, None),
            ('1.' + '0' * 5000, 1.0), ('1' + '0' * 5000 + 'e-5000', 1.0), ('9' * 5000 + 'e-5000', 1.0), ('-0.0e5', 0.0), ('0e' + '9' * 5000, 0.0),
        ]:
            self.check(text, wanted)

    def test_halfway(self):
        """A tie rounds to even. The smallest digit next to a tie decides."""
        half = '00000000000000011102230246251565404236316680908203125'  # 2^-53
        threshold = str(2**1024 - 2**970)  # halfway from the largest double to 2^1024
        for zeros in ('', '0' * 20, '0' * 5000):
            for text, wanted in [
                (f'1.{half}{zeros}', 1.0), (f'1.{half}{zeros}1', 1.0000000000000002), (f'-1.{half}{zeros}1', -1.0000000000000002),
                ('0.99999999999999994448884876874217297881841659545898437500' + zeros, 1.0),
                ('0.999999999999999944488848768742172978818416595458984374' + zeros + '9', 0.9999999999999999),
                (f'30.0000000000000001{zeros}', 30.0), (f'30.0000000000000017763568394002504646778106689453125{zeros}', 30.0),
                (f'30.0000000000000017763568394002504646778106689453125{zeros}1', 30.000000000000004),
                (f'{threshold}.{zeros}0', None), (f'-{threshold}.{zeros}0', None), (f'{int(threshold) - 1}.{zeros}9', sys.float_info.max),
                (f'{threshold[0]}.{threshold[1:]}{zeros}e308', None), (f'0.{zeros}{int(threshold) - 1}9e{309 + len(zeros)}', sys.float_info.max),
                ('1.7976931348623158' + zeros + 'e308', sys.float_info.max), ('1.7976931348623159' + zeros + 'e308', None),
            ]:
                self.check(text, wanted)

    def test_denormals(self):
        half = str(5**1075)  # times 10^-1075, half of the smallest double
        for text, wanted in [
            ('4.9e-324', 5e-324), ('5e-324', 5e-324), ('2e-324', 0.0), ('3e-324', 5e-324), ('-2e-324', 0.0), (f'{half}e-1075', 0.0), (f'-{half}e-1075', 0.0),
            (f'{half}{"0" * 3000}1e-4076', 5e-324), (f'0.{"0" * (1075 - len(half))}{half}1', 5e-324), (f'{3 * 5**1075}e-1075', 1e-323),
            ('2.2250738585072011e-308', 2.225073858507201e-308), ('2.2250738585072014e-308', sys.float_info.min),
        ]:
            self.check(text, wanted)

    def test_against_exact_quotients(self):
        """The division of two integers rounds once too, by another algorithm."""
        rng = random.Random(5)
        for _ in range(3000):
            text = long_number(rng, rng.choice(DOUBLES), near=rng.random() < 0.7)
            self.assertLessEqual(len(text), 3000)
            mantissa, exponent = re.fullmatch('([^eE]+)[eE]?(.*)', text).groups()
            before, _, behind = mantissa.partition('.')
            digits = int(before + behind)
            power = int(exponent or 0) - len(behind) if digits else 0
            try:
                wanted = digits * 10**power / 1 if power >= 0 else digits / 10**-power
            except OverflowError:
                wanted = None
            self.check(text, wanted)

    def test_in_documents(self):
        for text, code in [
            ('1' * 800 + '.5e-800', None), ('0.' + '0' * 799 + '11e800', 'out-of-range'), ('1e-' + '0' * 800 + '1', None), ('0e' + '9' * 800, None),
            ('1.' + '0' * 800, None), ('1.' + '0' * 15 + '1110223024625156540423631668090820312' + '5', None), ('-0.0e5', None),
            ('1.' + '0' * 15 + '11102230246251565404236316680908203125' + '0' * 800 + '1', 'out-of-range'), ('-' + '1' * 800 + 'e-800', 'out-of-range'),
        ]:
            found_codes = [entry[:2] for entry in found(request(f'"settings":{{"speed":{text}}}'))]
            self.assertEqual(found_codes, [(code, '/settings/speed')] if code else [], text)


class Duplicates(unittest.TestCase):
    def check(self, text, *wanted, direction='update', **options):
        self.assertEqual([entry[:2] for entry in found(text, direction, **options) if entry[0] == 'duplicate-field'],
                         [('duplicate-field', pointer) for pointer in wanted], text)

    def test_where(self):
        self.check(request('"name":"a","n\\u0061me":"b"'), '/name')
        self.check(request('"name":"a","name":1,"name":null'), '/name', '/name')
        self.check(request('"settings":{"a":1,"\\u0061":2}'), '/settings/a')
        self.check(request('"settings":{"x":[{"a/b":1,"a\\/b":2}]}'), '/settings/x/0/a~1b')
        self.check(request('"variables":{"~":{"":1,"":2}}'), '/variables/~0/')
        self.check(voice('"provider":"rime","provider":5'), '/ttsModel/provider')
        self.check(request(f'"{GAPS}":[{{}},{{"days":1,"days":1}}]'), f'/{GAPS}/1/days')
        self.check(request('"x":{"a":1,"a":2}'))
        self.check(request('"x":{"a":1,"a":2}'), tolerant=True)
        self.check(request('"name":{"a":1,"a":2},"phoneNumberIds":[{"a":1,"a":2}],"settings":[{"a":1,"a":2}],"variables":null'))
        self.check(request('"settings":{"speed":{"a":1,"a":2}}'))
        self.check('[{"a":1,"a":2}]')
        self.check(request('"variables":{"a":1,"a":{"b":1,"b":2}}'), '/variables/a')
        self.check(request('"variables":{"a":{"b":1,"b":2},"a":1}'), '/variables/a/b', '/variables/a')
        self.check('{"x":{"a":1,"a":2},"ttsModel":{"y":[{"b":1,"b":1}]},"activeSessions":[{"z":{"c":0,"c":0}}]}',
                   '/x/a', '/ttsModel/y/0/b', '/activeSessions/0/z/c', direction='agent')
        self.check('{"name":{"a":1,"a":2},"name":null}', '/name', direction='agent')
        self.check(request('"é":1,"e\\u0301":2'))

    def test_unknown_and_repeated(self):
        text = request('"x":1,"x":2')
        self.assertEqual(found(text), [('unknown-field', '/x', '"x"'), ('duplicate-field', '/x', '"x"')])
        self.assertEqual([entry['offset'] for entry in validate(text.encode(), 'update')['violations']], [20, 26])
        self.assertEqual(found(text, tolerant=True), [('duplicate-field', '/x', '"x"')])
        self.assertEqual(found(text, what='advisories', tolerant=True), [('unknown-field', '/x', '"x"')])

    def test_the_first_is_read(self):
        self.assertEqual(found('{"llmModel":"gpt-5","llmModel":5}'), [('duplicate-field', '/llmModel', '"llmModel"')])
        self.assertEqual(found('{"llmModel":5,"llmModel":"gpt-5"}'),
                         [('wrong-type', '/llmModel', '5'), ('duplicate-field', '/llmModel', '"llmModel"')])


class Request(unittest.TestCase):
    def check(self, text, *wanted, **options):
        self.assertEqual(found(text, **options), list(wanted), text)

    def test_example(self):
        self.check(EXAMPLE, ('unknown-value', '/llmModel', '"claude-3-5-sonnet-latest"'), ('unknown-field', '/ttsModel/name', '"name"'))
        self.check(EXAMPLE, direction='agent')

    def test_root(self):
        for text in ('[]', 'null', '1', '"x"', ' [ 1 ] ', 'true'):
            self.check(text, ('wrong-type', '', text.strip()))
        self.check(' {}', ('missing-field', '/llmModel', '{'))
        self.check(request('"name":""'))

    def test_types(self):
        fields = {'name': 's', 'smartCallback': 'b', ATTEMPTS: 'n', GAPS: 'a', 'phoneNumberIds': 'a', 'settings': 'o', 'variables': 'o', 'ttsModel': 'o'}
        for field, right in fields.items():
            for kind, text in {'s': '"5"', 'b': 'true', 'n': '1', 'a': '[]', 'o': '{}', '0': 'null'}.items():
                wanted = [] if kind == right else [('wrong-type', f'/{field}', text)]
                if (field, kind) == ('ttsModel', 'o'):
                    wanted = [('missing-field', '/ttsModel/provider', '{')]
                self.check(request(f'"{field}":{text}'), *wanted)
        self.check('{"llmModel":null}', ('wrong-type', '/llmModel', 'null'))
        self.check('{"llmModel":["gpt-5"]}', ('wrong-type', '/llmModel', '["gpt-5"]'))
        self.check(request('"phoneNumberIds":["",null,1,{"a":[1]}]'), ('wrong-type', '/phoneNumberIds/1', 'null'),
                   ('wrong-type', '/phoneNumberIds/2', '1'), ('wrong-type', '/phoneNumberIds/3', '{"a":[1]}'))
        self.check(voice('"provider":1,"voiceId":null,"language":2'), ('wrong-type', '/ttsModel/provider', '1'),
                   ('wrong-type', '/ttsModel/voiceId', 'null'), ('wrong-type', '/ttsModel/language', '2'))
        self.check(request('"settings":{"speed":null,"volume":"1","temperature":true,"x":null}'), ('wrong-type', '/settings/speed', 'null'),
                   ('wrong-type', '/settings/volume', '"1"'), ('wrong-type', '/settings/temperature', 'true'))

    def test_words(self):
        self.check('{"llmModel":"GPT-5"}', ('unknown-value', '/llmModel', '"GPT-5"'))
        self.check('{"llmModel":"gpt\\u002d5"}')
        self.check(voice('"provider":"azure"'), ('unknown-value', '/ttsModel/provider', '"azure"'))
        for word in ('gpt-4o-mini', 'geminiaudiopipeline:gemini-2.5-flash-preview-native-audio-dialog', 'gemini-2.0-flash-live-001'):
            self.check(f'{{"llmModel":"{word}"}}')

    def test_integers(self):
        def days(text, code=None):
            self.check(request(f'"{GAPS}":[{{"days":{text}}}]'), *([(code, f'/{GAPS}/0/days', text)] if code else []))

        for text in ['0', '30', '30.0', '3e1', '300e-1', '30.0000000000000001', '-0', '-0.0', '-1e-400', '1e-400', '29.99999999999999999999', '0e99999']:
            days(text)
        for text in ['31', '31.0', '-1', '-1.0', '3.1e1', '1e300', '-1e300', '18446744073709551616', '1' + '0' * 300, '4294967296']:
            days(text, 'out-of-range')
        for text in ['30.5', '31.5', '-0.5', '0.1', '1e-300', '5e-324', '-5e-324', 'null', '"1"', '[1]', 'true']:
            days(text, 'wrong-type')
        for text, code in [('23', None), ('24', 'out-of-range'), ('-1', 'out-of-range'), ('22.5', 'wrong-type'), ('null', 'wrong-type')]:
            self.check(request(f'"{GAPS}":[{{"hours":{text}}}]'), *([(code, f'/{GAPS}/0/hours', text)] if code else []))
        for text, code in [('4294967295', None), ('4294967295.0', None), ('4294967295.00000001', None), ('4294967296', 'out-of-range'),
                           ('4294967295.5', 'wrong-type'), ('-1', 'out-of-range'), ('0', None)]:
            self.check(request(f'"{ATTEMPTS}":{text}'), *([(code, f'/{ATTEMPTS}', text)] if code else []))

    def test_fractions(self):
        for text in ['0', '1', '1.0', '-0.0', '-1e-400', '0.5', '1.0000000000000001', '10e-1', '5e-324']:
            self.check(request(f'"settings":{{"speed":{text}}}'))
        for text in ['1.0000000000000003', '-5e-324', '2', '-1', '1e300']:
            self.check(request(f'"settings":{{"volume":{text}}}'), ('out-of-range', '/settings/volume', text))

    def test_unknown_fields(self):
        self.check(request('"a/b~":{"c":1},"_id":"x"'), ('unknown-field', '/a~1b~0', '"a/b~"'), ('unknown-field', '/_id', '"_id"'))
        self.check(voice('"provider":"rime","\\u006eame":1'), ('unknown-field', '/ttsModel/name', '"\\u006eame"'))
        self.check(request(f'"{GAPS}":[{{"minutes":1}}]'), ('unknown-field', f'/{GAPS}/0/minutes', '"minutes"'))
        self.check(request('"settings":{"x":1},"variables":{"y":{"z":null}}'))

    def test_key(self):
        at = '/ttsModel/elevenLabsApiKey'
        byo = '"provider":"11labs_byo"'
        self.check(voice(byo), ('missing-field', at, '{'))
        self.check(voice(byo + ',"elevenLabsApiKey":null'), ('missing-field', at, 'null'))
        self.check(voice(byo + ',"elevenLabsApiKey":""'), ('missing-field', at, '""'))
        self.check(voice('"elevenLabsApiKey":"",' + byo), ('missing-field', at, '""'))
        self.check(voice(byo + ',"elevenLabsApiKey":" "'))
        self.check(voice(byo + ',"elevenLabsApiKey":[]'), ('wrong-type', at, '[]'))
        self.check(voice('"provider":"11labs\\u005fbyo"'), ('missing-field', at, '{'))
        for key in ('null', '""', '"k"'):
            self.check(voice(f'"provider":"rime","elevenLabsApiKey":{key}'))
            self.check(voice(f'"elevenLabsApiKey":{key}'), ('missing-field', '/ttsModel/provider', '{'))
            self.check(voice(f'"provider":null,"elevenLabsApiKey":{key}'), ('wrong-type', '/ttsModel/provider', 'null'))
            self.check(voice(f'"provider":"x","elevenLabsApiKey":{key}'), ('unknown-value', '/ttsModel/provider', '"x"'))
        self.check(voice('"provider":"rime","elevenLabsApiKey":1'), ('wrong-type', at, '1'))
        self.check(voice('"provider":"rime","provider":"11labs_byo"'), ('duplicate-field', '/ttsModel/provider', '"provider"'))

    def test_tolerance(self):
        text = '{"llmModel":"new","x":{"a":1,"a":2},"ttsModel":{"provider":"other","y":1,"elevenLabsApiKey":null}}'
        advisories = [('unknown-value', '/llmModel', '"new"'), ('unknown-field', '/x', '"x"'),
                      ('unknown-value', '/ttsModel/provider', '"other"'), ('unknown-field', '/ttsModel/y', '"y"')]
        self.check(text, *advisories)
        self.check(text, tolerant=True)
        self.check(text, *advisories, what='advisories', tolerant=True)
        accept = frozenset({('llmModel', 'new'), ('provider', 'new')})
        self.check(text, *advisories[1:], accept=accept)
        self.check(text, advisories[0], what='advisories', accept=accept)
        self.check('{"llmModel":null}', ('wrong-type', '/llmModel', 'null'), tolerant=True)
        self.check('{"llmModel":"gpt-5"}', what='advisories', accept=frozenset({('llmModel', 'gpt-5')}))

    def test_order(self):
        self.check('{"ttsModel":{"a":1}}', ('missing-field', '/llmModel', '{'), ('missing-field', '/ttsModel/provider', '{'), ('unknown-field', '/ttsModel/a', '"a"'))
        wanted = [('absent-field', f'/{name}', '{') for name in sorted(
            'name ttsModel llmModel smartCallback phoneNumberIds activeSessions settings status currentNode variables createdAt updatedAt _id workspaceId'.split())]
        self.check('{}', *wanted, direction='agent', what='advisories')


class Response(unittest.TestCase):
    def check(self, text, *wanted):
        self.assertEqual(found(text, 'agent'), list(wanted), text)

    def test_open(self):
        self.check('{}')
        self.check('{"x":null,"name":null,"llmModel":"other","status":"odd","ttsModel":{"provider":"any","y":1},"maxAttemptsForSmartCallback":null,'
                   f'"{GAPS}":[{{"days":null,"hours":null,"z":1}}],"settings":{{"speed":null,"q":null}},"activeSessions":[{{"roomName":null,"w":[]}}]}}')
        self.check('{"ttsModel":null,"settings":null,"variables":null,"activeSessions":null,"phoneNumberIds":null,"smartCallback":null}')
        self.check('{"ttsModel":{"provider":"11labs_byo"}}')

    def test_enforced(self):
        self.check('null', ('wrong-type', '', 'null'))
        self.check('{"phoneNumberIds":[null]}', ('wrong-type', '/phoneNumberIds/0', 'null'))
        self.check('{"activeSessions":[null,{"startTime":5}]}', ('wrong-type', '/activeSessions/0', 'null'), ('wrong-type', '/activeSessions/1/startTime', '5'))
        self.check(f'{{"{GAPS}":[null,{{"days":31}},{{"hours":1.5}}]}}', ('wrong-type', f'/{GAPS}/0', 'null'),
                   ('out-of-range', f'/{GAPS}/1/days', '31'), ('wrong-type', f'/{GAPS}/2/hours', '1.5'))
        self.check('{"settings":{"speed":1.5,"volume":[]}}', ('out-of-range', '/settings/speed', '1.5'), ('wrong-type', '/settings/volume', '[]'))
        self.check('{"llmModel":1,"status":false,"_id":{},"userId":1,"createdAt":1700000000,"ttsModel":{"elevenLabsApiKey":0,"name":1}}',
                   *(('wrong-type', pointer, text) for pointer, text in [('/llmModel', '1'), ('/status', 'false'), ('/_id', '{}'), ('/userId', '1'),
                     ('/createdAt', '1700000000'), ('/ttsModel/elevenLabsApiKey', '0'), ('/ttsModel/name', '1')]))


class Advisories(unittest.TestCase):
    def check(self, text, *wanted, direction='update', **options):
        self.assertEqual(found(text, direction, 'advisories', **options), list(wanted), text)

    def test_gap_count(self):
        for attempts, gaps, wanted in [('2', '[{},{}]', False), ('2.0', '[{},{}]', False), ('1', '[{},{}]', True), ('1', '[]', True), ('0', '[]', False),
                                       ('1', '[5]', False), ('2', '[null]', True), ('-1', '[{}]', False), ('"2"', '[{}]', False), ('2', '{}', False)]:
            self.check(request(f'"{ATTEMPTS}":{attempts},"{GAPS}":{gaps}'), *([('gap-count', f'/{GAPS}', gaps)] if wanted else []))
        self.check(request(f'"{ATTEMPTS}":3'))
        self.check(request(f'"{GAPS}":[{{}}]'))
        self.check(request(f'"{ATTEMPTS}":1,"{GAPS}":[{{}}],"{ATTEMPTS}":2'))

    def test_callback_off(self):
        off = ('callback-off', '/smartCallback', 'false')
        self.check(request(f'"smartCallback":false,"{ATTEMPTS}":0'), off)
        self.check(request(f'"{GAPS}":[],"smartCallback":false'), off)
        self.check(request('"smartCallback":false'))
        self.check(request(f'"smartCallback":true,"{ATTEMPTS}":1'))
        self.check(request(f'"smartCallback":0,"{ATTEMPTS}":1'))
        self.check(request(f'"smartCallback":false,"{ATTEMPTS}":"1"'))

    def test_zero_gap(self):
        for gap, wanted in [('{"days":0}', True), ('{"days":0,"hours":0}', True), ('{"days":-0.0,"hours":0e5}', True), ('{}', False), ('{"hours":0}', False),
                            ('{"days":0,"hours":1}', False), ('{"days":0,"hours":null}', False), ('{"days":0,"hours":24}', False), ('{"days":0,"x":1}', True),
                            ('{"days":0,"days":1}', True), ('{"days":1,"days":0}', False), ('{"days":null}', False), ('{"days":-1e-400}', True)]:
            self.check(request(f'"{GAPS}":[{gap}]'), *([('zero-gap', f'/{GAPS}/0', gap)] if wanted else []))

    def test_keys(self):
        at = '/ttsModel/elevenLabsApiKey'
        self.check(voice('"provider":"rime","elevenLabsApiKey":"k"'), ('key-unused', at, '"k"'))
        self.check(voice('"provider":"rime","elevenLabsApiKey":""'), ('key-unused', at, '""'))
        self.check(voice('"provider":"rime","elevenLabsApiKey":null'))
        self.check(voice('"provider":"11labs_byo","elevenLabsApiKey":"k"'))
        self.check(voice('"provider":"odd","elevenLabsApiKey":"k"'))
        self.check(voice('"provider":"odd","elevenLabsApiKey":"k"'), ('unknown-value', '/ttsModel/provider', '"odd"'), tolerant=True)

    def test_phone_numbers(self):
        self.check(request('"phoneNumberIds":["a","b","\\u0061",1,1,"a",null,null]'), ('repeated-phone-number', '/phoneNumberIds/2', '"\\u0061"'),
                   ('repeated-phone-number', '/phoneNumberIds/5', '"a"'))

    def test_names(self):
        for text, wanted in [('""', True), ('" "', True), ('"\\u3000\\t\\u0085\\u1680"', True), ('"\u2028\u00a0"', True), ('"\\u200b"', False), ('"\\ufeff"', False),
                             ('"\\u001c"', False), ('" a "', False), ('1', False)]:
            self.check(request(f'"name":{text}'), *([('blank-name', '/name', text)] if wanted else []))

    def test_language(self):
        self.check(voice('"provider":5,"language":"en_US"'), ('language-tag', '/ttsModel/language', '"en_US"'))
        good = '''de fr ja i-enochian zh-Hant sr-Latn zh-cmn-Hans-CN cmn-Hans-CN yue-HK sl-rozaj sl-rozaj-biske sl-nedis de-CH-1901 hy-Latn-IT-arevela
            de-DE es-419 x-whatever qaa-Qaaa-QM-x-southern sr-Latn-QM en-US-u-islamcal zh-CN-a-myext-x-private en-a-myext-b-another ar-a-aaa-b-bbb-a-ccc
            art-lojban cel-gaulish no-bok no-nyn zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang en-GB-oed I-DEFAULT SGN-be-fr EN de-1996-1996 abcd abcde
            abcdefgh en-1abc'''.split()
        for tag in good:
            self.assertTrue(is_language_tag(tag), tag)
        for tag in ['a-DE', '', 'a', 'en-', '-en', 'en--us', 'en_US', 'abcdefghi', 'de-419-DE', 'en-a', 'en-x', 'x', 'x-', 'x-123456789', 'en-abc-abc-abc-abc',
                    'abcd-abc', 'en-1ab', 'en-Latn-Latn', 'i-foo', 'i-klingon-x', 'en-GB-oed-x-a', 'en ', 'en\n', 'é', '\u212aen', 'en-\u0661\u0662\u0663', '1a', 'en-u-x-a']:
            self.assertFalse(is_language_tag(tag), tag)

    def test_absent(self):
        full = {name: '' for name in '_id workspaceId name llmModel status currentNode'.split()}
        full |= {'createdAt': '2024-01-01T00:00:00Z', 'updatedAt': '2024-01-01T00:00:00Z', 'smartCallback': False, 'phoneNumberIds': [], 'settings': {}, 'variables': {}}
        full['ttsModel'] = {'provider': 'x', 'voiceId': '', 'name': '', 'language': ''}
        full['activeSessions'] = [{'roomName': '', 'participantId': '', 'status': '', 'startTime': '2024-01-01T00:00:00Z'}]

        def check(change, *wanted):
            self.check(json.dumps(full | change), *wanted, direction='agent')

        check({})
        check({'status': None}, ('absent-field', '/status', 'null'))
        check({'ttsModel': None}, ('absent-field', '/ttsModel', 'null'))
        check({'ttsModel': {'provider': None, 'voiceId': 1, 'elevenLabsApiKey': 'k'}}, ('absent-field', '/ttsModel/language', '{'),
              ('absent-field', '/ttsModel/name', '{'), ('absent-field', '/ttsModel/provider', 'null'))
        check({'ttsModel': full['ttsModel'] | {'provider': '11labs_byo'}}, ('absent-field', '/ttsModel/elevenLabsApiKey', '{'))
        check({'ttsModel': full['ttsModel'] | {'provider': '11labs_byo', 'elevenLabsApiKey': None}}, ('absent-field', '/ttsModel/elevenLabsApiKey', 'null'))
        check({'ttsModel': full['ttsModel'] | {'provider': '11labs_byo', 'elevenLabsApiKey': 'k'}})
        check({'ttsModel': full['ttsModel'] | {'elevenLabsApiKey': 'k'}}, ('key-disclosed', '/ttsModel/elevenLabsApiKey', '"k"'))
        check({'ttsModel': full['ttsModel'] | {'elevenLabsApiKey': None}})
        check({'ttsModel': []})
        check({'activeSessions': [{'roomName': '', 'participantId': None, 'startTime': 'x'}, 5]}, ('absent-field', '/activeSessions/0/status', '{'),
              ('absent-field', '/activeSessions/0/participantId', 'null'), ('timestamp', '/activeSessions/0/startTime', '"x"'))
        check({'createdAt': 5, 'updatedAt': '2024-01-01'}, ('timestamp', '/updatedAt', '"2024-01-01"'))
        check({'settings': {'speed': None}, 'userId': None, ATTEMPTS: None})

    def test_timestamps(self):
        for text in ['2024-02-29T23:59:59Z', '2024-01-01t00:00:00z', '2024-01-01T00:00:00.5+23:59', '2024-01-01T00:00:00-00:00', '2016-12-31T23:59:60Z',
                     '2017-01-01T00:59:60+01:00', '2016-12-31T15:59:60.25-08:00', '2024-01-31T23:59:60Z', '2024-03-01T00:59:60+01:00', '2000-02-29T00:00:00Z',
                     '2023-02-28T23:59:60Z', '2024-02-29T00:59:60-23:00', '0000-02-29T00:00:00Z', '2024-01-01T23:58:60+23:59']:
            self.assertTrue(is_date_time(text), text)
        for text in ['2023-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2024-04-31T00:00:00Z', '2024-00-01T00:00:00Z', '2024-13-01T00:00:00Z', '2024-01-00T00:00:00Z',
                     '2024-01-01 00:00:00Z', '2024-01-01T00:00:00', '2024-01-01T24:00:00Z', '2024-01-01T00:60:00Z', '2024-01-01T00:00:61Z', '2024-01-01T00:00:60Z',
                     '2016-12-30T23:59:60Z', '2016-12-31T23:58:60Z', '2016-12-31T23:59:60+01:00', '2017-01-02T00:59:60+01:00', '2024-02-28T23:59:60Z',
                     '2024-01-01T00:00:00+24:00', '2024-01-01T00:00:00+00:60', '2024-01-01T00:00:00+0000', '2024-01-01T00:00:00.Z', '2024-01-01T00:00Z', '2024-01-01',
                     '', '2024-01-01T23:57:60+23:59', '2024-01-01T00:00:00Z\n', ' 2024-01-01T00:00:00Z', '24-01-01T00:00:00Z', '\uff12024-01-01T00:00:00Z', '2016-12-31T15:59:60-07:59']:
            self.assertFalse(is_date_time(text), text)


class Applying(unittest.TestCase):
    def test_round_trip(self):
        self.assertTrue(same(normal_update({GAPS: [{}, {'days': 0}, {'hours': 5}]}),
                             {GAPS: [{'days': 1, 'hours': 0}, {'days': 0, 'hours': 0}, {'days': 1, 'hours': 5}]}))
        self.assertTrue(same(normal_update({'ttsModel': {'provider': 'rime', 'elevenLabsApiKey': None}}), {'ttsModel': {'provider': 'rime', 'elevenLabsApiKey': None}}))
        self.assertTrue(same(normal_agent({'name': None, 'x': None, 'settings': {'speed': None, 'y': None}, GAPS: [{'days': None}], 'variables': {'speed': None},
                                           'ttsModel': {'provider': None, 'z': None}, 'activeSessions': [{'status': None, 'w': None}]}),
                             {'x': None, 'settings': {'y': None}, GAPS: [{}], 'variables': {'speed': None}, 'ttsModel': {'z': None}, 'activeSessions': [{'w': None}]}))
        self.assertTrue(same(parse(EXAMPLE), normal_agent(parse(EXAMPLE))))
        self.assertTrue(same([5, 0, 2**64, 2**53 + 1], parse(b'[5.0,-0.0,18446744073709551616,9007199254740993]')))
        for one, other in [(True, 1), (0, False), ([], {}), (None, False), ('1', 1), ({'a': 1}, {'a': 1, 'b': None}), (2**53 + 1, float(2**53))]:
            self.assertFalse(same(one, other))

    def test_apply(self):
        agent = {'_id': '1', 'name': 'old', 'smartCallback': True, ATTEMPTS: 9, GAPS: [{'days': 3}], 'phoneNumberIds': ['a', 'b'], 'variables': {'a': 1, 'b': 2},
                 'ttsModel': {'provider': '11labs_byo', 'voiceId': 'v', 'name': 'n', 'extra': 1, 'elevenLabsApiKey': 'k'},
                 'settings': {'speed': 0.5, 'x': {'a': 1}, 'y': 2}, 'more': None, 'status': None}
        kept = {name: value for name, value in agent.items() if name != 'status'}

        def check(update, **change):
            result = apply(agent, {'llmModel': 'gpt-5', **update})
            self.assertTrue(same(result, {**kept, 'llmModel': 'gpt-5', **change}), result)

        check({})
        check({'name': '', ATTEMPTS: 0, 'smartCallback': False, 'phoneNumberIds': [], 'variables': {'c': None}},
              name='', smartCallback=False, phoneNumberIds=[], variables={'c': None}, **{ATTEMPTS: 0})
        check({GAPS: [{}, {'hours': 2}]}, **{GAPS: [{'days': 1, 'hours': 0}, {'days': 1, 'hours': 2}]})
        check({'settings': {'volume': 1, 'x': {'b': 2}, 'y': None}}, settings={'speed': 0.5, 'volume': 1, 'x': {'b': 2}, 'y': None})
        left = {'provider': 'rime', 'voiceId': 'v', 'name': 'n', 'extra': 1}
        check({'ttsModel': {'provider': 'rime'}}, ttsModel=left)
        check({'ttsModel': {'provider': 'rime', 'elevenLabsApiKey': 'new'}}, ttsModel=left)
        check({'ttsModel': {'provider': 'rime', 'elevenLabsApiKey': None}}, ttsModel=left)
        check({'ttsModel': {'provider': '11labs_byo', 'language': 'en', 'elevenLabsApiKey': 'new'}},
              ttsModel={**agent['ttsModel'], 'language': 'en', 'elevenLabsApiKey': 'new'})
        self.assertTrue(same(apply({}, {'llmModel': 'gpt-5', 'settings': {}}), {'llmModel': 'gpt-5', 'settings': {}}))
        self.assertTrue(same(apply({'ttsModel': {'elevenLabsApiKey': 'k'}}, {'llmModel': 'gpt-5'}), {'llmModel': 'gpt-5', 'ttsModel': {}}))


STUB = '''#!{python}
import json, sys
sys.path.insert(0, {here!r})
from apply_update import apply, normal_agent, normal_update
from contract import validate, parse
command, options = sys.argv[1], sys.argv[2:]
direction = options[options.index('--as') + 1] if '--as' in options else None
status = 0
if command == 'apply':
    agent, update = (parse(open(path, 'rb').read()) for path in options)
    print(json.dumps(apply(agent, update), indent=1))
else:
    accept = frozenset(tuple(word.split('=', 1)) for word in options if '=' in word)
    for number, line in enumerate(sys.stdin.buffer.read().split(b'\\n'), 1):
        if not line.strip(b' \\t\\r'):
            continue
        if command == 'normalize':
            print(json.dumps((normal_update if direction == 'update' else normal_agent)(parse(line))))
            continue
        report = validate(line, direction, '--tolerant' in options, accept)
        for entry in report['violations'] + report['advisories']:
            entry['line'] = number
            entry['column'] += {error}
        status |= not report['valid']
        print(json.dumps({{'source': '-', 'line': number, **report}}))
sys.exit(status)
'''


class Comparing(unittest.TestCase):
    def run_compare(self, *options, error=0):
        with tempfile.TemporaryDirectory() as folder:
            stub = pathlib.Path(folder, 'stub')
            stub.write_text(STUB.format(python=sys.executable, here=str(HERE), error=error))
            stub.chmod(0o755)
            done = subprocess.run([sys.executable, HERE / 'compare.py', stub, *options], capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr

    def test_modes(self):
        for direction in MAKERS:
            for options in ([], ['--tolerant'], ['--accept', 'llmModel=gpt-4o', '--accept', 'provider=azure'], ['--normalize']):
                status, text = self.run_compare('--direction', direction, '--count', '1500', '--seed', '3', *options)
                self.assertEqual(status, 0, text)
        self.assertEqual(self.run_compare('--apply', '20'), (0, '20 updates applied, 0 differences\n'))

    def test_finds_differences(self):
        status, text = self.run_compare('--count', '200', error=1)
        self.assertEqual((status, text.count('--- ')), (1, 20), text)

    def test_generator(self):
        for direction in MAKERS:
            self.assertEqual(list(documents(direction, 50, 1)), list(documents(direction, 50, 1)))
            for number in range(2000):
                self.assertTrue(validate(valid_document(random.Random(number), direction), direction)['valid'])
            self.assertFalse(any(b'\n' in text for text in documents(direction, 2000, 1)))


if __name__ == '__main__':
    unittest.main()
