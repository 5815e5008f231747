// check-reports.mjs FILE...: reports as GitLab's own parsers take them. A name that ends with .env is a dotenv report, one
// that ends with .json a Terraform report. Ends with 1 and the reasons when GitLab would refuse one.
//
// The rules are those of Ci::ParseDotenvArtifactService, Ci::JobVariable and Parsers::Terraform::Tfplan, with the limits of
// the smallest plan. On top: no `$`, since GitLab expands it, and no name that the scripts or the runner go by, since these
// variables win over those of later jobs.
import {readFileSync, statSync} from 'node:fs';

const ours = /^SYNCGATE_(RESULT|EXIT_CODE|TARGET_STATE|PLAN_DIGEST|HAS_CHANGES|(CREATE|UPDATE|DELETE)_COUNT)$/;

function dotenv(file) {
  const wrong = [];
  if (statSync(file).size >= 5 * 1024) wrong.push('5 KiB or more');
  const names = new Map();
  const text = readFileSync(file, 'utf8');
  for (const line of text.split(/(?<=\n)/)) {
    const match = /^(.*?)=(.*)$/m.exec(line);
    if (!match) {
      wrong.push(`Invalid Format: ${JSON.stringify(line)}`);
      continue;
    }
    const [name, value] = [match[1].trim(), match[2].trim()];
    if (!/^[A-Za-z0-9_]{1,255}$/.test(name)) wrong.push(`the key ${JSON.stringify(name)}`);
    if (!ours.test(name)) wrong.push(`${name} is none of ours`);
    if (value.includes('$')) wrong.push(`${name} would be expanded`);
    if (value === '') wrong.push(`${name} is empty`);
    if (names.has(name)) wrong.push(`${name} stands twice`);
    names.set(name, value);
  }
  if (names.size > 20) wrong.push('more than 20 variables');
  return wrong;
}

function terraform(file) {
  const plan = JSON.parse(readFileSync(file, 'utf8'));
  const wrong = [];
  for (const key of ['create', 'update', 'delete']) {
    if (!(key in plan)) wrong.push(`missing_json_keys: ${key}`);
    else if (!Number.isInteger(plan[key]) || plan[key] < 0) wrong.push(`invalid_resource_count: ${key}`);
  }
  return wrong;
}

let code = 0;
for (const file of process.argv.slice(2)) {
  let wrong;
  try {
    wrong = file.endsWith('.json') ? terraform(file) : dotenv(file);
  } catch (error) {
    wrong = [error.message];
  }
  for (const reason of wrong) console.log(`${file}: ${reason}`), (code = 1);
}
process.exit(code);
