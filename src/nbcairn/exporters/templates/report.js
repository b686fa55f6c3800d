'use strict';
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A picture that stands in the page once is shown in other places, too.
  for (const image of all('img[data-from]')) {
    const source = document.getElementById(image.dataset.from);
    if (source) {
      image.src = source.src;
      image.hidden = false;
    }
  }

  // Search: keep the items that have every word.
  const box = document.querySelector('.search');
  const input = document.getElementById('search');
  const found = document.getElementById('found');
  const items = all('.item').map(node => ({ node, text: node.textContent.toLowerCase() }));
  box.hidden = false;
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { node, text } of items) {
      const hit = words.every(word => text.includes(word));
      node.classList.toggle('miss', !hit);
      count += hit ? 1 : 0;
    }
    document.body.classList.toggle('searching', words.length > 0);
    found.textContent = words.length ? (count === 1 ? '1 match' : count + ' matches') : '';
  };
  let waiting = 0;
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 80);
  });
  document.addEventListener('keydown', event => {
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName);
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape' && event.target === input) {
      input.value = '';
      search();
    }
  });

  // A link to something folded opens it.
  const open = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target) {
      const fold = target.querySelector(':scope > details');
      if (fold) {
        fold.open = true;
      }
      target.scrollIntoView();
    }
  };
  window.addEventListener('hashchange', open);
  if (location.hash) {
    open();
  }

  // Lineage: choose a row to see only its ancestors and descendants.
  const lanes = document.querySelector('.lanes');
  if (lanes) {
    const edges = all('.edge', lanes);
    const rows = all('.row', lanes);
    const dots = all('.dot', lanes);
    const reach = (start, from, to) => {
      const seen = new Set([start]);
      const queue = [start];
      while (queue.length) {
        const here = queue.pop();
        for (const edge of edges) {
          if (edge.dataset[from] === here && !seen.has(edge.dataset[to])) {
            seen.add(edge.dataset[to]);
            queue.push(edge.dataset[to]);
          }
        }
      }
      return seen;
    };
    const choose = id => {
      const up = id === null ? null : reach(id, 'to', 'from');
      const down = id === null ? null : reach(id, 'from', 'to');
      const kept = n => id === null || up.has(n) || down.has(n);
      lanes.classList.toggle('chosen', id !== null);
      for (const row of rows) {
        row.classList.toggle('dim', !kept(row.dataset.row));
        row.querySelector('button').setAttribute('aria-pressed', String(row.dataset.row === id));
      }
      for (const dot of dots) {
        dot.classList.toggle('dim', !kept(dot.dataset.row));
      }
      for (const edge of edges) {
        const { from, to } = edge.dataset;
        const on = id === null || (up.has(from) && up.has(to)) || (down.has(from) && down.has(to));
        edge.classList.toggle('dim', !on);
      }
    };
    let chosen = null;
    for (const row of rows) {
      row.querySelector('button').addEventListener('click', () => {
        chosen = chosen === row.dataset.row ? null : row.dataset.row;
        choose(chosen);
      });
    }
  }
  document.documentElement.classList.add('scripted');
})();
