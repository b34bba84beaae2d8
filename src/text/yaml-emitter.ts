/**
 * YAML as `kubectl -o yaml` writes it: the block style of go.yaml.in/yaml/v2 (a libyaml port) as sigs.k8s.io/yaml drives it.
 * Keys in "natural" order, lists at the column of their key, long text folded behind column 80, YAML 1.1 words quoted.
 */
import { goFloat } from './go-format.js';
import { TextError } from './text-error.js';
import { isAmbiguous } from './yaml-scalar.js';

const WIDTH = 80;
/** A key longer than this many bytes is written with `?`. */
const LONGEST_SIMPLE_KEY = 128;

/** One document, ending in a newline. `undefined` properties are left out, as JSON does. */
export function emitYaml(value: unknown): string {
  const emitter = new Emitter();
  emitter.node(value, -1, 'root');
  return emitter.end();
}

/** Where a node stands decides how it begins: on the line of its dash or key, or on lines of its own. */
type Place = 'root' | 'item' | 'value' | 'complexValue';

class Emitter {
  private parts: string[] = [];
  /** In characters. */
  private column = 0;

  end(): string {
    if (this.column > 0) this.parts.push('\n');
    return this.parts.join('');
  }

  /** `indent` is the column of the parent's keys or dashes; -1 at the root. */
  node(value: unknown, indent: number, place: Place): void {
    if (Array.isArray(value)) this.sequence(value, indent, place);
    else if (typeof value === 'object' && value !== null) this.mapping(value as Readonly<Record<string, unknown>>, indent, place);
    else {
      if (place !== 'root') this.put(' ');
      if (typeof value === 'string') this.text(value, indent < 0 ? 2 : indent + 2, false);
      else this.put(plainValue(value));
    }
  }

  private sequence(items: readonly unknown[], indent: number, place: Place): void {
    if (items.length === 0) {
      this.put(place === 'root' ? '[]' : ' []');
      return;
    }
    // Under a key the dashes stand at the key's own column; everywhere else two further in.
    const own = place === 'root' ? 0 : place === 'value' ? indent : indent + 2;
    items.forEach((item, i) => {
      if (i === 0 && (place === 'item' || place === 'complexValue')) this.put(' ');
      else this.line(own);
      this.put('-');
      this.node(item === undefined ? null : item, own, 'item');
    });
  }

  private mapping(map: Readonly<Record<string, unknown>>, indent: number, place: Place): void {
    const keys = Object.keys(map)
      .filter((key) => map[key] !== undefined)
      .sort(compareKeys);
    if (keys.length === 0) {
      this.put(place === 'root' ? '{}' : ' {}');
      return;
    }
    const own = indent < 0 ? 0 : indent + 2;
    keys.forEach((key, i) => {
      if (i === 0 && (place === 'item' || place === 'complexValue')) this.put(' ');
      else this.line(own);
      if (isSimpleKey(key)) {
        this.text(key, own + 2, true);
        this.put(':');
        this.node(map[key], own, 'value');
      } else {
        this.put('? ');
        this.text(key, own + 2, false);
        this.line(own);
        this.put(':');
        this.node(map[key], own, 'complexValue');
      }
    });
  }

  /** Begins a line with `indent` blanks, unless the text has just begun. */
  private line(indent: number): void {
    if (this.column > 0) this.parts.push('\n');
    this.parts.push(' '.repeat(indent));
    this.column = indent;
  }

  private put(text: string): void {
    this.parts.push(text);
    this.column += text.length;
  }

  private text(value: string, indent: number, isKey: boolean): void {
    // The common case, told by one look: a short word that is safe everywhere.
    if (value.length <= WIDTH && /^[A-Za-z/_][\w./-]*$/.test(value) && !isAmbiguous(value)) {
      this.put(value);
      return;
    }
    const chars = toValidChars(value);
    const shape = analyse(chars);
    if (value.includes('\n') && shape.literalAllowed && !isKey) this.literal(chars, indent);
    else if (value.includes('\n') || isAmbiguous(value)) this.doubleQuoted(chars, indent, isKey);
    else if (shape.plainAllowed) this.plain(chars, indent, isKey);
    else if (shape.singleAllowed) this.singleQuoted(chars, indent, isKey);
    else this.doubleQuoted(chars, indent, isKey);
  }

  private plain(chars: readonly string[], indent: number, isKey: boolean): void {
    let afterSpace = false;
    chars.forEach((char, i) => {
      if (char === ' ') {
        if (!isKey && !afterSpace && this.column > WIDTH && chars[i + 1] !== ' ') this.line(indent);
        else this.put(char);
        afterSpace = true;
      } else {
        this.char(char);
        afterSpace = false;
      }
    });
  }

  private singleQuoted(chars: readonly string[], indent: number, isKey: boolean): void {
    this.put("'");
    let afterSpace = false;
    let afterBreak = false;
    chars.forEach((char, i) => {
      if (char === ' ') {
        if (!isKey && !afterSpace && this.column > WIDTH && i > 0 && i < chars.length - 1 && chars[i + 1] !== ' ') this.line(indent);
        else this.put(char);
        afterSpace = true;
      } else if (isBreak(char)) {
        this.parts.push(char);
        this.column = 0;
        afterBreak = true;
      } else {
        if (afterBreak) this.line(indent);
        if (char === "'") this.put("'");
        this.char(char);
        afterSpace = false;
        afterBreak = false;
      }
    });
    if (afterBreak) this.line(indent);
    this.put("'");
  }

  private doubleQuoted(chars: readonly string[], indent: number, isKey: boolean): void {
    this.put('"');
    let afterSpace = false;
    // The upstream test for a byte order mark looks at the text's first character, whichever it is asked about.
    const escapesAll = chars[0] === '\ufeff';
    chars.forEach((char, i) => {
      if (escapesAll || char === '"' || char === '\\' || isBreak(char) || !isPrintable(char)) {
        this.put(escapeChar(char));
        afterSpace = false;
      } else if (char === ' ') {
        if (!isKey && !afterSpace && this.column > WIDTH && i > 0 && i < chars.length - 1) {
          this.line(indent);
          if (chars[i + 1] === ' ') this.put('\\');
        } else this.put(char);
        afterSpace = true;
      } else {
        this.char(char);
        afterSpace = false;
      }
    });
    this.put('"');
  }

  private literal(chars: readonly string[], indent: number): void {
    const last = chars.length - 1;
    const first = chars[0] as string;
    this.put('|');
    if (first === ' ' || isBreak(first)) this.put('2');
    if (!isBreak(chars[last] as string)) this.put('-');
    else if (last === 0 || isBreak(chars[last - 1] as string)) this.put('+');
    this.parts.push('\n');
    this.column = 0;
    let afterBreak = true;
    for (const char of chars) {
      if (isBreak(char)) {
        this.parts.push(char);
        this.column = 0;
        afterBreak = true;
      } else {
        if (afterBreak) this.line(indent);
        this.char(char);
        afterBreak = false;
      }
    }
  }

  /** One character, two code units at most. */
  private char(char: string): void {
    this.parts.push(char);
    this.column++;
  }
}

interface Shape {
  readonly plainAllowed: boolean;
  readonly singleAllowed: boolean;
  readonly literalAllowed: boolean;
}

/** libyaml's yaml_emitter_analyze_scalar, for block context. */
function analyse(chars: readonly string[]): Shape {
  const none: Shape = { plainAllowed: false, singleAllowed: false, literalAllowed: false };
  if (chars.length === 0) return { plainAllowed: true, singleAllowed: true, literalAllowed: false };
  const text = chars.join('');
  let plainAllowed = !/^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-]([ \t]|$))|:([ \t]|$)|[ \t\n\r\0\u0085\u2028\u2029]#/.test(text);
  let singleAllowed = true;
  let before = '';
  for (const char of chars) {
    if (!isPrintable(char)) return none;
    if (isBreak(char)) {
      if (before === ' ') return none;
      plainAllowed = false;
    } else if (char === ' ' && before !== '' && isBreak(before)) singleAllowed = false;
    before = char;
  }
  const endsInSpace = text.endsWith(' ');
  if (text.startsWith(' ') || endsInSpace) plainAllowed = false;
  return { plainAllowed: plainAllowed && singleAllowed, singleAllowed, literalAllowed: !endsInSpace };
}

const isBreak = (char: string): boolean => char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029';

function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) as number;
  return code === 10 || (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '0',
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\u001b': 'e',
  '"': '"',
  '\\': '\\',
  '\u0085': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

function escapeChar(char: string): string {
  const short = SHORT_ESCAPES[char];
  if (short !== undefined) return `\\${short}`;
  const code = char.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** kubectl reads its own JSON back as YAML before it writes, and that reader refuses some characters JSON leaves as they are. */
function toValidChars(text: string): readonly string[] {
  const chars = [...text];
  for (const char of chars) {
    const code = char.codePointAt(0) as number;
    if ((code >= 0x7f && code <= 0x9f && code !== 0x85) || code === 0xfffe || code === 0xffff) throw new TextError('yaml: control characters are not allowed');
  }
  return chars;
}

function isSimpleKey(key: string): boolean {
  if (key.length > LONGEST_SIMPLE_KEY || /[\n\r\u0085\u2028\u2029]/.test(key)) return false;
  return key.length * 3 <= LONGEST_SIMPLE_KEY || new TextEncoder().encode(key).length <= LONGEST_SIMPLE_KEY;
}

function plainValue(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return String(value);
  return 'null';
}

/** Integers of 64 bits in digits, as JSON has them; other numbers as Go's FormatFloat(f, 'g', -1, 64). */
function formatNumber(value: number): string {
  if (Object.is(value, -0)) return '0';
  return Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63) ? String(value) : goFloat(value);
}

const isLetter = (char: string): boolean => /\p{L}/u.test(char);
const isDigit = (char: string | undefined): boolean => char !== undefined && /\p{Nd}/u.test(char);

/** The "natural" order of yaml.v2 (sorter.go): digit runs compare as numbers, letters after everything else. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const l = left[i] as string;
    const r = right[i] as string;
    if (l === r) continue;
    const isLeftLetter = isLetter(l);
    const isRightLetter = isLetter(r);
    if (isLeftLetter && isRightLetter) return byCodePoint(l, r);
    if (isLeftLetter || isRightLetter) return isRightLetter ? -1 : 1;
    // A zero inside a number is no leading zero: `10` and `1x` compare from a common 1.
    const start = (l === '0' || r === '0') && hasNonZeroBefore(left, i) ? 1n : 0n;
    const [leftNumber, leftEnd] = digitRun(left, i, start);
    const [rightNumber, rightEnd] = digitRun(right, i, start);
    if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
    if (leftEnd !== rightEnd) return leftEnd - rightEnd;
    return byCodePoint(l, r);
  }
  return left.length - right.length;
}

const byCodePoint = (a: string, b: string): number => (a.codePointAt(0) as number) - (b.codePointAt(0) as number);

function hasNonZeroBefore(chars: readonly string[], at: number): boolean {
  for (let j = at - 1; j >= 0 && isDigit(chars[j]); j--) if (chars[j] !== '0') return true;
  return false;
}

function digitRun(chars: readonly string[], from: number, start: bigint): [bigint, number] {
  let value = start;
  let at = from;
  for (; isDigit(chars[at]); at++) value = BigInt.asIntN(64, value * 10n + BigInt((chars[at] as string).codePointAt(0) as number) - 48n);
  return [value, at];
}
