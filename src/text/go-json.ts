/** What Go's encoding/json says of text that is no JSON (scanner.go). */

const WHITE = /[ \t\r\n]/;

/** The error of json.Unmarshal on broken syntax; undefined when the text is well-formed. */
export function goJsonSyntaxError(text: string): string | undefined {
  const scanner = new Scanner(text);
  return scanner.value() ?? scanner.end();
}

/** Reads one value as a json.Decoder does: where it ends, or what is wrong with it and at which character. */
export function goJsonValue(text: string, start: number): { readonly end: number } | { readonly error: string; readonly at: number } {
  const scanner = new Scanner(text, start);
  const error = scanner.value();
  return error === undefined ? { end: scanner.position } : { error, at: scanner.position };
}

/** Reads along; the first member that returns a text has found the error. */
class Scanner {
  constructor(
    private readonly text: string,
    private at = 0,
  ) {}

  get position(): number {
    return this.at;
  }

  value(): string | undefined {
    const char = this.skipWhite();
    if (char === undefined) return this.tooShort();
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"') return this.string();
    if (char === '-' || isDigit(char)) return this.number();
    for (const word of ['true', 'false', 'null']) if (char === word[0]) return this.literal(word);
    return this.wrong('looking for beginning of value');
  }

  end(): string | undefined {
    return this.skipWhite() === undefined ? undefined : this.wrong('after top-level value');
  }

  private object(): string | undefined {
    this.at++;
    if (this.skipWhite() === '}') return this.step();
    for (;;) {
      const char = this.skipWhite();
      if (char === undefined) return this.tooShort();
      if (char !== '"') return this.wrong('looking for beginning of object key string');
      const inKey = this.string();
      if (inKey !== undefined) return inKey;
      if (this.skipWhite() !== ':') return this.wrong('after object key');
      this.at++;
      const inValue = this.value();
      if (inValue !== undefined) return inValue;
      const next = this.skipWhite();
      if (next === '}') return this.step();
      if (next !== ',') return this.wrong('after object key:value pair');
      this.at++;
    }
  }

  private array(): string | undefined {
    this.at++;
    if (this.skipWhite() === ']') return this.step();
    for (;;) {
      const inValue = this.value();
      if (inValue !== undefined) return inValue;
      const next = this.skipWhite();
      if (next === ']') return this.step();
      if (next !== ',') return this.wrong('after array element');
      this.at++;
    }
  }

  private string(): string | undefined {
    this.at++;
    for (; ; this.at++) {
      const char = this.text[this.at];
      if (char === undefined) return this.tooShort();
      if (char === '"') return this.step();
      if (char < ' ') return this.wrong('in string literal');
      if (char !== '\\') continue;
      this.at++;
      const escaped = this.text[this.at];
      if (escaped === undefined) return this.tooShort();
      if (!'bfnrt\\/"u'.includes(escaped)) return this.wrong('in string escape code');
      if (escaped !== 'u') continue;
      for (let i = 0; i < 4; i++) {
        this.at++;
        if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) return this.wrong('in \\u hexadecimal character escape');
      }
    }
  }

  private number(): string | undefined {
    if (this.text[this.at] === '-') this.at++;
    if (!isDigit(this.text[this.at])) return this.wrong('in numeric literal');
    if (this.text[this.at] === '0') this.at++;
    else this.digits();
    if (this.text[this.at] === '.') {
      this.at++;
      if (!isDigit(this.text[this.at])) return this.wrong('after decimal point in numeric literal');
      this.digits();
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at++;
      if (/[-+]/.test(this.text[this.at] ?? '')) this.at++;
      if (!isDigit(this.text[this.at])) return this.wrong('in exponent of numeric literal');
      this.digits();
    }
    return undefined;
  }

  private digits(): void {
    while (isDigit(this.text[this.at])) this.at++;
  }

  private literal(word: string): string | undefined {
    for (const expected of word) {
      if (this.text[this.at] !== expected) return this.wrong(`in literal ${word} (expecting '${expected}')`);
      this.at++;
    }
    return undefined;
  }

  private skipWhite(): string | undefined {
    while (WHITE.test(this.text[this.at] ?? '')) this.at++;
    return this.text[this.at];
  }

  private step(): undefined {
    this.at++;
    return undefined;
  }

  private tooShort(): string {
    return 'unexpected end of JSON input';
  }

  private wrong(context: string): string {
    const char = this.text.codePointAt(this.at);
    return char === undefined ? this.tooShort() : `invalid character ${quote(String.fromCodePoint(char))} ${context}`;
  }
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';

function quote(char: string): string {
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
