// github-job.mjs MODULES JOB: executes the job of one reusable workflow (runner.mjs) and prints what it said, steps apart,
// as the runner shows it. JOB is JSON: source, project, work, workflow, run, attempt, inputs, secrets, env, cancelWhen,
// reviewers (the environment's, as GitHub's interface tells; null: it tells nothing). Runs 666 and 667 are a fork's and a pull
// request's.
//
// Ends with 0, or 1 when the job failed. WORK/job.json holds the outputs of the job and, of each step, exit code, outputs,
// workflow commands and the length of the summary.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {load, Runner} from './runner.mjs';

const [modules, text] = process.argv.slice(2);
const job = JSON.parse(text);

const api = http.createServer((request, response) => {
  const answer = (value) => response.end(JSON.stringify(value));
  const reviewers = job.reviewers?.map((login) => ({type: 'User', reviewer: {login}}));
  if (request.headers.authorization !== 'Bearer ghs_of-the-job' || !reviewers) response.writeHead(403).end('{}');
  else if (/^\/repos\/team\/bazi\/environments\/node\d$/.test(request.url)) {
    answer({protection_rules: reviewers.length ? [{type: 'wait_timer'}, {type: 'required_reviewers', reviewers}] : [{type: 'branch_policy'}]});
  } else if (/^\/repos\/team\/bazi\/actions\/runs\/\d+$/.test(request.url)) {
    const of = request.url.endsWith('/666') ? ['fork/bazi', 'push'] : request.url.endsWith('/667') ? ['team/bazi', 'pull_request_target'] : ['team/bazi', 'push'];
    answer({head_repository: {full_name: of[0]}, event: of[1]});
  } else if (request.url === `/repos/team/bazi/actions/runs/${job.run}/approvals`) {
    answer([{state: 'approved', environments: [{name: 'node2'}], user: {login: reviewers[0]?.reviewer.login}}]);
  } else response.writeHead(404).end('{}');
});
await new Promise((resolve) => api.listen(0, '127.0.0.1', resolve));

const runner = new Runner({...job, tools: await load(modules),
  env: {...job.env, GITHUB_API_URL: `http://127.0.0.1:${api.address().port}`}});
const done = await runner.workflow(job.workflow, job);
for (const step of done.steps) {
  console.log(`== ${step.label}: ${step.code}`);
  if (step.shown) console.log(step.shown);
  for (const {name, properties, value} of step.commands ?? []) {
    if (name !== 'add-mask') console.log(`-- ${name} ${properties} ${value}`);
  }
}
fs.writeFileSync(path.join(job.work, 'job.json'), JSON.stringify({failed: done.failed, outputs: done.outputs, workspace: done.workspace,
  steps: done.steps.map(({label, code, outputs, commands, summary}) => ({label, code, outputs, commands, summary: summary?.length}))}));
process.exit(done.failed ? 1 : 0);
