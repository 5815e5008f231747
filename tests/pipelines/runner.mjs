// Enough of GitHub's runner to execute the workflows and the action of this repository: expressions (by GitHub's own
// library), conditions, composite actions, the GITHUB_* files, workflow commands with stop-commands and masks, and an
// artifact store that forgets modes and takes no name twice. What it does not know it refuses.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';

export async function load(modules) {
  const resolved = path.resolve(modules);
  const {parse} = createRequire(path.join(resolved, 'x.js'))('yaml');
  const expressions = await import(pathToFileURL(path.join(resolved, '@actions/expressions/dist/index.js')));
  return {parse, expressions};
}

const toData = ({data}, value) => {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'string') return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map((one) => toData({data}, one)));
  return new data.Dictionary(...Object.entries(value).map(([key, one]) => ({key, value: toData({data}, one)})));
};

// Lines as the runner reads them. Returns {commands, shown}: what it obeyed, and the log without it.
export function readLog(text) {
  const commands = [];
  const shown = [];
  let stopped = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const modern = /^\s*::([A-Za-z-]+|[0-9a-f]{32})(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line);
    const old = /##\[([^\] ]+)(?: ([^\]]*))?\](.*)$/s.exec(line);
    const [, name, properties = '', value] = modern ?? old ?? [];
    if (stopped !== null) {
      if (name === stopped) stopped = null;
      else shown.push(line);
      continue;
    }
    if (name === undefined) {
      shown.push(line);
      continue;
    }
    if (name === 'stop-commands') {
      if (!/^.{16,}$/.test(value)) throw new Error('a weak token');
      stopped = value;
      continue;
    }
    commands.push({name, properties, value});
  }
  if (stopped !== null) throw new Error('commands stay switched off after the step');
  return {commands, shown: shown.join('\n')};
}

export function readFileCommands(text) {
  const values = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ++at) {
    if (lines[at] === '') continue;
    const heredoc = /^([^=]+?)<<(.+)$/.exec(lines[at]);
    if (heredoc) throw new Error('not expected here: ' + lines[at]);
    const equals = lines[at].indexOf('=');
    if (equals < 1) throw new Error(`Invalid format '${lines[at]}'`); // as the runner says
    values[lines[at].slice(0, equals)] = lines[at].slice(equals + 1);
  }
  return values;
}

export class Runner {
  // tools: of load(). source: the checkout of syncgate. project: the team's repository. work: a directory of ours. env: of
  // every step.
  // cancelWhen: once this file is there the job is cancelled as GitHub does it: the running step's process is interrupted.
  constructor({tools, source, project, work, env, cancelWhen}) {
    Object.assign(this, {tools, source, project, work, env, cancelWhen, cancelled: false});
    this.store = path.join(work, 'store');
    this.count = 0;
  }

  evaluate(text, contexts, status) {
    const {Lexer, Parser, Evaluator} = this.tools.expressions;
    const functions = ['success', 'failure', 'always', 'cancelled'].map((name) => ({
      name, minArgs: 0, maxArgs: 0, call: () => toData(this.tools.expressions, status[name])}));
    const parsed = new Parser(new Lexer(text).lex().tokens, Object.keys(contexts), functions).parse();
    const table = new Map(functions.map((one) => [one.name, one]));
    return new Evaluator(parsed, toData(this.tools.expressions, contexts), table).evaluate();
  }

  // ${{ ... }} in a text.
  fill(text, contexts, status) {
    if (typeof text !== 'string') return text === undefined || text === null ? '' : String(text);
    return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => this.evaluate(inner, contexts, status).coerceString());
  }

  holds(condition, contexts, status) {
    if (condition === undefined) return status.success;
    let text = String(condition).replace(/^\$\{\{(.*)\}\}$/s, '$1');
    if (!/\b(success|failure|always|cancelled)\(\)/.test(text)) text = `success() && (${text})`;
    const value = this.evaluate(text, contexts, status);
    return !['', 'false', '0', 'null'].includes(value.coerceString());
  }

  // One process, as the runner starts it. It reads two streams, each by itself, and of what it has got looks at the lines of
  // stderr first: so nothing on stdout can be counted on to come before them.
  async execute({script, shell, env, workspace, temp, label}) {
    const number = ++this.count;
    const file = (name) => path.join(temp, `${name}-${number}`);
    for (const name of ['output', 'summary', 'env', 'path']) fs.writeFileSync(file(name), '');
    fs.writeFileSync(file('script'), script + '\n');
    const command = shell === 'bash' ? ['bash', '--noprofile', '--norc', '-eo', 'pipefail'] : ['bash', '-e'];
    const [log, errors] = ['log', 'errors'].map((name) => fs.openSync(file(name), 'w'));
    const child = spawn(command[0], [...command.slice(1), file('script')], {
      cwd: workspace, stdio: ['ignore', log, errors], detached: true,
      env: {...this.env, ...env, GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp,
        GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary'), GITHUB_ENV: file('env'), GITHUB_PATH: file('path')}});
    const watch = setInterval(() => {
      if (this.cancelled || !this.cancelWhen || !fs.existsSync(this.cancelWhen)) return;
      this.cancelled = true;
      process.kill(child.pid, 'SIGINT'); // this process, not its group
    }, 50);
    const code = await new Promise((resolve) => child.on('exit', (value, signal) => resolve(value ?? signal)));
    clearInterval(watch);
    for (const one of [log, errors]) fs.closeSync(one);
    for (const name of ['env', 'path']) {
      if (fs.readFileSync(file(name), 'utf8') !== '') throw new Error(`${label}: something was written to GITHUB_${name}`);
    }
    const raw = fs.readFileSync(file('errors'), 'utf8') + '\n' + fs.readFileSync(file('log'), 'utf8');
    return {label, code, raw, ...readLog(raw), outputs: readFileCommands(fs.readFileSync(file('output'), 'utf8')),
      summary: fs.readFileSync(file('summary'), 'utf8')};
  }

  // The composite action in `directory`, called with `inputs`.
  async composite({directory, inputs, contexts, env, workspace, temp, label}) {
    const action = this.tools.parse(fs.readFileSync(path.join(directory, 'action.yml'), 'utf8'));
    for (const name of Object.keys(inputs)) if (!(name in action.inputs)) throw new Error(`the action has no input ${name}`);
    const given = {};
    for (const [name, input] of Object.entries(action.inputs)) {
      given[name] = inputs[name] ?? String(input.default ?? '');
      if (input.required && given[name] === '') throw new Error(`the action's input ${name} is required`);
    }
    const inner = {...contexts, inputs: given, steps: {}};
    const status = {success: true, failure: false, always: true, cancelled: false};
    let last;
    for (const step of action.runs.steps) {
      const stepEnv = {...env, GITHUB_ACTION_PATH: directory, GITHUB_ACTION_REPOSITORY: ''};
      for (const [name, value] of Object.entries(step.env ?? {})) stepEnv[name] = this.fill(value, inner, status);
      last = await this.execute({script: this.fill(step.run, inner, status), shell: step.shell, env: stepEnv, workspace, temp, label});
      inner.steps[step.id] = {outputs: last.outputs};
    }
    const outputs = {};
    for (const [name, output] of Object.entries(action.outputs)) outputs[name] = this.fill(output.value, inner, status);
    return {...last, outputs};
  }

  // actions/download-artifact with a pattern, and actions/upload-artifact.
  download({pattern, path: into, 'run-id': run}) {
    const from = path.join(this.store, run);
    const matches = new RegExp('^' + pattern.replace(/[.]/g, '\\.').replace(/\*/g, '.*') + '$');
    for (const name of fs.existsSync(from) ? fs.readdirSync(from) : []) {
      if (matches.test(name)) fs.cpSync(path.join(from, name), path.join(into, name), {recursive: true});
    }
  }

  upload({name, path: from}, run, workspace) {
    const into = path.join(this.store, run, name);
    if (fs.existsSync(into)) throw new Error(`an artifact named ${name} is there already (409)`);
    if (!/^[^."':<>|*?\r\n\\/][^"':<>|*?\r\n\\/]*$/.test(name)) throw new Error(`GitHub takes no artifact named ${name}`);
    const source = path.join(workspace, from);
    if (!fs.existsSync(source)) return;
    fs.cpSync(source, into, {recursive: true, filter: (one) => one === source || !path.basename(one).startsWith('.')});
    for (const one of fs.readdirSync(into, {recursive: true})) {
      const target = path.join(into, one);
      fs.chmodSync(target, fs.statSync(target).isDirectory() ? 0o755 : 0o644);
    }
  }

  // The only job of a reusable workflow. Returns {failed, outputs, steps}.
  async workflow(file, {inputs = {}, secrets = {}, vars = {}, run, attempt = '1'}) {
    const {on, jobs} = this.tools.parse(fs.readFileSync(path.join(this.source, '.github/workflows', file), 'utf8'));
    const [[name, job]] = Object.entries(jobs);
    const given = {};
    for (const [key, input] of Object.entries(on.workflow_call.inputs)) {
      given[key] = inputs[key] ?? input.default ?? {string: '', boolean: false, number: 0}[input.type];
      if (input.required && !(key in inputs)) throw new Error(`${file}: ${key} is required`);
    }
    for (const key of Object.keys(inputs)) if (!(key in given)) throw new Error(`${file}: there is no input ${key}`);
    const root = fs.mkdtempSync(path.join(this.work, 'job-'));
    const [workspace, temp] = [path.join(root, 'workspace'), path.join(root, 'temp')];
    fs.mkdirSync(workspace, {recursive: true});
    fs.mkdirSync(temp);
    const github = {run_id: run, run_attempt: attempt, token: 'ghs_of-the-job', repository: 'team/bazi', repository_owner: 'team',
      server_url: 'https://github.example'};
    const contexts = {github, inputs: given, secrets, vars, runner: {temp}, steps: {}};
    const status = {success: true, failure: false, always: true, cancelled: false};
    const env = {GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt, GITHUB_REPOSITORY: github.repository,
      GITHUB_SERVER_URL: github.server_url, GITHUB_TRIGGERING_ACTOR: 'mona'};
    for (const [key, value] of Object.entries(job.env ?? {})) env[key] = this.fill(value, contexts, status);
    const steps = [];
    for (const step of job.steps) {
      if (!this.holds(step.if, contexts, status)) continue;
      const given = Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, this.fill(value, contexts, status)]));
      const stepEnv = {...env};
      for (const [key, value] of Object.entries(step.env ?? {})) stepEnv[key] = this.fill(value, contexts, status);
      const label = step.id ?? step.uses;
      const common = {env: stepEnv, workspace, temp, label};
      let result = {label, code: 0, outputs: {}};
      if (step.run !== undefined) result = await this.execute({...common, script: this.fill(step.run, contexts, status), shell: step.shell});
      else if (step.uses === './.syncgate') {
        result = await this.composite({...common, directory: path.join(workspace, '.syncgate'), inputs: given, contexts});
      } else if (step.uses.startsWith('actions/checkout@')) {
        if (given.path === undefined) fs.cpSync(this.project, workspace, {recursive: true});
        else for (const one of ['ci', 'action.yml']) fs.cpSync(path.join(this.source, one), path.join(workspace, given.path, one), {recursive: true});
      } else if (step.uses.startsWith('actions/download-artifact@')) this.download(given);
      else if (step.uses.startsWith('actions/upload-artifact@')) this.upload(given, run, workspace);
      else throw new Error(`this runner does not know ${step.uses}`);
      steps.push(result);
      if (step.id) contexts.steps[step.id] = {outputs: result.outputs, outcome: result.code === 0 ? 'success' : 'failure'};
      if (this.cancelled) Object.assign(status, {success: false, failure: false, cancelled: true});
      else if (result.code !== 0) Object.assign(status, {success: false, failure: true});
    }
    const outputs = {};
    for (const [key, output] of Object.entries(on.workflow_call.outputs)) {
      const inJob = this.fill(job.outputs[/jobs\.\w+\.outputs\.(\w+)/.exec(output.value)[1]], contexts, status);
      outputs[key] = this.fill(output.value, {...contexts, jobs: {[name]: {outputs: {[key]: inJob}}}}, status);
    }
    return {failed: !status.success, outputs, steps, workspace, step: (label) => steps.find((one) => one.label === label)};
  }
}
