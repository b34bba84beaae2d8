/** awk's variables: the program's, and those of the functions that are running. */
import { formatPrintf } from '../../printf.js';
import type { ProgramContext } from '../../program.js';
import { fromInput, type Scope, type Value } from './values.js';

export class Variables {
  private readonly globals: Scope;
  private readonly scopes: Scope[] = [];

  constructor(
    private readonly flavour: ProgramContext['flavour'],
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    this.globals = new Map<string, Value | Map<string, Value>>([
      ['FS', ' '],
      ['OFS', ' '],
      ['ORS', '\n'],
      ['RS', '\n'],
      ['NR', 0],
      ['FNR', 0],
      ['NF', 0],
      ['SUBSEP', '\x1c'],
      ['RSTART', 0],
      ['RLENGTH', -1],
      ['CONVFMT', '%.6g'],
      ['OFMT', '%.6g'],
      ['FILENAME', ''],
      ['ARGC', argv.length],
      ['ARGV', new Map(argv.map((word, i) => [String(i), fromInput(word)]))],
      ['ENVIRON', new Map(Object.entries(env).map(([name, value]) => [name, fromInput(value)]))],
    ]);
  }

  /** How many functions are running. */
  get depth(): number {
    return this.scopes.length;
  }
  /** A function begins to run, with its parameters as variables of its own; {@link leave} ends it. */
  enter(scope: Scope): void {
    this.scopes.push(scope);
  }
  leave(): void {
    this.scopes.pop();
  }

  get(name: string): Value {
    const value = this.scopeOf(name).get(name);
    return value === undefined || value instanceof Map ? '' : value;
  }
  set(name: string, value: Value): void {
    this.scopeOf(name).set(name, value);
  }
  /** Whatever a function calls so. */
  setGlobal(name: string, value: Value): void {
    this.globals.set(name, value);
  }

  /** The array of this name, which is made by being named. */
  array(name: string): Map<string, Value> {
    const known = this.arrayIfAny(name);
    if (known !== undefined) return known;
    const fresh = new Map<string, Value>();
    this.scopeOf(name).set(name, fresh);
    return fresh;
  }
  arrayIfAny(name: string): Map<string, Value> | undefined {
    const value = this.scopeOf(name).get(name);
    return value instanceof Map ? value : undefined;
  }

  /** A variable's value as text. */
  text(name: string): string {
    return this.textOf(this.get(name));
  }
  /** `format`: the variable that says how numbers with a fraction are written. */
  textOf(value: Value, format: 'CONVFMT' | 'OFMT' = 'CONVFMT'): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'object') return value.text;
    if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value);
    return formatPrintf(String(this.globals.get(format)), [String(value)], this.flavour).text;
  }
  /** What stands between the indices of an element. */
  get indexSeparator(): string {
    return String(this.globals.get('SUBSEP'));
  }

  private scopeOf(name: string): Scope {
    const own = this.scopes.at(-1);
    return own?.has(name) === true ? own : this.globals;
  }
}
