/** The form every builtin fills in, and what their messages share. */
import type { Shell } from '../shell.js';
import type { Flavour } from '../state.js';

export interface Builtin {
  readonly flavours?: readonly Flavour[];
  run(self: Shell, args: readonly string[]): number | undefined;
}

export function say(self: Shell, text: string): number {
  self.out(text);
  return 0;
}

export const badNumber = (self: Shell, who: string, text: string): string =>
  self.shell.flavour === 'bash'
    ? `${who}: ${text}: numeric argument required`
    : self.shell.flavour === 'dash'
      ? `${who}: Illegal number: ${text}`
      : `${who}: Illegal number: ${text}`;

/** busybox names a line in what its builtins say; with -c it is always 0. */
export const lineZero = (self: Shell): string =>
  self.shell.flavour === 'ash' && self.shell.interactive !== true && !self.shell.name.includes('/') ? 'line 0: ' : '';
