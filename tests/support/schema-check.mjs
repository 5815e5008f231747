// schema-check.mjs SCHEMAS [ARTIFACTS]: see schema-check, which installs ajv and starts this.
import {createReadStream, readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, relative} from 'node:path';

const Ajv = createRequire(import.meta.url)(process.env.SYNCGATE_AJV).default;
const [schemas, artifacts] = process.argv.slice(2);
const validators = loadSchemas(schemas);
let checked = 0;
let wrong = 0;

function loadSchemas(directory) {
  const ajv = new Ajv({strict: true, strictRequired: true});
  const found = {};
  for (const name of readdirSync(directory)) {
    if (!name.endsWith('.schema.json')) continue;
    const schema = JSON.parse(readFileSync(join(directory, name), 'utf8'));
    found[name.replace('.v1.schema.json', '')] = ajv.compile(schema);
  }
  return found;
}

function complain(where, text) {
  wrong += 1;
  if (wrong <= 20) console.error(`${where}: ${text}`);
}

// Validates one value; `expected` says whether the schema should take it.
function check(kind, value, where, expected = true) {
  checked += 1;
  const validate = validators[kind];
  if (!validate) return complain(where, `no schema for ${kind}`);
  if (validate(value) === expected) return;
  const [first] = validate.errors ?? [];
  complain(where, expected ? `${first.instancePath || '/'} ${first.message}` : 'should be refused');
}

function files(directory) {
  return readdirSync(directory, {withFileTypes: true}).flatMap(entry => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

function checkExamples() {
  const examples = join(schemas, 'examples');
  for (const path of files(examples)) {
    const [kind, expected] = relative(examples, path).split('/');
    check(kind, JSON.parse(readFileSync(path, 'utf8')), path, expected === 'valid');
  }
}

function kindOfLines(path) {
  if (path.startsWith('journal/')) return 'journal';
  return path.startsWith('receipt-') ? 'receipt-rows' : 'rows';
}

// Lines end with \n and nothing else: readline would also split at U+2028, which is text.
async function* linesOf(path) {
  let rest = '';
  for await (const piece of createReadStream(path, 'utf8')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (rest !== '') yield rest;
}

async function checkLines(path) {
  const kind = kindOfLines(relative(artifacts, path));
  let line = 0;
  for await (const text of linesOf(path)) {
    line += 1;
    if (line === 1 && text.startsWith('syncgate-sealed ')) return; // encrypted: no lines to see
    try {
      check(kind, JSON.parse(text), `${path}:${line}`);
    } catch (error) {
      complain(`${path}:${line}`, error.message);
    }
  }
}

// A .json file that does not claim to be syncgate's (a report for the CI system) is passed over.
function checkDocument(path) {
  const value = JSON.parse(readFileSync(path, 'utf8'));
  if (String(value?.$schema).startsWith('https://syncgate.dev/schemas/')) check(value.kind, value, path);
}

if (artifacts === undefined) {
  checkExamples();
} else {
  for (const path of files(artifacts)) {
    if (path.endsWith('.jsonl')) await checkLines(path);
    if (path.endsWith('.json')) checkDocument(path);
  }
}
console.log(`schema-check: ${checked} checked, ${wrong} wrong`);
process.exit(wrong > 0 || checked === 0 ? 1 : 0);
