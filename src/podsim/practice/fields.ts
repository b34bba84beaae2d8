/** Reads the members of a map of YAML, strictly: each has a type, none is unknown, errors have paths. */
import { type Duration, parseDuration } from '../../api/time.js';
import type { Text } from './scenario.js';

/** A scenario file is not as it should be. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`);
  }
}

export class Fields {
  private readonly value: Readonly<Record<string, unknown>>;
  private readonly seen = new Set<string>();

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ScenarioError(path, 'must be a map');
    this.value = value as Readonly<Record<string, unknown>>;
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  has(name: string): boolean {
    return this.value[name] !== undefined;
  }

  /** Which one of these is there; none or several are an error. */
  only<T extends string>(names: readonly T[]): T {
    const found = names.filter((name) => this.has(name));
    if (found.length !== 1) throw new ScenarioError(this.path, `needs exactly one of ${names.join(', ')}`);
    return found[0] as T;
  }

  string(name: string): string {
    const value = this.get(name);
    if (typeof value !== 'string' || value === '') throw new ScenarioError(this.at(name), 'must be a text');
    return value;
  }

  number(name: string): number {
    const value = this.get(name);
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new ScenarioError(this.at(name), 'must be a whole number');
    return value;
  }

  boolean(name: string): boolean {
    const value = this.get(name);
    if (typeof value !== 'boolean') throw new ScenarioError(this.at(name), 'must be true or false');
    return value;
  }

  /** `30s`, `2m`; longer than nothing. */
  duration(name: string): Duration {
    const value = parseDuration(this.string(name));
    if (value === undefined || value <= 0) throw new ScenarioError(this.at(name), 'must be a duration, for example 30s');
    return value;
  }

  strings(name: string): readonly string[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) throw new ScenarioError(this.at(name), 'must be a list of texts');
    return value as string[];
  }

  /** All members of the map, whatever their names: texts. */
  allStrings(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.keys(this.value).map((name) => [name, this.string(name)]));
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.string(name);
    if (!(allowed as readonly string[]).includes(value)) throw new ScenarioError(this.at(name), `must be one of ${allowed.join(', ')}`);
    return value as T;
  }

  map(name: string): Fields {
    return new Fields(this.get(name), this.at(name));
  }

  list(name: string): readonly Fields[] {
    const value = this.get(name);
    if (!Array.isArray(value)) throw new ScenarioError(this.at(name), 'must be a list');
    return value.map((item, i) => new Fields(item, `${this.at(name)}[${i}]`));
  }

  /** `{en: …, ko: …}`. */
  text(name: string): Text {
    const fields = this.map(name);
    const text = fields.ownText();
    fields.close();
    return text;
  }

  /** The same, or a text that is no language's: a value. */
  textOrValue(name: string): Text {
    if (typeof this.value[name] !== 'string') return this.text(name);
    const value = this.string(name);
    return { en: value, ko: value };
  }

  /** The map's own `en` and `ko`. */
  ownText(): Text {
    return { en: this.string('en').trim(), ko: this.string('ko').trim() };
  }

  readonly optionalString = (name: string): string | undefined => (this.has(name) ? this.string(name) : undefined);
  readonly optionalNumber = (name: string): number | undefined => (this.has(name) ? this.number(name) : undefined);
  readonly optionalBoolean = (name: string): boolean | undefined => (this.has(name) ? this.boolean(name) : undefined);
  readonly optionalMap = (name: string): Fields | undefined => (this.has(name) ? this.map(name) : undefined);
  readonly optionalOneOf = <T extends string>(name: string, allowed: readonly T[]): T | undefined => (this.has(name) ? this.oneOf(name, allowed) : undefined);

  /** Nothing else may be there. */
  close(): void {
    const unknown = Object.keys(this.value).find((name) => !this.seen.has(name));
    if (unknown !== undefined) throw new ScenarioError(this.at(unknown), 'unknown field');
  }

  private get(name: string): unknown {
    this.seen.add(name);
    return this.value[name];
  }
}
