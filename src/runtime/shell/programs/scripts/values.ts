/** What small programs of python, perl and node calculate with. JSON, so that a program can be put away between two of its steps. */
import type { ProgramContext } from '../../program.js';

export type Value = null | boolean | number | string | Float | Big | readonly Value[] | { readonly [key: string]: Value };
/** Python's float: `4 / 2` is `2.0`. */
export interface Float {
  readonly float: number;
}

/** Text, bytes or a list too large to be kept: how much memory it takes, and what it consists of if that is simple. */
export interface Big {
  readonly bytes: number;
  readonly length: number;
  /** It is this again and again. */
  readonly unit?: string;
  /** It counts up from here. */
  readonly from?: number;
  readonly step?: number;
}
/** What is longer is {@link Big}. */
export const SMALL = 65_536;
/** And what is longer than this is never written out. */
const MOST_TEXT = 16_777_216;

export const isFloat = (value: Value): value is Float => typeof value === 'object' && value !== null && !Array.isArray(value) && 'float' in value;
export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isBig = (value: Value): value is Big =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof (value as unknown as Big).bytes === 'number' && 'length' in value;
export const isRecord = (value: Value): value is Readonly<Record<string, Value>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isFloat(value) && !isBig(value);

/** The whole of a large text. */
export function bigText({ unit, length }: Big): string {
  if (unit === undefined || length > MOST_TEXT) throw new NotSimulated('so much of it written out');
  return unit.repeat(length / unit.length);
}

/** `text` so many times. */
export function repeated(text: string, times: number): string | Big {
  const count = Math.max(0, Math.trunc(times));
  const length = text.length * count;
  return length <= SMALL ? text.repeat(count) : { bytes: length, length, unit: text };
}

/** Bytes a value takes, as far as large ones are concerned. */
export function bytesIn(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (isBig(value)) return value.bytes;
  if (isList(value)) return value.reduce((sum: number, one) => sum + 8 + bytesIn(one), 0);
  return isRecord(value) ? Object.values(value).reduce((sum: number, one) => sum + 8 + bytesIn(one), 0) : 0;
}

/** What podsim does not understand of a program. */
export class NotSimulated extends Error {}
/** The program fails, as the real one would: what it writes to standard error, and its exit code. */
export class ScriptError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message);
  }
}

export type Expression =
  | { readonly k: 'literal'; readonly value: Value }
  | { readonly k: 'name'; readonly name: string }
  | { readonly k: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly k: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly k: 'choose'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly k: 'call'; readonly of: Expression; readonly args: readonly Expression[]; readonly named: Readonly<Record<string, Expression>> }
  | { readonly k: 'member'; readonly of: Expression; readonly name: string }
  | { readonly k: 'index'; readonly of: Expression; readonly at: Expression }
  | { readonly k: 'list'; readonly items: readonly Expression[] }
  | { readonly k: 'record'; readonly pairs: readonly (readonly [Expression, Expression])[] }
  /** Pieces of a string with variables in it. */
  | { readonly k: 'text'; readonly parts: readonly Expression[] }
  | { readonly k: 'assign'; readonly to: Expression; readonly operator: string; readonly value: Expression }
  | { readonly k: 'step'; readonly to: Expression; readonly operator: string; readonly isPrefix: boolean }
  /** A pattern, and what to put in its place. */
  | { readonly k: 'match'; readonly pattern: string; readonly flags: string; readonly replacement?: string }
  /** A function literal: the block that is its body. */
  | { readonly k: 'function'; readonly parameters: readonly Parameter[]; readonly body: readonly Statement[]; readonly locals?: readonly string[] }
  /** A class: its methods, and what its body assigns. */
  | {
      readonly k: 'class';
      readonly name: string;
      readonly bases: readonly string[];
      readonly methods: Readonly<Record<string, Expression>>;
      readonly fields: readonly (readonly [string, Expression])[];
    }
  /** `[value for name in of if test]`; with a key it is a dictionary. */
  | {
      readonly k: 'comprehension';
      readonly key?: Expression;
      readonly value: Expression;
      readonly names: readonly string[];
      readonly of: Expression;
      readonly test?: Expression;
    }
  | { readonly k: 'slice'; readonly of: Expression; readonly from?: Expression; readonly to?: Expression };

/** A class stands for itself by its name, an object by its number. */
export const isClass = (value: Value): value is { readonly class: string } => isRecord(value) && typeof value['class'] === 'string';
export const isObject = (value: Value): value is { readonly object: number } => isRecord(value) && typeof value['object'] === 'number';

/** A function by where it begins, or a method with its object. */
export type Callable = number | Bound;
/** `object.method` that is not called but handed on. */
export type Bound = { readonly method: number; readonly owner: string; readonly self: Value };
export const isBound = (value: Value): value is Bound => isRecord(value) && typeof value['method'] === 'number' && 'self' in value;
export const isCallable = (value: Value): value is Callable => typeof value === 'number' || isBound(value);

export type FunctionLiteral = Extract<Expression, { k: 'function' }>;

export interface Parameter {
  readonly name: string;
  /** `*name`: all the arguments that are left. */
  readonly isRest?: true;
  readonly value?: Expression;
}

export type Statement =
  | { readonly s: 'do'; readonly value: Expression }
  | { readonly s: 'if'; readonly test: Expression; readonly body: readonly Statement[]; readonly otherwise: readonly Statement[] }
  | { readonly s: 'while'; readonly test: Expression; readonly body: readonly Statement[]; readonly update?: Expression }
  | { readonly s: 'each'; readonly names: readonly string[]; readonly of: Expression; readonly body: readonly Statement[] }
  | { readonly s: 'return'; readonly value?: Expression }
  | {
      readonly s: 'try';
      readonly body: readonly Statement[];
      readonly handlers: readonly Handler[];
      readonly otherwise: readonly Statement[];
      readonly final: readonly Statement[];
    }
  | { readonly s: 'raise'; readonly value?: Expression }
  | { readonly s: 'break' }
  | { readonly s: 'continue' };

/** `except (A, B) as name:`; no types: whatever it is. */
export interface Handler {
  readonly types: readonly string[];
  readonly name?: string;
  readonly body: readonly Statement[];
}

/** The image's own, where it is that language's; else that of Debian 12. */
const versionIn =
  (image: string, other: string) =>
  ({ host }: ProgramContext): string =>
    (host.image === image ? host.version : undefined) ?? other;
export const pythonVersion = versionIn('python', '3.11.2');
export const nodeVersion = versionIn('node', '18.19.0');
export const perlVersion = versionIn('perl', '5.36.0');
