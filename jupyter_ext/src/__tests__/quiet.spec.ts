import { quietly, withoutLoads } from '../pages/quiet';
import { trans } from './builders';

const lines = (html: string) => {
  const node = document.createElement('div');
  node.innerHTML = html;
  return [...node.querySelectorAll('.nbc-Unloaded')].map(line => line.textContent);
};
const DOT = 'data:image/png;base64,AAAA';

describe('what an output loads', () => {
  it.each([
    ['<img src="http://far.example/a.png">', 'Picture from far.example not loaded'],
    ['<img src="//far.example:8080/a">', 'Picture from far.example:8080 not loaded'],
    [`<img src="${DOT}" srcset="https://far.example/a 2x, b">`, 'Picture from far.example not loaded'],
    ['<img src="/hub/logout">', 'Picture from this server not loaded'],
    ['<img src="plot.png">', 'Picture from this server not loaded'],
    ['<img src="http://[">', 'Picture from this server not loaded'],
    ['<video src="https://far.example/v" poster="https://far.example/p"></video>', 'Video from far.example not loaded'],
    ['<audio src="https://far.example/s"></audio>', 'Sound from far.example not loaded'],
    ['<table><tr><td background="http://far.example/b">1</td></tr></table>', 'Picture from far.example not loaded'],
    ['<p style="background: red url(http://far.example/b)">x</p>', 'Picture from far.example not loaded'],
    ['<p style="list-style-image: url(\'http://far.example/b\')">x</p>', 'Picture from far.example not loaded'],
    ['<svg><image href="http://far.example/b"></image></svg>', 'Picture from far.example not loaded'],
    ['<input type="image" src="http://far.example/b">', 'Picture from far.example not loaded'],
    ['<form action="http://far.example/b"></form>', 'Content from far.example not loaded']
  ])('%s is left out and told', (html, told) => {
    const quiet = withoutLoads(html, trans);
    expect(quiet.replace(/<(span|div) class="nbc-Unloaded".*?<\/\1>/g, '')).not.toMatch(/far|logout|plot\.png/);
    expect(lines(quiet)).toEqual([told]);
  });

  it.each([
    [`<img src="${DOT}" alt="a">`],
    ['<video src="data:video/mp4;base64,AAAA"></video>'],
    ['<a href="https://far.example/page">read on</a>'],
    ['<table><tbody><tr><th style="color: red; text-align: left;">a</th></tr></tbody></table>'],
    ['plain &lt;img src="http://far.example"&gt; text']
  ])('%s stays as it is', html => {
    expect(withoutLoads(html, trans)).toBe(html);
  });

  it('keeps what a picture was called, and says once what many styles would load', () => {
    const styled =
      '<b style="background: url(http://far.example/1)">a</b><b style="background: url(http://far.example/2)">b</b>';
    expect(lines(withoutLoads(styled, trans))).toEqual(['Picture from far.example not loaded']);
    const named = withoutLoads('<img src="http://far.example/a" alt="&lt;b&gt;Mass">', trans);
    expect(named).toContain('title="<b>Mass"');
  });
});

describe('quiet renderers', () => {
  const typeset = jest.fn();
  const render = jest.fn(async (source: string) => source);
  const given = {
    sanitizer: { sanitize: (html: string) => html, allowNamedProperties: true, allowCommandLinker: true },
    latexTypesetter: { typeset },
    markdownParser: { render },
    clone: (options: typeof given) => options
  };
  const quiet = quietly(given as never, trans);

  it('sanitize first and load nothing then', () => {
    expect(lines(quiet.sanitizer.sanitize('<img src="http://far.example/a">'))).toHaveLength(1);
    expect(quiet.sanitizer.allowNamedProperties).toBeUndefined();
    expect(quiet.sanitizer.allowCommandLinker).toBeUndefined();
  });

  it.each([
    ['```mermaid\nA\n```', '```text\nA\n```'],
    ['> 1. ~~~~ mermaid x\nA', '> 1. ~~~~ text x\nA'],
    ['the mermaid said `a`', 'the mermaid said `a`']
  ])('draw no diagram of %j', async (source, rendered) => {
    expect(await quiet.markdownParser?.render(source)).toBe(rendered);
  });

  it('leave formulas that set a style as they are', () => {
    const node = document.createElement('p');
    node.textContent = '$x^2$ \\styled';
    void quiet.latexTypesetter?.typeset(node);
    expect(typeset).toHaveBeenCalledTimes(1);
    node.textContent = '$\\style{cursor: url(http://far.example/c)}{x}$';
    void quiet.latexTypesetter?.typeset(node);
    expect(typeset).toHaveBeenCalledTimes(1);
  });
});
