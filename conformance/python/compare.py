"""Compares the command with the reference implementation on generated documents. Exit status 1 if they differ.

    python3 compare.py BINARY --direction update|agent --count N --seed S [--tolerant] [--accept FIELD=VALUE]...
    python3 compare.py BINARY --direction update|agent --count N --seed S --normalize
    python3 compare.py BINARY --apply N --seed S
"""
import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from apply_update import apply, normal_agent, normal_update, same
from contract import Malformed, validate, parse
from generate import KEY, SECRET, documents, valid_document

FIELDS = ('code', 'pointer', 'offset', 'length', 'line', 'column')
MAX_SHOWN = 20
KEPT_SECRET = re.compile(rf'"{KEY}"[ \t\r]*:[ \t\r]*"[^"]*{SECRET}'.encode())


class Differences:
    def __init__(self):
        self.count = 0

    def add(self, title, document, *lines):
        self.count += 1
        if self.count <= MAX_SHOWN:
            print(f'--- {title}', ascii_text(document), *lines, sep='\n    ')


def ascii_text(data):
    return ascii(data)[2:-1].replace('\\\\', '\\') if isinstance(data, bytes) else str(data)


def run(command, data=None):
    done = subprocess.run([str(part) for part in command], input=data, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def is_blank(text):
    return not text.strip(b' \t\r')


def entries(findings):
    return [tuple(entry.get(field) for field in FIELDS) for entry in findings]


def compare_reports(binary, options, differences):
    """Compares the verdict, violations and advisories of every line. Some lines are blank."""
    rng, lines, numbered = random.Random(options.seed), [], {}
    for text in documents(options.direction, options.count, options.seed):
        while rng.random() < 0.05:
            lines.append(rng.choice((b'', b' ', b'\r', b' \t\r')))
        if not is_blank(text):
            lines.append(text)
            numbered[len(lines)] = text
    data = b'\n'.join(lines) + rng.choice((b'', b'\n', b'\n\r\n'))

    accept = frozenset(tuple(accepted.split('=', 1)) for accepted in options.accept)
    flags = ['--tolerant'] * options.tolerant + [part for accepted in options.accept for part in ('--accept', accepted)]
    command = [binary, 'validate', '--as', options.direction, '--lines', '--format', 'ndjson', *flags, '-']
    status, out, err = run(command, data)

    reports, last = {}, 0
    for index, line in enumerate(out.removesuffix(b'\n').split(b'\n') if out else ()):
        try:
            report = json.loads(line)
            number = report['line']
        except (ValueError, KeyError, TypeError) as fault:
            differences.add(f'cannot parse report {index + 1}: {fault!r}', line)
            continue
        if number in reports or number not in numbered:
            differences.add(f'unexpected report for line {number}', line)
        elif number < last:
            differences.add(f'the report for line {number} is out of order', line)
        reports[number], last = (report, line), number

    any_invalid = False
    for number, text in numbered.items():
        expected = validate(text, options.direction, options.tolerant, accept)
        any_invalid |= not expected['valid']
        if number not in reports:
            differences.add(f'line {number}: no report', text)
            continue
        report, line = reports[number]
        found = [f'valid: expected {expected["valid"]}, found {report.get("valid")}'] * (expected['valid'] is not report.get('valid'))
        for what in ('violations', 'advisories'):
            right = entries({**entry, 'line': number} for entry in expected[what])
            got = entries(report.get(what, []))
            found += [f'{what}: missing {entry}' for entry in right if entry not in got]
            found += [f'{what}: unexpected {entry}' for entry in got if entry not in right]
            if right != got and sorted(map(str, right)) == sorted(map(str, got)):
                found.append(f'{what}: wrong order; expected {right}, found {got}')
            elif right != got and set(right) == set(got):
                found.append(f'{what}: wrong number; expected {right}, found {got}')
        if SECRET.encode() in line and 0 < text.count(SECRET.encode()) == len(KEPT_SECRET.findall(text)):
            found.append(f'the report shows a secret: {ascii_text(line)}')
        if found:
            differences.add(f'line {number}', text, *found)
    if status != int(any_invalid):
        differences.add(f'exit status: expected {int(any_invalid)}, found {status}', err[:2000])
    print(f'{len(numbered)} documents, {differences.count} differences')


def compare_round_trips(binary, options, differences):
    """Compares the normalized form of each valid document, and checks that normalizing it again changes no byte."""
    texts = [text for text in documents(options.direction, options.count, options.seed)
             if not is_blank(text) and validate(text, options.direction)['valid']]
    command = [binary, 'normalize', '--as', options.direction, '--lines', '-']
    status, once, err = run(command, b''.join(text + b'\n' for text in texts))
    again_status, twice, _ = run(command, once)
    if (status, again_status) != (0, 0):
        differences.add(f'exit status: expected 0, found {status}, and {again_status} the second time', err[:2000])
    if once != twice:
        pairs = zip(once.split(b'\n'), twice.split(b'\n'))
        one, other = next((pair for pair in pairs if pair[0] != pair[1]), (b'', b'(the number of lines differs)'))
        differences.add('normalizing again changes bytes', one, ascii_text(other))
    lines = once.split(b'\n')[:-1]
    if len(lines) != len(texts):
        differences.add(f'{len(texts)} documents in, {len(lines)} out', err[:2000])
    normal = normal_update if options.direction == 'update' else normal_agent
    for text, line in zip(texts, lines):
        compare_values(normal(parse(text)), line, text, differences)
    print(f'{len(texts)} round trips, {differences.count} differences')


def compare_applied(binary, options, differences):
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder, name) for name in ('agent.json', 'update.json')]
        for _ in range(options.apply):
            agent, update = (valid_document(rng, direction) for direction in ('agent', 'update'))
            for file, text in zip(files, (agent, update)):
                file.write_bytes(text)
            status, out, err = run([binary, 'apply', *files])
            both = agent + b'  <-  ' + update
            if status:
                differences.add(f'exit status: expected 0, found {status}', both, ascii_text(err[:2000]))
            else:
                compare_values(apply(parse(agent), parse(update)), out, both, differences)
    print(f'{options.apply} updates applied, {differences.count} differences')


def compare_values(expected, line, document, differences):
    try:
        got = parse(line)
    except Malformed as fault:
        differences.add(f'the output is not JSON at offset {fault}', document, f'found: {ascii_text(line)}')
        return
    if not same(expected, got):
        differences.add('the value differs', document, f'expected: {json.dumps(expected)}', f'found:    {ascii_text(line)}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('binary')
    parser.add_argument('--direction', choices=('update', 'agent'), default='update')
    parser.add_argument('--count', type=int, default=10000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tolerant', action='store_true')
    parser.add_argument('--accept', action='append', default=[], metavar='FIELD=VALUE')
    parser.add_argument('--normalize', action='store_true')
    parser.add_argument('--apply', type=int, metavar='N')
    options = parser.parse_args()
    differences = Differences()
    if options.apply is not None:
        compare_applied(options.binary, options, differences)
    elif options.normalize:
        compare_round_trips(options.binary, options, differences)
    else:
        compare_reports(options.binary, options, differences)
    sys.exit(1 if differences.count else 0)


if __name__ == '__main__':
    main()
