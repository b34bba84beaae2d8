/** Where podsim's shell is known to differ from the real one, and why. Each must differ: what has been mended is to be struck off. */
import type { Flavour } from '../../../src/runtime/shell/state.js';

const BODY = 'a function whose body is a simple command: the parser takes compound commands only, as POSIX has it';

export const differences: Readonly<Record<Flavour, Readonly<Record<string, string>>>> = {
  dash: { 'f() echo x': BODY },
  bash: {
    'cat <<E\nno end': 'bash warns that a here-document has no end',
  },
  ash: {
    'f() echo x': BODY,
    'echo $((1?0?4:5:6))': 'a fault of busybox: nested `?:` without parentheses',
    "awk -v n=5 'BEGIN{print n*2, n/2, n%3, 2^n}'": 'Debian builds busybox without awk mathematics; the busybox and alpine images have it',
  },
};
