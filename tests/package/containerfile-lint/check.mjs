// check.mjs MODULES ROOT: see ../containerfile, which installs the linter and starts this.
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

const [modules, root] = process.argv.slice(2);
const load = createRequire(join(modules, 'package.json'));
const {validate} = load('dockerfile-utils');
const {DockerfileParser} = load('dockerfile-ast');
const findings = [];

function check(text) {
  const found = validate(text).map(({range, message}) => `line ${range.start.line + 1}: ${message}`);
  const instructions = DockerfileParser.parse(text).getInstructions();
  const of = (keyword) => instructions.filter((one) => one.getKeyword() === keyword);
  const base = of('ARG').map((one) => one.getArgumentsContent()).find((one) => one.startsWith('DEBIAN='));
  if (!/:bookworm-20\d{6}-slim$|@sha256:[0-9a-f]{64}$/.test(base ?? '')) found.push(`not pinned: ${base}`);
  for (const from of of('FROM')) {
    if (!from.getArgumentsContent().startsWith('${DEBIAN}')) found.push(`another image: ${from.getArgumentsContent()}`);
  }
  const last = of('FROM').at(-1)?.getRange().start.line ?? 0;
  const users = of('USER').filter((one) => one.getRange().start.line > last);
  if (!users.length || !/^[1-9]\d*:[1-9]\d*$/.test(users.at(-1).getArgumentsContent())) found.push('runs as root');
  for (const run of of('RUN')) {
    if (run.getRange().start.line > last) found.push('the image that is shipped runs commands of its build');
    const [program, ...words] = run.getArgumentsContent().split(/\s+/);
    if (program === 'mkdir') continue;
    if (!/^ci\/[a-z-]+$/.test(program) || !existsSync(join(root, program))) {
      found.push(`not a script of ci/: ${program}`);
      continue;
    }
    const help = execFileSync(join(root, program), ['--help'], {encoding: 'utf8'});
    for (const word of words) if (!help.includes(word)) found.push(`${program} has no ${word}`);
  }
  return found;
}

const text = readFileSync(join(root, 'Containerfile'), 'utf8');
findings.push(...check(text));
// What it would not see is no check: each of these has to be found.
const broken = {
  'runs as root': text.replace('USER 65532:65532', 'USER root'),
  'not pinned': text.replace(/bookworm-\d+-slim/, 'latest'),
  'has no --frobnicate': text.replace('deps --build', 'deps --frobnicate'),
  'not a script of ci/': text.replace('RUN ci/deps', 'RUN ci/nothing'),
  'Unknown instruction': text.replace('WORKDIR /src', 'WORKDIRR /src'),
};
for (const [what, other] of Object.entries(broken)) {
  if (other === text) findings.push(`the check of "${what}" breaks nothing`);
  const seen = check(other).join('\n').toLowerCase();
  if (!seen.includes(what.toLowerCase())) findings.push(`a broken file passes: ${what}: ${seen}`);
}
for (const finding of findings) console.error(`Containerfile: ${finding}`);
process.exit(findings.length ? 1 : 0);
