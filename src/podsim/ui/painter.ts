/** Puts frames on a terminal, writing only the lines that have changed, each at its place: nothing flickers, nothing scrolls. */

export interface Painter {
  /** A frame: lines that fit the terminal. */
  paint(frame: string): void;
  /** The terminal may hold anything by now: the next frame is written whole. */
  forget(): void;
}

const CLEAR = '\u001b[2J';
const ERASE_REST = '\u001b[K';
const RESET = '\u001b[0m';

export function painter(write: (text: string) => void): Painter {
  let before: readonly string[] | undefined;
  return {
    paint(frame) {
      const lines = frame.split('\n');
      let text = before === undefined ? CLEAR : '';
      const last = before ?? [];
      for (let i = 0; i < Math.max(lines.length, last.length); i++) {
        const line = lines[i] ?? '';
        // A line of the terminal's width leaves the cursor at its end: erasing from there would take its last character
        if (line !== (last[i] ?? '')) text += `\u001b[${i + 1};1H${ERASE_REST}${line}${RESET}`;
      }
      before = lines;
      if (text !== '') write(text);
    },
    forget() {
      before = undefined;
    },
  };
}
