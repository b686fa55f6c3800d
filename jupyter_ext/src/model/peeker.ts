import { Poll } from '@lumino/polling';

/** Milliseconds between two looks while something is going on; they grow to the longest while nothing is. */
export const SHORTEST = 5000;
export const LONGEST = 60_000;
const GROWTH = 1.5;

/** The part of the model that is looked through. */
export interface IPeeked {
  readonly watched: boolean;
  /** Look whether something was recorded elsewhere; true where it was. */
  peek(): Promise<boolean>;
}

/** Look once; where that fails, the next look will tell. */
export function lookOnce(model: IPeeked): void {
  model.peek().catch(error => console.warn('nbcairn: the trail could not be looked at.', error));
}

/**
 * Looks for runs that came from elsewhere: a terminal, another notebook, a teammate. While the panel is open by itself,
 * ever more seldom as long as nothing comes; otherwise only when somebody comes back to the page. What happens in the
 * notebook itself needs no looking: it is told by signals.
 */
export class Peeker {
  constructor(private readonly model: IPeeked) {
    this._poll = new Poll({
      auto: false,
      factory: () => this._look(),
      frequency: { interval: SHORTEST, backoff: true, max: LONGEST },
      name: 'nbcairn:peek',
      standby: 'when-hidden'
    });
    window.addEventListener('focus', this._onBack);
    document.addEventListener('visibilitychange', this._onBack);
  }

  /** Whether looks follow each other by themselves. */
  set isOpen(value: boolean) {
    if (value !== this._isOpen) {
      this._isOpen = value;
      this._setInterval(SHORTEST);
      void (value ? this._poll.start() : this._poll.stop());
    }
  }

  /** Something happened: look often again. */
  wake(): void {
    this._setInterval(SHORTEST);
  }

  dispose(): void {
    window.removeEventListener('focus', this._onBack);
    document.removeEventListener('visibilitychange', this._onBack);
    this._poll.dispose();
  }

  private async _look(): Promise<void> {
    const isNews = await this.model.peek();
    this._setInterval(isNews ? SHORTEST : Math.min(LONGEST, this._poll.frequency.interval * GROWTH));
  }

  private _setInterval(interval: number): void {
    this._poll.frequency = { interval, backoff: true, max: LONGEST };
  }

  private readonly _onBack = (): void => {
    if (this.model.watched && !document.hidden) {
      this.wake();
      lookOnce(this.model);
    }
  };

  private _isOpen = false;
  private readonly _poll: Poll;
}
