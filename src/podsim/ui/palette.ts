/** Colours by what they mean; none of them where NO_COLOR is set. */
import type { Tone } from '../dashboard/model.js';

export interface Palette {
  /** ink's `color`. */
  readonly tone: (tone: Tone) => { readonly color?: string };
  readonly accent: { readonly color?: string };
  readonly bad: { readonly color?: string };
  readonly warning: { readonly color?: string };
}

const TONES: Readonly<Record<Tone, string>> = { good: 'green', waiting: 'yellow', trouble: 'red', done: 'blue', ending: 'magenta' };

export function palette(isColoured: boolean): Palette {
  const colour = (color: string) => (isColoured ? { color } : {});
  return { tone: (tone) => colour(TONES[tone]), accent: colour('cyan'), bad: colour('red'), warning: colour('yellow') };
}
