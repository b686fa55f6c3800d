/**
 * Divide the height of the sidebar among its open sections: each gets what it needs as far as there is enough for all;
 * where there is not, none gets less than its fair share for another's sake. What is left goes to the last, whose list
 * has use for it.
 */
export function divideRoom(needs: readonly number[], height: number): number[] {
  const room = needs.map(() => 0);
  let left = height;
  const byNeed = needs.map((_, place) => place).sort((a, b) => needs[a] - needs[b]);
  byNeed.forEach((place, before) => {
    room[place] = Math.min(needs[place], left / (byNeed.length - before));
    left -= room[place];
  });
  if (room.length > 0) {
    room[room.length - 1] += left;
  }
  return room;
}

/** Pixels that a section gets beyond what it holds: shares of the whole are rounded. */
const SLACK = 6;

/** The height that a section needs for what it holds; it may have more or less. */
export function heightOf(section: HTMLElement): number {
  const { top } = section.getBoundingClientRect();
  const bottoms = Array.from(section.children, child => child.getBoundingClientRect().bottom);
  const padding = parseFloat(window.getComputedStyle(section).paddingBottom) || 0;
  return Math.ceil(Math.max(top, ...bottoms) - top + section.scrollTop + padding) + SLACK;
}
