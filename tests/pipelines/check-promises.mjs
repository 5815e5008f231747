// check-promises.mjs MODULES ROOT: what README.md promises of the GitHub workflows, the action and both examples, read from
// the files. Ends with 1 and what is broken.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [modules, root] = process.argv.slice(2);
const {parse, parseAllDocuments} = createRequire(path.join(path.resolve(modules), 'check.js'))('yaml');
const wrong = [];
const expect = (holds, what) => holds || wrong.push(what);
const read = (file) => parse(fs.readFileSync(path.join(root, file), 'utf8'));

const workflows = fs.readdirSync(path.join(root, '.github/workflows')).map((file) => `.github/workflows/${file}`);
const examples = fs.readdirSync(path.join(root, 'ci/github')).filter((file) => file.endsWith('.yml')).map((file) => `ci/github/${file}`);
for (const file of [...workflows, ...examples]) {
  const workflow = read(file);
  const allowed = {contents: 'read', actions: 'read'};
  for (const [scope, level] of Object.entries(workflow.permissions ?? {all: 'default'})) {
    expect(allowed[scope] === level, `${file}: permissions ${scope}: ${level}`);
  }
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const steps = job.steps ?? [];
    for (const step of steps) {
      expect(!/\$\{\{/.test(step.run ?? ''), `${file}: ${name}: an expression in a script is code`);
      if (step.uses) expect(/^\.\/|@[0-9a-f]{40}$/.test(step.uses), `${file}: ${name}: ${step.uses} is not pinned`);
      if (step.uses?.startsWith('actions/checkout@')) {
        expect(step.with?.['persist-credentials'] === false, `${file}: ${name}: the checkout leaves the token behind`);
      }
      if (step.uses?.startsWith('actions/upload-artifact@') && file.includes('/syncgate-')) {
        expect(/^always\(\)/.test(step.if), `${file}: ${name}: artifacts of a job that failed or was cancelled`);
        expect(step.with.name.endsWith('-attempt-${{ github.run_attempt }}'), `${file}: ${name}: the attempt in the artifact's name`);
        expect(/inputs\.retention_days/.test(step.with['retention-days']), `${file}: ${name}: how long artifacts stay`);
      }
    }
    if (job.uses) expect(/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/.test(job.uses), `${file}: ${name}: ${job.uses} is not pinned`);
    if (job.uses) expect(job.uses.endsWith('@' + job.with.syncgate_ref), `${file}: ${name}: scripts of another version`);
    if (job.uses) expect(`v${job.with.version}` === job.with.syncgate_ref && /^[0-9a-f]{64}$/.test(job.with.sha256), `${file}: ${name}: no release is pinned`);
    expect(job.uses || job['timeout-minutes'] > 0, `${file}: ${name}: runs for ever`);
  }
}
for (const name of ['node', 'rollback']) {
  const file = `.github/workflows/syncgate-${name}.yml`;
  const job = read(file).jobs[name];
  expect(job.concurrency?.group === 'syncgate-node-${{ inputs.node }}', `${file}: one job a node at a time`);
  expect(job.concurrency?.['cancel-in-progress'] === false, `${file}: an apply is cancelled by the next`);
  expect(job.environment === '${{ inputs.environment || inputs.node }}', `${file}: the environment`);
}
for (const name of ['plan', 'node', 'rollback']) {
  const {on, concurrency} = read(`.github/workflows/syncgate-${name}.yml`);
  expect(on.workflow_call !== undefined && concurrency === undefined, `syncgate-${name}.yml: callable, and no concurrency of the caller's`);
}
// GitLab's example gives the components inputs that they have, of one version.
const gitlab = read('ci/gitlab/example.gitlab-ci.yml');
for (const {ref, file, inputs} of gitlab.include) {
  const {spec} = parseAllDocuments(fs.readFileSync(path.join(root, file), 'utf8'))[0].toJS();
  expect(/^v\d+\.\d+\.\d+$/.test(ref) && ref === inputs.syncgate_ref && ref === `v${inputs.version}`, `${file}: of one version`);
  for (const [name, value] of Object.entries(inputs)) {
    const input = spec.inputs[name];
    expect(input && new RegExp(input.regex ?? '').test(value) && (!input.options || input.options.includes(value)), `${file}: input ${name}: ${value}`);
  }
  for (const [name, input] of Object.entries(spec.inputs)) {
    expect('default' in input || name in inputs, `${file}: input ${name} is wanted`);
    expect(input.type === 'boolean' || input.regex || input.options, `${file}: input ${name} takes anything`);
  }
}
const action = read('action.yml');
for (const name of ['has_changes', 'create_count', 'update_count', 'delete_count', 'result', 'exit_code', 'artifact_path', 'plan_digest']) {
  expect(action.outputs[name]?.value === `\${{ steps.run.outputs.${name} }}`, `action.yml: output ${name}`);
}
expect(action.runs.steps.length === 1 && /^exec "\$GITHUB_ACTION_PATH\/ci\/github\/run-step"$/.test(action.runs.steps[0].run), 'action.yml: calls a script and nothing else');
for (const what of wrong) console.log(`check-promises: ${what}`);
process.exit(wrong.length ? 1 : 0);
