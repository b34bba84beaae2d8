/** JSON text with Go's error messages (encoding/json scanner.go) and its duplicate keys, which JSON.parse forgets. */

export interface JsonText {
  readonly value: unknown;
  /** `duplicate field "spec.x"` for every key that stands twice in one object, in order of appearance. */
  readonly duplicates: readonly string[];
  /** The paths of all keys as they stand in the text, those that stand twice as well. */
  readonly keys: readonly string[];
}

export function parseJson(text: string): JsonText | { readonly error: string } {
  const scanner = new Scanner(text);
  const error = scanner.error();
  if (error !== undefined) return { error };
  try {
    return { value: JSON.parse(text) as unknown, duplicates: [...scanner.duplicates], keys: scanner.keys };
  } catch {
    return { error: 'unexpected end of JSON input' };
  }
}

/** Go's decoder gives up at 10,000; all that works on values here is recursive, and no object is as deep as this. */
export const MAX_DEPTH = 1000;

/** Go's quoteChar. */
const quote = (char: string): string => (char === "'" ? "'\\''" : char === '"' ? "'\"'" : `'${JSON.stringify(char).slice(1, -1)}'`);

class Bad extends Error {}

/** A recursive walk over the text; deep nesting ends it as it ends Go's decoder. */
class Scanner {
  readonly duplicates = new Set<string>();
  readonly keys: string[] = [];
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  error(): string | undefined {
    try {
      this.value('');
      this.space();
      if (this.at < this.text.length) this.fail('after top-level value');
      return undefined;
    } catch (error) {
      if (error instanceof Bad) return error.message;
      throw error;
    }
  }

  private fail(where: string): never {
    const char = this.text[this.at];
    throw new Bad(char === undefined ? 'unexpected end of JSON input' : `invalid character ${quote(char)} ${where}`);
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++;
  }

  private value(path: string): void {
    this.space();
    const char = this.text[this.at];
    if (char === '{') this.nested(() => this.object(path));
    else if (char === '[') this.nested(() => this.array(path));
    else if (char === '"') this.string();
    else if (char === 't') this.literal('true');
    else if (char === 'f') this.literal('false');
    else if (char === 'n') this.literal('null');
    else if (char !== undefined && /[-0-9]/.test(char)) this.number();
    else this.fail('looking for beginning of value');
  }

  private nested(read: () => void): void {
    if (++this.depth > MAX_DEPTH) throw new Bad('exceeded max depth');
    read();
    this.depth--;
  }

  private object(path: string): void {
    this.at++;
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return;
    }
    const seen = new Set<string>();
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string');
      const key = this.string();
      const at = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.duplicates.add(`duplicate field ${JSON.stringify(at)}`);
      seen.add(key);
      this.keys.push(at);
      this.space();
      if (this.text[this.at] !== ':') this.fail('after object key');
      this.at++;
      this.value(at);
      this.space();
      if (this.text[this.at] === '}') break;
      if (this.text[this.at] !== ',') this.fail('after object key:value pair');
      this.at++;
    }
    this.at++;
  }

  private array(path: string): void {
    this.at++;
    this.space();
    if (this.text[this.at] === ']') {
      this.at++;
      return;
    }
    for (let i = 0; ; i++) {
      this.value(`${path}[${i}]`);
      this.space();
      if (this.text[this.at] === ']') break;
      if (this.text[this.at] !== ',') this.fail('after array element');
      this.at++;
    }
    this.at++;
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char < ' ') this.fail('in string literal');
      if (char === '"') break;
      if (char === '\\') this.escape();
      this.at++;
    }
    this.at++;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private escape(): void {
    this.at++;
    const char = this.text[this.at];
    if (char === 'u') {
      for (let i = 0; i < 4; i++) {
        this.at++;
        if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) this.fail('in \\u hexadecimal character escape');
      }
    } else if (char === undefined || !'bfnrt\\/"'.includes(char)) this.fail('in string escape code');
  }

  private literal(word: string): void {
    for (let i = 1; i < word.length; i++) {
      this.at++;
      if (this.text[this.at] !== word[i]) this.fail(`in literal ${word} (expecting ${quote(word[i] as string)})`);
    }
    this.at++;
  }

  private number(): void {
    const isDigit = () => /[0-9]/.test(this.text[this.at] ?? '');
    if (this.text[this.at] === '-') {
      this.at++;
      if (!isDigit()) this.fail('in numeric literal');
    }
    if (this.text[this.at] === '0') this.at++;
    else while (isDigit()) this.at++;
    if (this.text[this.at] === '.') {
      this.at++;
      if (!isDigit()) this.fail('after decimal point in numeric literal');
      while (isDigit()) this.at++;
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at++;
      if (/[+-]/.test(this.text[this.at] ?? '')) this.at++;
      if (!isDigit()) this.fail('in exponent of numeric literal');
      while (isDigit()) this.at++;
    }
  }
}
