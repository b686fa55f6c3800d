import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const STYLE = join(__dirname, '..', '..', 'style');
const css = readFileSync(join(STYLE, 'base.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

describe('the style sheet', () => {
  it('takes every colour from the theme', () => {
    expect(css.match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/gi)).toBeNull();
  });

  it('uses variables of JupyterLab, or our own with our prefix', () => {
    const used = [...css.matchAll(/var\((--[\w-]+)/g)].map(match => match[1]);
    expect(used.filter(name => !name.startsWith('--jp-') && !name.startsWith('--nbc-'))).toEqual([]);
    const ours = new Set(used.filter(name => name.startsWith('--nbc-')));
    expect([...ours].filter(name => !css.includes(`${name}:`))).toEqual([]);
  });

  it('names its classes with our prefix', () => {
    const classes = [...css.matchAll(/\.(-?[a-z][\w-]*)/gi)].map(match => match[1]);
    expect(classes.filter(name => !/^(nbc-|jp-|lm-)/.test(name))).toEqual([]);
  });

  it('styles no class that nothing bears', () => {
    const code = sources(join(__dirname, '..'));
    const ours = new Set([...css.matchAll(/\.(nbc-[\w-]+)/g)].map(match => match[1]));
    expect([...ours].filter(name => !code.includes(name))).toEqual([]);
  });

  it('has icons that follow the theme', () => {
    const icons = ['cairn.svg', ...readdirSync(join(STYLE, 'icons')).map(name => `icons/${name}`)];
    const plain = icons.filter(name => !/class="(jp-icon|nbc-icon)/.test(readFileSync(join(STYLE, name), 'utf8')));
    expect(plain).toEqual([]);
  });
});

function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.name !== '__tests__')
    .map(entry => (entry.isDirectory() ? sources(join(folder, entry.name)) : readSource(join(folder, entry.name))))
    .join('\n');
}

function readSource(file: string): string {
  return readFileSync(file, 'utf8') + readdirIcons();
}

/** Classes inside icons count as borne, too. */
function readdirIcons(): string {
  return readdirSync(join(STYLE, 'icons'))
    .map(name => readFileSync(join(STYLE, 'icons', name), 'utf8'))
    .join('');
}
