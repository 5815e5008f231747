// check-gitlab.mjs MODULES EXPANDED GATE...: the promises of the GitLab components, read from the pipeline with all includes,
// inputs and `extends` resolved (gitlab-ci-local --preview). Ends with 1 and what is broken.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {spawnSync} from 'node:child_process';
import path from 'node:path';

const [modules, file, ...gates] = process.argv.slice(2);
const {parse} = createRequire(path.join(path.resolve(modules), 'check.js'))('yaml');
const pipeline = parse(readFileSync(file, 'utf8'));
const wrong = [];
const expect = (holds, what) => holds || wrong.push(what);

const jobs = Object.entries(pipeline).filter(([, job]) => job?.script);
const onNodes = jobs.filter(([name]) => /^(apply|rollback)-/.test(name));
expect(onNodes.length === 6, `six jobs on nodes, not ${onNodes.map(([name]) => name)}`);
for (const gate of gates) {
  const rules = pipeline[gate]?.rules ?? [];
  expect(rules.length > 0, `${gate} has rules`);
  for (const rule of rules) {
    expect(rule.when === 'manual', `${gate}: every rule is manual`);
    expect(rule.allow_failure === false, `${gate}: a gate that may fail does not stop the pipeline`);
  }
  expect(pipeline[gate]?.when === undefined, `${gate}: no when outside of rules`);
}
for (const [name, job] of onNodes) {
  const node = /^(?:apply|rollback)-(node\d)/.exec(name)[1];
  expect(job.resource_group === `syncgate-${node}`, `${name}: one job a node at a time`);
  expect(job.interruptible === false, `${name}: is not cut off by the next push`);
  expect((job.environment?.name ?? job.environment) === `production/${node}`, `${name}: has its environment`);
  const shown = job.artifacts?.reports?.junit?.toString();
  const wanted = name.startsWith('apply') ? `syncgate-artifacts/verify-${node}.junit.xml` : undefined;
  expect(shown === wanted, `${name}: the verification is shown by the job that verified`);
  const cache = [job.cache].flat()[0];
  expect(cache?.when === 'always' && cache?.key.includes('$CI_PIPELINE_ID'), `${name}: keeps its state for another attempt`);
  if (name.startsWith('rollback')) {
    expect(job.rules.every((rule) => rule.when === 'manual' && rule.allow_failure === true), `${name}: by hand, and stops nothing`);
  }
}
for (const [name, job] of jobs.filter(([name]) => name === 'plan' || onNodes.some(([other]) => other === name))) {
  expect(job.artifacts?.when === 'always', `${name}: artifacts of a failed job are what a rollback needs`);
  expect(parseInt(job.artifacts?.expire_in) >= 30 && /days$/.test(job.artifacts.expire_in), `${name}: artifacts stay`);
  expect(job.artifacts?.access === 'developer', `${name}: rows are not for everybody`);
  expect(job.artifacts?.reports?.dotenv?.toString() === 'syncgate.env', `${name}: dotenv`);
  expect(!job.variables, `${name}: variables could be overridden from outside`);
  // Inputs are literals by now (2157), and git's helper has a shell of its own (2016).
  const checked = spawnSync('shellcheck', ['--shell=sh', '--exclude=SC2157,SC2016', '-'],
    {encoding: 'utf8', input: [...(job.before_script ?? []), ...job.script].join('\n') + '\n'});
  expect(checked.status === 0, `${name}: shellcheck: ${checked.error ?? checked.stdout}`);
}
expect(pipeline.plan?.artifacts?.reports?.terraform !== undefined, 'plan: the counts for the merge request');
for (const what of wrong) console.log(`check-gitlab: ${what}`);
process.exit(wrong.length ? 1 : 0);
