// browser-check.mjs CHROMIUM PAGES [SCREENSHOTS]: see browser-check, which starts this.
import {createRequire} from 'node:module';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const modules = process.env.SYNCGATE_MODULES;
const require = createRequire(join(modules, 'x.js'));
const puppeteer = require('puppeteer-core');
const axe = readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8');
const [executablePath, pages, screenshots] = process.argv.slice(2);
let wrong = 0;

function expect(what, holds, seen = '') {
  if (holds) return;
  wrong += 1;
  console.error(`browser-check: ${what}${seen === '' ? '' : `: ${seen}`}`);
}

// A page as it is: its policy holds, and what it says against itself is heard.
async function open(browser, name, scheme = 'light') {
  const page = await browser.newPage();
  const said = [];
  const asked = [];
  page.on('console', message => said.push(message.text()));
  page.on('pageerror', error => said.push(String(error)));
  page.on('dialog', dialog => { said.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', request => asked.push(request.url()));
  await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
  await page.setViewport({width: 1200, height: 1600});
  const began = Date.now();
  const url = pathToFileURL(join(pages, name)).href;
  await page.goto(url);
  await page.waitForSelector('html[data-ready=yes]');
  return {page, said, asked: asked.filter(one => one !== url), seconds: (Date.now() - began) / 1000};
}

const text = (page, selector) => page.$eval(selector, element => element.textContent);
const rows = page => page.$$eval('#rows tr', found => found.length);

async function checkHostile(browser) {
  for (const scheme of ['light', 'dark']) {
    const {page, said, asked} = await open(browser, 'hostile.html', scheme);
    expect('the title is ours', /^Plan [0-9a-f]{12}$/.test(await page.title()), await page.title());
    expect('nothing is said', said.length === 0, said.join('; '));
    expect('nothing is fetched', asked.length === 0, asked.join('; '));
    expect('no image came in', (await page.$$('img')).length === 0);
    expect('two scripts: data and ours', (await page.$$('script')).length === 2);
    expect('hostile text is text', (await text(page, '#rows')).includes('<img src=x onerror='));
    expect('six rows', (await rows(page)) === 6, await rows(page));
    await page.select('#kind', 'delete');
    expect('two deletes', (await rows(page)) === 2, await rows(page));
    await page.select('#kind', '');
    await page.select('#node', 'node2');
    expect('three of node2', (await rows(page)) === 3, await rows(page));
    await page.select('#node', '');
    if (screenshots) await page.screenshot({path: join(screenshots, `review-${scheme}.png`), fullPage: true});
    await page.setBypassCSP(true);
    await page.reload();
    await page.waitForSelector('html[data-ready=yes]');
    await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run());
    for (const one of found.violations) {
      expect(`axe-core, ${scheme}: ${one.id}`, false, one.nodes.map(node => node.html.slice(0, 120)).join(' | '));
    }
    expect('axe-core looked at something', found.passes.length > 10, found.passes.length);
    await page.close();
  }
}

async function checkLarge(browser) {
  const {page, said, seconds} = await open(browser, 'large.html');
  console.log(`100,000 changes: ready after ${seconds.toFixed(2)} s`);
  expect('100,000 changes in under 3 seconds', seconds < 3, seconds);
  expect('nothing is said', said.length === 0, said.join('; '));
  expect('a page of 100', (await rows(page)) === 100, await rows(page));
  expect('says what is left out', (await text(page, '#left-out')).includes('first 100000 of 100005'),
    await text(page, '#left-out'));
  expect('says how many', (await text(page, '#count')) === 'Changes 1 to 100 of 100000', await text(page, '#count'));
  await page.focus('#find');
  await page.keyboard.type('AFTER 77777');
  const began = Date.now();
  await page.waitForFunction(() => document.querySelectorAll('#rows tr').length === 1, {timeout: 5000});
  console.log(`search: ${((Date.now() - began) / 1000).toFixed(2)} s`);
  expect('finds its row', (await text(page, '#rows ins')) === 'after 77777');
  expect('and says so', (await text(page, '#count')).includes('of 1 that match (100000 on this page)'));
  await page.$eval('#find', element => { element.value = ''; element.dispatchEvent(new Event('input')); });
  await page.waitForFunction(() => document.querySelectorAll('#rows tr').length === 100);
  await page.focus('#next');
  await page.keyboard.press('Enter');
  expect('the next page by keyboard', (await text(page, '#count')).startsWith('Changes 101 to 200'));
  await page.close();
}

const browser = await puppeteer.launch({
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  await checkHostile(browser);
  await checkLarge(browser);
} finally {
  await browser.close();
}
console.log(wrong === 0 ? 'browser-check: all well' : `browser-check: ${wrong} findings`);
process.exit(wrong === 0 ? 0 : 1);
