"""See format-readers."""
import io
import json
import logging
import sys

import dotenv
import yaml

logging.disable(logging.CRITICAL)  # python-dotenv warns instead of failing


class Token(str):
    """The digits of a number as they stand."""


def read_dotenv(data):
    found = {}
    for binding in dotenv.parser.parse_stream(io.StringIO(data.decode("utf-8-sig"), newline="")):
        if binding.error:
            raise ValueError(f"line {binding.original.line} is none")
        if binding.key is not None:
            # A line break within quotes is as the file has it.
            found[binding.key] = (binding.value or "").replace("\r\n", "\n")
    return found


def read_json(data):
    def pairs(members):
        if len({name for name, _ in members}) != len(members):
            raise ValueError("a key stands twice")
        return dict(members)

    return json.loads(data.decode("utf-8-sig"), parse_int=Token, parse_float=Token, object_pairs_hook=pairs)


class Loader(yaml.SafeLoader):
    """Any tag is one of its own."""


def any_tag(loader, suffix, node):
    del loader
    return f"{suffix} {yaml.serialize(node)}"


Loader.add_multi_constructor("", any_tag)


def read_yaml(data):
    return yaml.load(data.decode("utf-8-sig"), Loader)


def yaml_value(text):
    return json.loads(text) if text.startswith('"') else read_yaml(text.encode())


def text_value(text):
    return text


def pointer(key):
    return [name.replace("~1", "/").replace("~0", "~") for name in key.split("/")[1:]]


READERS = {
    "dotenv": (read_dotenv, text_value, lambda key: [key]),
    "json": (read_json, lambda text: read_json(text.encode()), pointer),
    "yaml": (lambda data: read_yaml(data) or {}, yaml_value, pointer),
}


def typed(value):
    """A text that two values share exactly when they are the same, types and order of old keys aside."""
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{typed(k)}:{typed(v)}" for k, v in value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(typed(v) for v in value) + "]"
    return f"{type(value).__name__} {value!r}"


def order(value):
    """The keys as they stand, all levels."""
    if not isinstance(value, dict):
        return None
    return [(str(k), order(v)) for k, v in value.items()]


def find(mapping, name):
    """A key of YAML may be a number; pointers name it as it is written."""
    for key in mapping:
        if str(key) == name:
            return key
    return name


def put(tree, path, value):
    for name in path[:-1]:
        tree = tree[find(tree, name)]
    name = find(tree, path[-1])
    if value is None:
        tree.pop(name, None)
    else:
        tree[name] = value[0]


def judge(line):
    form, before, after, *edits = line.rstrip("\n").split(" ")
    read, value, path = READERS[form]
    try:
        wanted = read(bytes.fromhex(before))
    except Exception as error:  # pylint: disable=broad-except
        return f"unread: {error}"
    found = read(bytes.fromhex(after))
    edits = [(path(bytes.fromhex(k).decode()), v) for k, v in zip(edits[::2], edits[1::2])]
    for names, new in edits:
        put(wanted, names, None if new == "-" else [value(bytes.fromhex(new).decode())])
    if typed(found) != typed(wanted):
        return "no: other keys or values"
    # Old keys stand in the old order; new ones may stand anywhere.
    for names, _ in edits:
        put(wanted, names, None)
        put(found, names, None)
    return "ok" if order(found) == order(wanted) else "no: another order"


for case in sys.stdin:
    try:
        answer = judge(case)
    except Exception as error:  # pylint: disable=broad-except
        answer = f"no: {error}"
    print(answer.replace("\n", " "), flush=True)
