import { divideRoom, heightOf } from '../panels/room';

describe('divideRoom', () => {
  it.each([
    ['gives each what it needs, and what is left to the last', [100, 200], 600, [100, 500]],
    ['takes from who needs more than a fair share only', [100, 5000, 5000], 700, [100, 300, 300]],
    ['lets a long list have what a short one leaves', [150, 5000], 600, [150, 450]],
    ['lets a long state have what a short list leaves', [5000, 150], 600, [450, 150]],
    ['gives all to one', [50], 600, [600]],
    ['has nothing to give to none', [], 600, []]
  ])('%s', (_, needs, height, room) => {
    expect(divideRoom(needs, height)).toEqual(room);
  });
});

describe('heightOf', () => {
  it('counts what is in it, scrolled away or not', () => {
    const section = document.createElement('div');
    section.style.paddingBottom = '12px';
    section.append(document.createElement('p'));
    const at = (top: number, bottom: number) => ({ top, bottom }) as DOMRect;
    section.getBoundingClientRect = () => at(100, 300);
    section.firstElementChild!.getBoundingClientRect = () => at(60, 500);
    section.scrollTop = 40;
    expect(heightOf(section)).toBe(400 + 40 + 12 + 6);
  });
});
