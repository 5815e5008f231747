#include "report/review_assets.h"

namespace syncgate {

// A row is [node, table, kind, key cells, [[column, before, after]...], [[column, value]...]], with
// null for NULL. Only textContent is ever set.
const std::string_view kReviewScript = R"js(
(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const kinds = ['insert', 'update', 'delete'];
  const page = 100;
  const at = id => document.getElementById(id);
  const find = at('find'), node = at('node'), table = at('table'), kind = at('kind');
  const body = at('rows'), count = at('count'), back = at('back'), next = at('next');
  let hits = data.rows, from = 0, texts = null, timer = 0;

  const make = (name, text, css) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (css) made.className = css;
    return made;
  };
  /* NULL is set off from the text that says so. */
  const shown = cell => cell === null ? 'NULL' : cell;
  const value = (name, cell) => make(name, shown(cell), cell === null ? 'null' : undefined);
  const tableOf = row => data.nodes[row[0]].tables[row[1]];

  const textOf = row => {
    const cells = [data.nodes[row[0]].name, tableOf(row).name, kinds[row[2]], ...row[3]];
    for (const [column, before, after] of row[4])
      cells.push(tableOf(row).columns[column], before, after);
    for (const [column, cell] of row[5]) cells.push(tableOf(row).columns[column], cell);
    return cells.map(cell => cell === undefined ? '' : shown(cell)).join('\n').toLowerCase();
  };

  const changes = row => {
    const cell = make('td', undefined, 'value');
    const list = make('dl');
    for (const [column, before, after] of row[4]) {
      list.append(make('dt', tableOf(row).columns[column]));
      const images = make('dd');
      if (row[2] !== 0) images.append(value('del', before));
      if (row[2] === 1) images.append(' → ');
      if (row[2] !== 2) images.append(value('ins', after));
      list.append(images);
    }
    cell.append(list);
    if (row[5].length > 0) {
      const rest = make('details');
      rest.append(make('summary', `${row[5].length} unchanged columns`));
      const same = make('dl');
      for (const [column, cell] of row[5])
        same.append(make('dt', tableOf(row).columns[column]), value('dd', cell));
      rest.append(same);
      cell.append(rest);
    }
    return cell;
  };

  const show = () => {
    const rows = hits.slice(from, from + page).map(row => {
      const line = make('tr');
      const key = make('th', row[3].map(shown).join(', '));
      key.scope = 'row';
      line.append(key, make('td', data.nodes[row[0]].name), make('td', tableOf(row).name),
        make('td', kinds[row[2]], kinds[row[2]]), changes(row));
      return line;
    });
    body.replaceChildren(...rows);
    const last = Math.min(from + page, hits.length);
    count.textContent = hits.length === 0 ? 'No change matches.'
      : `Changes ${from + 1} to ${last} of ${hits.length}` +
        (hits.length < data.rows.length ? ` that match (${data.rows.length} on this page)` : '');
    back.disabled = from === 0;
    next.disabled = last >= hits.length;
  };

  const filter = () => {
    const wanted = find.value.toLowerCase();
    if (wanted !== '' && texts === null) texts = data.rows.map(textOf);
    hits = data.rows.filter((row, i) =>
      (node.value === '' || data.nodes[row[0]].name === node.value) &&
      (table.value === '' || tableOf(row).name === table.value) &&
      (kind.value === '' || kinds[row[2]] === kind.value) &&
      (wanted === '' || texts[i].includes(wanted)));
    from = 0;
    show();
  };

  const option = (list, name) => {
    const made = make('option', name);
    made.value = name;
    list.append(made);
  };
  if (data.all > data.rows.length) {
    at('left-out').textContent = `This page holds the first ${data.rows.length} of ${data.all} ` +
      `changes. The rest is in the plan's files: ${data.files.join(', ')}.`;
    at('left-out').hidden = false;
  }
  for (const one of data.nodes) option(node, one.name);
  for (const name of new Set(data.nodes.flatMap(one => one.tables.map(t => t.name))))
    option(table, name);
  for (const list of [node, table, kind]) list.addEventListener('change', filter);
  find.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(filter, 150); });
  at('filter').addEventListener('submit', event => { event.preventDefault(); filter(); });
  back.addEventListener('click', () => { from = Math.max(0, from - page); show(); });
  next.addEventListener('click', () => { from += page; show(); });
  show();
  document.documentElement.dataset.ready = 'yes';
})();
)js";

}  // namespace syncgate
