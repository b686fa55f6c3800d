import { LONGEST, Peeker, SHORTEST } from '../model/peeker';

/** A trail in which something was recorded when the test says so. */
class FakeModel {
  watched = true;
  isNews = false;
  looks = 0;

  async peek(): Promise<boolean> {
    this.looks += 1;
    return this.isNews;
  }
}

describe('Peeker', () => {
  let model: FakeModel;
  let peeker: Peeker;

  beforeEach(() => {
    jest.useFakeTimers();
    model = new FakeModel();
    peeker = new Peeker(model);
  });

  afterEach(() => {
    peeker.dispose();
    jest.useRealTimers();
  });

  /** How often it looked in so many milliseconds. */
  async function looksIn(milliseconds: number): Promise<number> {
    const before = model.looks;
    await jest.advanceTimersByTimeAsync(milliseconds);
    return model.looks - before;
  }

  it('looks by itself only while the panel is open', async () => {
    expect(await looksIn(10 * LONGEST)).toBe(0);
    peeker.isOpen = true;
    expect(await looksIn(3 * SHORTEST)).toBeGreaterThan(1);
    peeker.isOpen = false;
    expect(await looksIn(10 * LONGEST)).toBe(0);
  });

  it('looks ever more seldom while nothing comes, and often again when something did', async () => {
    peeker.isOpen = true;
    const first = await looksIn(LONGEST);
    await looksIn(10 * LONGEST);
    expect(await looksIn(10 * LONGEST)).toBeLessThan(12);
    model.isNews = true;
    await looksIn(LONGEST + 1);
    expect(await looksIn(LONGEST)).toBeGreaterThan(first);
  });

  it('looks once when somebody comes back to the page, open or not, and never for nobody', async () => {
    window.dispatchEvent(new Event('focus'));
    expect(model.looks).toBe(1);
    model.watched = false;
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(model.looks).toBe(1);
    model.watched = true;
    peeker.dispose();
    window.dispatchEvent(new Event('focus'));
    expect(model.looks).toBe(1);
  });
});
