"""How much texts stand out from what is behind them, as WCAG 2.1 counts it (success criterion 1.4.3)."""

from __future__ import annotations

from playwright.sync_api import Page

# Each text that is seen in these places: colours laid over each other as the browser does, opacity included.
TOO_FAINT = """selector => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parts = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  };
  const over = (top, alpha, below) => top.map((part, place) => part * alpha + below[place] * (1 - alpha));
  const light = rgb => rgb.map(part => part / 255)
    .map(part => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ratioOf = node => {
    const chain = [];
    for (let at = node; at; at = at.parentElement) { chain.push(at); }
    let behind = [255, 255, 255];
    let opacity = 1;
    for (const at of chain.reverse()) {
      const style = getComputedStyle(at);
      opacity *= Number(style.opacity);
      const { rgb, alpha } = parts(style.backgroundColor);
      behind = over(rgb, alpha * opacity, behind);
    }
    const style = getComputedStyle(node);
    const { rgb, alpha } = parts(node instanceof SVGElement ? style.fill : style.color);
    const [one, two] = [light(over(rgb, alpha * opacity, behind)), light(behind)];
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  const found = new Map();
  for (const place of document.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      const text = walker.currentNode.data.trim();
      if (!text || !node.checkVisibility({ visibilityProperty: true }) || node.closest(':disabled, title, option')) {
        continue;
      }
      if ([...node.classList].some(name => name.startsWith('\u037c'))) {
        continue;  // the colours of code are those of JupyterLab's editor
      }
      const { fontSize, fontWeight } = getComputedStyle(node);
      const isLarge = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
      const ratio = ratioOf(node);
      if (ratio < (isLarge ? 3 : 4.5)) {
        const classes = node.closest('[class]')?.getAttribute('class') ?? '';
        found.set(`${node.localName} in ${classes}`, `${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
      }
    }
  }
  return { faint: Object.fromEntries(found), seen: document.querySelectorAll(selector).length };
}"""


def too_faint(page: Page, selector: str) -> dict[str, str]:
    """The texts in these places that stand out too little, by where they are; the places must be there."""
    answer = page.evaluate(TOO_FAINT, selector)
    assert answer["seen"] > 0, f"nothing matches {selector}"
    return dict(answer["faint"])
