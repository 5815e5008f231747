// See format-readers. dotenv and dot-properties give flat texts, yaml a tree.
import {createRequire} from 'node:module';
import readline from 'node:readline';

const require = createRequire(`${process.env.SYNCGATE_READERS}/`);
const dotenv = require('dotenv');
const properties = require('dot-properties');
const yaml = require('yaml');

// Maps, since objects reorder keys that look like numbers.
function flat(object) {
  return new Map(Object.entries(object));
}

function readYaml(text) {
  const document = yaml.parseDocument(text, {version: '1.2', merge: true, intAsBigInt: true, uniqueKeys: true});
  if (document.errors.length > 0) throw document.errors[0];
  return document.toJS({mapAsMap: true, maxAliasCount: 1000});
}

const readers = {
  dotenv: {read: (text) => flat(dotenv.parse(text)), value: (text) => text, path: (key) => [key]},
  properties: {
    // A comment is a string, an entry a pair.
    read: (text) => new Map(properties.parseLines(text).filter(Array.isArray)),
    value: (text) => text,
    path: (key) => [key],
  },
  yaml: {
    read: (text) => readYaml(text) ?? new Map(), // of comments only
    value: (text) => (text.startsWith('"') ? JSON.parse(text) : readYaml(text)),
    path: (key) => key.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~')),
  },
};

// A text that two values share exactly when they are the same, types and all.
function notation(value) {
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${notation(k)}:${notation(v)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(notation).join(',')}]`;
  if (Object.is(value, -0)) return 'number -0';
  return `${typeof value} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
}

// A key of YAML may be a number or a boolean; pointers name it as it is written.
function find(map, name) {
  if (map.has(name)) return name;
  for (const key of map.keys()) if (String(key) === name) return key;
  return name;
}

// `undefined` removes.
function put(tree, path, value) {
  let map = tree;
  for (const name of path.slice(0, -1)) map = map.get(find(map, name));
  const name = find(map, path.at(-1));
  if (value === undefined) map.delete(name);
  else map.set(name, value);
}

function judge(line) {
  const [format, beforeHex, afterHex, ...edits] = line.split(' ');
  const reader = readers[format];
  const text = (hex) => Buffer.from(hex, 'hex').toString('utf8');
  let wanted;
  try {
    wanted = reader.read(text(beforeHex));
  } catch (error) {
    return `unread: ${error.message}`;
  }
  const found = reader.read(text(afterHex));
  for (let i = 0; i < edits.length; i += 2) {
    const path = reader.path(text(edits[i]));
    const value = edits[i + 1] === '-' ? undefined : reader.value(text(edits[i + 1]));
    put(wanted, path, value);
  }
  // In `wanted` a new key stands last; where it stands in `found` is free.
  if (notation(sorted(found)) !== notation(sorted(wanted))) return 'no: other keys or values';
  return 'ok';
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([k, v]) => [k, sorted(v)]).sort(([a], [b]) => (notation(a) < notation(b) ? -1 : 1)));
}

for await (const line of readline.createInterface({input: process.stdin})) {
  let answer;
  try {
    answer = judge(line);
  } catch (error) {
    answer = `no: ${error.message}`;
  }
  process.stdout.write(`${answer.replaceAll('\n', ' ')}\n`);
}
