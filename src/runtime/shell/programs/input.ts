/** Reading operands one after the other, `-` and none meaning standard input, for programs that work through their input. */
import { FOREVER } from '../../process.js';
import { randomText } from '../descriptors.js';
import { errorText } from '../kernel.js';
import type { ProgramContext, Wait } from '../program.js';

/** How far a program has come with its inputs. JSON. */
export interface InputState {
  /** Index of the operand being read. */
  at: number;
  /** Of standard input: text that has come and is not yet used. */
  pending: string;
  failed: boolean;
  /** Characters read of a device without an end. */
  endless?: number;
}

const PIECES_PER_TURN = 16;
/** After so much of a device without an end it is clear how it goes on. */
const ENOUGH = 262_144;
/** A program that keeps more than this of its input will keep more than there is. */
const TOO_MUCH = 16_777_216;
/** Of those that read to the end before they say anything: which keep nothing, and which keep it all. */
const PASSING: ReadonlySet<string> = new Set('md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum cksum sum wc'.split(' '));
const KEEPING: ReadonlySet<string> = new Set('tail tac sort shuf rev awk column'.split(' '));

/** No program is given more at once: nothing that goes on growing ends before that. */
const MOST = 67_108_864;

/** Whether what the program keeps of its input has grown too large; then it has taken all memory, and does nothing any more. */
export function isTooMuch(context: ProgramContext, kept: string): boolean {
  const isTooLarge = kept.length > (KEEPING.has(context.name) ? TOO_MUCH : MOST);
  if (isTooLarge) context.uses(Number.MAX_SAFE_INTEGER, 1_000_000_000);
  return isTooLarge;
}

/** Steps that 64 KiB are worth which are kept and have no end: at once they fill a log, and what comes afterwards is rotated away. */
export const KEPT_STEPS = 1024;

export const newInput = (): InputState => ({ at: 0, pending: '', failed: false });

/** Applets that open by fopen_or_warn or xopen (busybox, libbb): they name the file and the reason alone. */
const BARE: ReadonlySet<string> = new Set([
  'head',
  'wc',
  'sort',
  'cut',
  'uniq',
  'awk',
  'paste',
  'comm',
  'cmp',
  'diff',
  'fold',
  'expand',
  'unexpand',
  'nl',
  'rev',
]);

/** How a program says that it cannot open a file. */
export function cannotOpen(context: ProgramContext, name: string, error: unknown): string {
  const text = errorText(error);
  const plain = `${context.name}: ${name}: ${text}\n`;
  if (context.name === 'jq') return `jq: error: Could not open file ${name}: ${text}\n`;
  // Not an applet of busybox, wherever it comes from.
  if (context.name === 'join') return plain;
  if (context.flavour === 'ash') {
    if (BARE.has(context.name)) return plain;
    return text === 'Is a directory' ? `${context.name}: read error: Is a directory\n` : `${context.name}: can't open '${name}': ${text}\n`;
  }
  if (context.name === 'head') return `head: cannot open '${name}' for reading: ${text}\n`;
  if (context.name === 'sort') return `sort: cannot read: ${name}: ${text}\n`;
  if (context.name === 'awk') return `awk: cannot open ${name} (${text})\n`;
  return plain;
}

/**
 * Gives each operand's text to `take`; text of standard input as it comes, `ended` true with an operand's last piece.
 * Returns when all is read (undefined) or what to wait for. `take` returning false stops reading. `fail`: what cannot be opened.
 */
export function readInputs(
  context: ProgramContext,
  operands: readonly string[],
  state: InputState,
  take: (text: string, ended: boolean, name: string) => boolean | undefined,
  fail: (name: string, error: unknown) => void = (name, error) => context.err(cannotOpen(context, name, error)),
): Wait | undefined {
  const names = operands.length === 0 ? ['-'] : operands;
  let pieces = 0;
  while (state.at < names.length) {
    const name = names[state.at] as string;
    const fd = context.stream(name, 'read');
    if (fd !== undefined) {
      const text = context.read(fd);
      if (text === '') return { wait: 'stdin', fd };
      if (text === undefined) {
        context.close(fd);
        state.at += 1;
        if (take('', true, name) === false) return undefined;
      } else if (take(text, false, name) === false) return undefined;
      if (context.broken) return undefined;
      // It may be a device without an end: others must get their turn.
      pieces += 1;
      if (text !== undefined && pieces === PIECES_PER_TURN) return { wait: 'time', until: context.now };
      continue;
    }
    state.at += 1;
    try {
      const path = context.path(name);
      if (path === '/dev/zero' || path === '/dev/urandom' || path === '/dev/random') {
        // Without an end: the reader says when it has enough, and an instant gives only so much.
        state.at -= 1;
        const text = path === '/dev/zero' ? '\0'.repeat(65_536) : randomText(context.host, 4096);
        if (take(text, false, name) === false || context.broken) return undefined;
        state.endless = (state.endless ?? 0) + text.length;
        const isClear = state.endless >= ENOUGH;
        const passes = isClear && PASSING.has(context.name);
        if (passes) context.uses(1_048_576, 1_000_000_000);
        else if (isClear && KEEPING.has(context.name)) context.uses(Number.MAX_SAFE_INTEGER, 1_000_000_000);
        const worked = context.name === 'cat' && context.keeps ? KEPT_STEPS : 0;
        return { wait: 'time', until: passes ? FOREVER : context.now, worked };
      }
      if (path === '/dev/null') {
        if (take('', true, name) === false) return undefined;
        continue;
      }
      if (context.files.stat(path)?.type === 'directory') context.files.read(path);
      if (take(context.files.read(path), true, name) === false) return undefined;
    } catch (error) {
      fail(name, error);
      state.failed = true;
    }
  }
  return undefined;
}

/** Whole lines (with their newline) of what has come; the rest stays pending until `ended`. */
export function linesOf(state: InputState, text: string, ended: boolean): string[] {
  const all = state.pending + text;
  const cut = ended ? all.length : all.lastIndexOf('\n') + 1;
  state.pending = all.slice(cut);
  const whole = all.slice(0, cut);
  return whole === '' ? [] : whole.split(/(?<=\n)/);
}

/** All operands' texts, for programs that need the whole of their input; else what to wait for. */
export interface Whole extends InputState {
  readonly texts: { readonly name: string; readonly text: string }[];
  current: string;
}

export function gather(context: ProgramContext, operands: readonly string[]): Whole | Wait {
  const state = (context.state ?? { ...newInput(), texts: [], current: '' }) as Whole;
  context.state = state;
  let isOver = false;
  const wait = readInputs(context, operands, state, (text, ended, name) => {
    state.current += text;
    if (isTooMuch(context, state.current)) {
      state.current = '';
      isOver = true;
      return false;
    }
    if (ended) {
      state.texts.push({ name, text: state.current });
      state.current = '';
    }
    return true;
  });
  return isOver ? { wait: 'time', until: FOREVER } : (wait ?? state);
}

/** The lines of a whole text, without their ends. */
export const linesIn = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
