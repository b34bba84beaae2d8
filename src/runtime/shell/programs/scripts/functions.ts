/** What the languages' own functions have in common: each is an entry of a table, by its dotted name. */
import { errorText } from '../../kernel.js';
import type { Hands } from './machine.js';
import { isFloat, ScriptError, type Value } from './values.js';

/** A function that is called, or a name that is asked for. */
export interface Call {
  /** `len()`, `os.path.exists()`, `.upper()` of a method, `sys.argv` of what is no function. */
  readonly name: string;
  /** Of a method, the first is what it is called on. */
  readonly args: readonly Value[];
  readonly named: Readonly<Record<string, Value>>;
  readonly hands: Hands;
}

/** With what most of them look at taken out; null: it is not given. */
export interface OpenCall extends Call {
  readonly context: Hands['context'];
  readonly first: Value;
  readonly second: Value;
}
/** undefined: there is no such thing after all. */
export type NativeFunction = (call: OpenCall) => Value | undefined;
export type Entry = readonly [name: string, run: NativeFunction];

/** One function under several names. */
export const each = (names: readonly string[], run: NativeFunction): readonly Entry[] => names.map((name) => [name, run]);

/** undefined: there is none of that name. */
export function callNative(functions: ReadonlyMap<string, NativeFunction>, call: Call): Value | undefined {
  const { args, hands } = call;
  const [first = null, second = null] = args;
  return functions.get(call.name)?.({ ...call, context: hands.context, first, second });
}

export const numberOf = (value: Value | undefined): number => (value === undefined || value === null ? 0 : isFloat(value) ? value.float : Number(value));

/** What a file holds; throws what the language says if it cannot be read. */
export function fileText(hands: Hands, name: Value | undefined): string {
  const path = hands.text(name ?? '');
  try {
    return hands.context.files.read(hands.context.path(path));
  } catch (error) {
    const why = errorText(error);
    throw new ScriptError(
      hands.language === 'python'
        ? `Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n${why === 'No such file or directory' ? 'FileNotFoundError: [Errno 2]' : 'PermissionError: [Errno 13]'} ${why}: '${path}'\n`
        : `node:fs:441\n    return binding.readFileUtf8(path, stringToFlags(options.flag));\n                   ^\n\nError: ${why === 'No such file or directory' ? 'ENOENT: no such file or directory' : 'EACCES: permission denied'}, open '${path}'\n`,
    );
  }
}
