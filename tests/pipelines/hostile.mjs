// hostile.mjs MODULES: the composite action's run block (runner.mjs) with inputs, output of the step, documents and secrets
// that want to be commands. A program that records its arguments stands for syncgate. Ends with 1 and what went wrong.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {load, Runner} from './runner.mjs';

const source = fileURLToPath(new URL('../..', import.meta.url));
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'syncgate-hostile.'));
process.on('exit', () => fs.rmSync(work, {recursive: true, force: true}));
const workspace = path.join(work, 'ws');
const bin = path.join(work, 'bin');
fs.mkdirSync(path.join(workspace, '.syncgate'), {recursive: true});
fs.mkdirSync(bin);
for (const one of ['ci', 'action.yml']) fs.cpSync(path.join(source, one), path.join(workspace, '.syncgate', one), {recursive: true});

// What the program of the next call says, writes and ends with: files in `work`.
fs.writeFileSync(path.join(bin, 'syncgate'), `#!/bin/bash
printf '%s\\0' "$@" >"${work}/arguments"
env -0 >"${work}/environment"
cat "${work}/stdout"; cat "${work}/stderr" >&2
if [[ -e "${work}/document" ]]; then mkdir -p syncgate-artifacts; cp -R "${work}/document"/. syncgate-artifacts/; fi
if [[ -e "${work}/wait" ]]; then trap 'exit 130' INT; trap 'exit 143' TERM; : >"${work}/waiting"; for i in {1..200}; do sleep 0.05; done; fi
exit "$(cat "${work}/code")"
`, {mode: 0o755});

let wrong = 0;
const expect = (holds, what, seen) => holds || (++wrong, console.log(`hostile: ${what}` + (seen === undefined ? '' : `: ${JSON.stringify(seen)}`)));
const same = (seen, wanted, what) => expect(JSON.stringify(seen) === JSON.stringify(wanted), what, seen);

const tools = await load(process.argv[2]);
async function call(inputs, {stdout = '', stderr = '', code = 0, documents = {}, left = {}, env = {}, cancelWhen, own = {bin_dir: bin}} = {}) {
  fs.rmSync(path.join(workspace, 'syncgate-artifacts'), {recursive: true, force: true});
  for (const name of ['document', 'arguments', 'environment', 'waiting']) fs.rmSync(path.join(work, name), {recursive: true, force: true});
  fs.writeFileSync(path.join(work, 'stdout'), stdout);
  fs.writeFileSync(path.join(work, 'stderr'), stderr);
  fs.writeFileSync(path.join(work, 'code'), String(code));
  for (const [name, value] of Object.entries(documents)) {
    const file = path.join(work, 'document', name);
    fs.mkdirSync(path.dirname(file), {recursive: true});
    fs.writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const [name, value] of Object.entries(left)) {
    fs.mkdirSync(path.join(workspace, 'syncgate-artifacts'), {recursive: true});
    fs.writeFileSync(path.join(workspace, 'syncgate-artifacts', name), JSON.stringify(value));
  }
  const runner = new Runner({tools, source, work, cancelWhen, env: {PATH: process.env.PATH, HOME: work, ...env}});
  const done = await runner.composite({directory: path.join(workspace, '.syncgate'), inputs: {...own, ...inputs}, contexts: {},
    env: {}, workspace, temp: work, label: 'action'});
  const recorded = path.join(work, 'arguments');
  done.arguments = fs.existsSync(recorded) ? fs.readFileSync(recorded, 'utf8').split('\0').slice(0, -1) : null;
  done.environment = done.arguments && Object.fromEntries(fs.readFileSync(path.join(work, 'environment'), 'utf8').split('\0')
    .slice(0, -1).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  done.named = (name) => done.commands.filter((one) => one.name === name).map((one) => one.value);
  return done;
}
// None of these may have come into being, whatever was in an input.
const noTrace = (what) => {
  for (const directory of [workspace, work, os.tmpdir()]) expect(!fs.existsSync(path.join(directory, 'pwned')), `${what}: something ran`);
};
// Commands that only we may give.
const ours = new Set(['group', 'endgroup', 'error', 'warning', 'notice', 'add-mask']);
const onlyOurs = (done, what) => {
  for (const one of done.commands) {
    const harmless = /^(title=syncgate(%3A [^:,\r\n]*)?)?$/.test(one.properties); // of properties, one title of ours
    expect(ours.has(one.name) && harmless, `${what}: a command`, one);
  }
};

const payloads = ['$(touch pwned)', '`touch pwned`', '"; touch pwned; "', "'; touch pwned; '", 'a\ntouch pwned', '${PATH}', '* ? [a]', '--help',
  '::add-path::/evil', 'x\n::add-path::/evil\n', 'x\r\n::set-env name=PATH::/evil', '##[add-path]/evil', '%0A::add-path::/evil',
  '::stop-commands::evil', '::endgroup::', '::error title=evil::evil', "${{ github.token }}", '\\', '$\'\\n\'', 'a b', '表 $x'];

for (const payload of payloads) {
  let done = await call({step: 'compare', tables: payload});
  same(done.arguments?.slice(-2), ['--tables', payload], 'tables arrives as one argument');
  onlyOurs(done, `tables ${payload}`);
  done = await call({step: 'compare', only: payload, project: payload});
  same(done.arguments?.slice(-2), ['--only', payload], 'only arrives as one argument');
  onlyOurs(done, `project ${payload}`);
  done = await call({step: 'compare', args: payload});
  same(done.arguments?.slice(6), payload.split(/\r?\n/).filter((line) => line !== ''), 'args: one argument a line');
  onlyOurs(done, `args ${payload}`);
  for (const name of ['step', 'node', 'dry_run', 'detailed_exitcode', 'secrets', 'version']) {
    done = await call({step: 'compare', [name]: payload}, {own: name === 'version' ? {} : {bin_dir: bin}});
    same([done.code, done.arguments], [64, null], `${name} ${payload}: is refused`);
    onlyOurs(done, `${name} ${payload}`);
    expect(!done.raw.includes('ghs_'), `${name}: a token`);
  }
  done = await call({step: 'compare', bin_dir: payload});
  same([done.code, done.arguments], [64, null], `bin_dir ${payload}: is refused`);
  onlyOurs(done, `bin_dir ${payload}`);
  // What the database holds is printed by the step, and stands in documents.
  done = await call({step: 'apply-node', node: 'node1'}, {stdout: payload, stderr: payload, code: 3, documents: {
    'receipt-node1.json': {result: payload, target_state: payload, summary: payload,
      diagnostics: [{code: payload, severity: 'error', message: payload, hint: payload}, {code: 'x', severity: payload, message: payload, hint: payload}]},
    'plan.json': {plan_digest: payload, nodes: [{node: payload, follows: payload, tables: [{inserts: payload}]}]}}});
  onlyOurs(done, `document ${payload}`);
  same(done.code, 3, 'the exit code of the step');
  same(Object.keys(done.outputs).filter((name) => done.outputs[name] !== ''), ['exit_code', 'result', 'artifact_path'], `outputs of ${payload}`);
  same([done.outputs.result, done.outputs.exit_code], ['refused', '3'], `result of ${payload}`);
  same(done.named('error').length, 2, `annotations of ${payload}`);
  expect(!/^(?!<pre>)[^\n]*<script|^\s*##* evil/m.test(done.summary), 'the summary', done.summary);
  noTrace(payload);
}

// Limits: 10 annotations a step, worst first; 1 MiB of summary, all of which GitHub refuses beyond that.
const many = Array.from({length: 500}, (_, at) => ({code: `c${at}`, severity: at < 490 ? 'note' : 'error', message: 'm'.repeat(9000), hint: '<script>alert(1)</script>&'}));
const plan = {result: 'differences', target_state: 'before', summary: '</pre><script>alert(1)</script>', plan_digest: 'a1'.repeat(32), diagnostics: many,
  nodes: [{node: 'node1', tables: [{inserts: 3, updates: 2, deletes: 1}], configs: [{changes: [{key: 'A', before: 'x', after: 'y'}, {key: 'S', secret: true}]}]},
    {node: 'node2', follows: 'node1', tables: [{inserts: 1, updates: 0, deletes: 0}], configs: []}]};
let done = await call({step: 'generate-sql'}, {code: 2, documents: {'plan.json': plan, 'review.md': '| row |\n'.repeat(400000)}});
const annotations = done.commands.filter(({name}) => ['error', 'warning', 'notice'].includes(name));
expect(annotations.length <= 10 && annotations[0].name === 'error', 'annotations', annotations.map(({name}) => name));
expect(done.summary.length < 1024 * 1024 && done.summary.includes('all of it is in the artifacts'), 'the summary is cut and says so', done.summary.length);
expect(!done.summary.includes('<script'), 'markup in the summary');
expect(done.summary.includes('a1'.repeat(32)), 'the digest stands in the summary');
same(done.outputs, {exit_code: '2', result: 'differences', target_state: 'before', artifact_path: 'syncgate-artifacts/plan.json', plan_digest: 'a1'.repeat(32),
  has_changes: 'true', create_count: '4', update_count: '3', delete_count: '1'}, 'outputs');
same(done.code, 0, 'differences are no error');
done = await call({step: 'apply-node', node: 'node2'}, {documents: {'plan.json': plan, 'receipt-node2.json': {result: 'success'}}});
same([done.outputs.create_count, done.outputs.has_changes, done.outputs.target_state], ['1', 'true', ''], 'the counts of one node');
// Artifacts that are sealed keep their words to themselves, and the code is told all the same.
const sealed = {sealed: 'QUJD'};
done = await call({step: 'apply-node', node: 'node1'}, {code: 3, documents: {'receipt-node1.json': {result: 'refused', summary: sealed,
  diagnostics: [{code: 'drift', severity: 'error', message: sealed, hint: sealed}]}}});
same(done.commands.filter(({name}) => name === 'error').map(({properties}) => properties), ['title=syncgate%3A drift'], 'a sealed message');
expect(done.summary.includes('[drift] (sealed)') && !done.summary.includes('QUJD'), 'a sealed summary', done.summary);
done = await call({step: 'generate-sql'}, {code: 2, documents: {'plan.json': plan, 'review.md': 'syncgate-sealed 1 e7bbf77281437a9e review.md\n\x01garbage'}});
expect(done.summary.includes('syncgate audit --decrypt') && !/syncgate-sealed|garbage/.test(done.summary), 'a sealed review', done.summary);
for (const [code, result] of [[1, 'failed'], [3, 'refused'], [4, 'failed'], [5, 'failed'], [6, 'failed'], [75, 'failed'], [124, 'interrupted'], [143, 'interrupted']]) {
  done = await call({step: 'apply-node', node: 'node1'}, {code, stdout: 'an open line'});
  same([done.code, done.outputs.exit_code, done.outputs.result, done.outputs.artifact_path], [code, String(code), result, ''], `exit ${code}`);
  same(done.named('error').length, 1, `exit ${code}: an annotation says so`);
}

// What an earlier attempt left was laid there just now; a step that ends before it writes has nothing to do with it.
done = await call({step: 'apply-node', node: 'node1'}, {code: 75, left: {'receipt-node1.json': {result: 'success', target_state: 'after', diagnostics: []}}});
same([done.code, done.outputs.result, done.outputs.target_state, done.outputs.artifact_path], [75, 'failed', '', ''], 'the receipt of an earlier attempt');

// Secrets: only what the project file names is taken, and it is masked, each line of a key as well.
fs.writeFileSync(path.join(workspace, 'syncgate.yml'), `
source: {mysql: {password_env: SOURCE_PASSWORD}}
nodes: {node1: {ssh: {"key_env": 'NODE1_KEY'}, mysql: {password_env : NODE1_PASSWORD}}, node2: {mysql: {password_env: OF_ENVIRONMENT}}}
`);
const key = '-----BEGIN KEY-----\r\nabcd%0Aefgh\nlast\n';
done = await call({step: 'compare', secrets: JSON.stringify({SOURCE_PASSWORD: 's3cret%', NODE1_PASSWORD: 'pa$(touch pwned)"\'', NODE1_KEY: key, PATH: '/evil', LD_PRELOAD: 'evil',
  SYNCGATE_ARTIFACT_KEY: 'a-key', UNNAMED: 'u'})}, {env: {OF_ENVIRONMENT: 'e::x', INPUT_SECRETS_IS: 'none'}});
same(done.named('add-mask').map((one) => one.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')).sort(),
  ['s3cret%', 'pa$(touch pwned)"\'', key, '-----BEGIN KEY-----', 'abcd%0Aefgh', 'last', 'a-key', 'e::x'].sort(), 'masks');
same([done.environment.SOURCE_PASSWORD, done.environment.NODE1_KEY, done.environment.NODE1_PASSWORD, done.environment.SYNCGATE_ARTIFACT_KEY],
  ['s3cret%', key, 'pa$(touch pwned)"\'', 'a-key'], 'secrets reach the step');
same([done.environment.UNNAMED, done.environment.LD_PRELOAD, done.environment.INPUT_SECRETS, done.environment.PATH], [undefined, undefined, undefined, process.env.PATH], 'nothing else does');
onlyOurs(done, 'secrets');
noTrace('secrets');
fs.rmSync(path.join(workspace, 'syncgate.yml'));

// A cancelled job: the runner interrupts the script's process alone. The step hears of it, and the outputs are written.
fs.writeFileSync(path.join(work, 'wait'), '');
done = await call({step: 'apply-node', node: 'node1'}, {cancelWhen: path.join(work, 'waiting')});
same([done.code, done.outputs.exit_code, done.outputs.result], [130, '130', 'interrupted'], 'cancelled');
fs.rmSync(path.join(work, 'wait'));

// A release is fetched with a digest that is the caller's or this checkout's, never one of the environment.
fs.writeFileSync(path.join(workspace, '.syncgate/ci/fetch-release'), `#!/bin/bash
printf '%s\\0' "$@" "\${SYNCGATE_RELEASE_SHA256-none}" >"${work}/fetched"
echo "${bin}"
exit "$(cat "${work}/fetch-code" 2>/dev/null || echo 0)"
`, {mode: 0o755});
const hex = 'ab'.repeat(32);
const fetched = () => fs.readFileSync(path.join(work, 'fetched'), 'utf8').split('\0').slice(0, -1);
const environment = {env: {SYNCGATE_RELEASE_SHA256: 'cd'.repeat(32)}, own: {}};
done = await call({step: 'compare', version: '0.1.0', sha256: hex, release_url: 'https://x.example/v0.1.0'}, environment);
same(fetched(), ['--version', '0.1.0', '--dir', path.join(work, 'syncgate-0.1.0'), '--sha256', hex, '--url', 'https://x.example/v0.1.0', 'none'], 'fetched');
same([done.code, done.arguments?.[0]], [0, 'compare'], 'and run');
await call({step: 'compare', version: '0.1.0'}, environment);
same(fetched().slice(4), ['--sums', path.join(workspace, '.syncgate/ci/release-sums'), 'none'], 'the digest of the checkout');
fs.writeFileSync(path.join(work, 'fetch-code'), '65');
done = await call({step: 'compare', version: '0.1.0', sha256: hex}, environment);
same([done.code, done.arguments], [65, null], 'another archive is not used');
fs.rmSync(path.join(work, 'fetched'));
await call({step: 'compare', version: '0.1.0'});
expect(!fs.existsSync(path.join(work, 'fetched')), 'with bin_dir nothing is downloaded');

console.log(wrong === 0 ? `hostile: ${payloads.length} payloads, all well` : `hostile: ${wrong} findings`);
process.exit(wrong === 0 ? 0 : 1);
