// check-own.mjs MODULES FILE...: every command of syncgate's own pipelines is a script of ci/ that is there, and all versions that
// README.md promises are among the servers. Ends with 1 and what is not.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [modules, ...files] = process.argv.slice(2);
const {parse} = createRequire(path.join(path.resolve(modules), 'check.js'))('yaml');
const wrong = [];
for (const file of files) {
  const text = fs.readFileSync(file, 'utf8');
  const pipeline = parse(text);
  const jobs = Object.values(pipeline.jobs ?? pipeline).filter((job) => job.script || job.steps);
  const commands = jobs.flatMap((job) => job.script ?? job.steps.map((step) => step.run).filter(Boolean));
  if (commands.length < 3) wrong.push(`${file}: only ${commands.length} commands`);
  for (const command of commands) {
    const script = /^(ci\/[a-z-]+)( [^;&|\n]*)?$/.exec(command)?.[1];
    if (!script) wrong.push(`${file}: no script of ci/: ${command}`);
    else if (!fs.existsSync(script)) wrong.push(`${file}: there is no ${script}`);
    else fs.accessSync(script, fs.constants.X_OK);
  }
  for (const [flavor, version] of [['mysql', '8.0'], ['mysql', '8.4'], ['mysql', '9'], ['mariadb', '10.6'], ['mariadb', '10.11'], ['mariadb', '11.4']]) {
    if (!new RegExp(`${flavor}:? "?${version.replace('.', '\\.')}"?[^.0-9]`).test(text)) wrong.push(`${file}: ${flavor} ${version} is not tested`);
  }
  for (const system of ['debian:12|bookworm', 'ubuntu:24.04']) if (!new RegExp(system).test(text)) wrong.push(`${file}: not on ${system}`);
}
for (const what of wrong) console.log(`check-own: ${what}`);
process.exit(wrong.length ? 1 : 0);
